"""What the people of finance are told of months: that one can be closed, and that one was."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.models import User
from marketplace.lib import links

from ..models import MonthClose


def closed(row: MonthClose) -> None:
    """To everybody of finance but who closed it."""
    context = {"close": row, **_button(row.month, _("See the closed month"))}
    for person in User.objects.with_role("finance").exclude(pk=row.closed_by_id):
        notices.tell(f"month-closed:{row.pk}:{person.pk}", person, "payments/month_closed", context)


def to_be_closed(book: str, month: date) -> None:
    """The month is over; each is told once."""
    context = {"month": month, **_button(month, _("See what is in the way"))}
    for person in User.objects.with_role("finance"):
        notices.tell(f"month-waits:{book}:{month:%Y-%m}:{person.pk}", person, "payments/month_waits", context)


def _button(month: date, label: Any) -> dict[str, Any]:
    address = reverse("payments:month", args=[month.year, month.month])
    return {"action_url": links.absolute(address), "action_label": label}
