"""Mails to the people of finance about what does not fit; one a person and break, however often it is found."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.models import User
from marketplace.lib import links

from ..models import ReconBreak


def found(row: ReconBreak) -> None:
    """The provider says something of money that was not asked for: somebody must look now."""
    _to_finance(f"break:{row.pk}", row)


def is_old(row: ReconBreak) -> None:
    """It has been open for a day."""
    _to_finance(f"break-old:{row.pk}", row)


def _to_finance(key: str, row: ReconBreak) -> None:
    for person in User.objects.with_role("finance"):
        button = {
            "action_url": links.absolute(reverse("payments:reconciliation")),
            "action_label": _("Open reconciliation"),
        }
        notices.tell(f"{key}:{person.pk}", person, "payments/money_does_not_fit", {"row": row, **button})
