"""What the people of finance are told of months: that one can be closed, and that one was."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.lib import links

from .. import finance_mails
from ..models import MonthClose


def closed(row: MonthClose) -> None:
    """To everybody of finance but who closed it."""
    context = {"close": row, **_button(row.month, _("See the closed month"))}
    finance_mails.tell(f"month-closed:{row.pk}", "month_closed", context, but=[row.closed_by_id])


def to_be_closed(book: str, month: date) -> None:
    """The month is over; each is told once."""
    context = {"month": month, **_button(month, _("See what is in the way"))}
    finance_mails.tell(f"month-waits:{book}:{month:%Y-%m}", "month_waits", context)


def _button(month: date, label: Any) -> dict[str, Any]:
    address = reverse("payments:month", args=[month.year, month.month])
    return {"action_url": links.absolute(address), "action_label": label}
