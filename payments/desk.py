"""The desk of finance: what waits for a person, how much of it, and where it is dealt with."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from . import rules
from .closing import months
from .hand import desk as by_hand
from .models import Coupon, Dispute, Order, Payout, PayoutHold, ReconBreak, Refund


@dataclass(frozen=True)
class Tile:
    """One kind of work. `waits`: something in it needs a person; else the count is only for information."""

    code: str
    label: str | Promise
    count: int
    address: str
    waits: bool = False
    note: str | Promise = ""


def tiles(stuck: int) -> list[Tile]:
    """Those whose page exists, in the order in which they are looked at. `stuck`: how much work is dead."""
    return list(_tiles(stuck))


def _tiles(stuck: int) -> Iterator[Tile]:
    book = settings.PAYMENTS_BOOK
    payouts = Payout.objects.filter(book=book)
    waiting = payouts.filter(state=Payout.State.WAITING).count()
    flagged = Order.objects.filter(book=book).flagged().count()
    disputes = Dispute.objects.filter(order__book=book).awaiting_answer().count()
    breaks = ReconBreak.objects.open().filter(book=book)
    refunds = Refund.objects.filter(order__book=book, state=Refund.State.REQUESTED).count()
    yield from _tile("disputes", _("Disputes to be answered"), disputes, "payments:disputes", waits=disputes > 0)
    yield from _tile(
        "breaks", _("Breaks with the provider"), breaks.count(), "payments:reconciliation", waits=breaks.old().exists()
    )
    yield from _tile("approvals", _("Payouts for a second person"), waiting, "payments:payout_desk", waits=waiting > 0)
    yield from _tile("payouts", _("Payouts on their way"), payouts.moving().count(), "payments:payout_desk")
    yield from _tile("holds", _("Creators on hold"), PayoutHold.objects.open().count(), "payments:finance", "#holds")
    yield from _tile(
        "orders", _("Orders that do not fit"), flagged, "payments:finance_orders", "?flagged=1", waits=flagged > 0
    )
    if by_hand.is_used():
        came = by_hand.count_waiting()
        yield from _tile("arrivals", _("Arrivals and refunds by hand"), came, "payments:arrivals", waits=came > 0)
    yield from _tile("refunds", _("Refunds on their way"), refunds, "payments:finance_orders")
    yield from _tile("stuck", _("Work that nobody tries again"), stuck, "payments:finance", "#stuck", waits=stuck > 0)
    open_months = len(months.waiting(book))
    yield from _tile("months", _("Months to be closed"), open_months, "payments:months", waits=open_months > 0)
    yield from _tile("rules", _("Rules announced"), rules.coming().count(), "payments:rules")
    yield from _tile("coupons", _("The site's coupons"), _standing_coupons(), "payments:finance_coupons")


def _standing_coupons() -> int:
    return Coupon.objects.filter(creator=None, ended_at=None).count()


def _tile(
    code: str, label: str | Promise, count: int, url_name: str, place: str = "", *, waits: bool = False,
    note: str | Promise = "",
) -> Iterator[Tile]:  # fmt: skip
    """The tile, if its page is there. `place` is what follows the page's address."""
    try:
        address = reverse(url_name)
    except NoReverseMatch:
        return
    yield Tile(code, label, count, f"{address}{place}", waits, note)
