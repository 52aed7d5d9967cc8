"""Mails to the people of finance about what does not fit; one a person and break, however often it is found."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.lib import links

from .. import finance_mails
from ..models import ReconBreak


def found(row: ReconBreak) -> None:
    """The provider says something of money that was not asked for: somebody must look now."""
    _to_finance(f"break:{row.pk}", row)


def is_old(row: ReconBreak) -> None:
    """It has been open for a day."""
    _to_finance(f"break-old:{row.pk}", row)


def _to_finance(key: str, row: ReconBreak) -> None:
    where = links.absolute(reverse("payments:reconciliation"))
    button = {"action_url": where, "action_label": _("Open reconciliation")}
    finance_mails.tell(key, "money_does_not_fit", {"row": row, **button})
