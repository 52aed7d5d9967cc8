"""What a creator sees of her money: balances by state, the next payout and why, and each sale's way to her bank."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from creators.models import Creator
from marketplace.lib import clock
from marketplace.lib.money import Money

from . import ledger, payouts
from .models import (
    AccountKind,
    ItemShare,
    OrderItem,
    Payout,
    PayoutAccount,
    PayoutHold,
    PayoutItem,
    ShareKind,
    SkipReason,
)


@dataclass(frozen=True)
class CurrencyEarnings:
    """One currency's money by state. `next_amount` is what the next run would send, or None for `obstacle`."""

    currency: str
    pending: Money
    available: Money
    in_transit: Money
    paid: Money
    next_amount: Money | None
    obstacle: SkipReason | None
    expected: Money

    @property
    def why_not(self) -> str:
        return self.obstacle.words(self.expected) if self.obstacle else ""


@dataclass(frozen=True)
class Overview:
    """All of one creator's money now. `account` is None until she has begun to set up where it goes."""

    currencies: list[CurrencyEarnings]
    account: PayoutAccount | None
    is_held: bool
    next_run_at: datetime


def overview(creator: Creator) -> Overview:
    """In a constant number of queries, however many sales there are."""
    book = settings.PAYMENTS_BOOK
    next_run_at = payouts.next_run_at(clock.now())
    account = PayoutAccount.objects.of(creator)
    is_held = PayoutHold.objects.open().filter(creator=creator).exists()
    standing = ledger.balances_of(creator.pk, book)
    paid = _sums(Payout.objects.filter(creator=creator, book=book, state=Payout.State.SENT), "currency", "amount_minor")
    due = OrderItem.objects.due_for_release(next_run_at).filter(creator=creator, order__book=book)
    coming = _sums(due.filter(order__paid_at__isnull=False), "order__currency", "creator_minor")
    currencies = []
    for currency in sorted({currency for _kind, currency in standing} | paid.keys()):
        zero = Money.zero(currency)
        available = standing.get((AccountKind.CREATOR_AVAILABLE, currency), zero)
        expected = available + Money(coming.get(currency, 0), currency)
        obstacle = payouts.obstacle(account, expected, is_held=is_held) if expected else None
        currencies.append(
            CurrencyEarnings(
                currency=currency,
                pending=standing.get((AccountKind.CREATOR_PENDING, currency), zero),
                available=available,
                in_transit=standing.get((AccountKind.PAYOUT_IN_TRANSIT, currency), zero),
                paid=Money(paid.get(currency, 0), currency),
                next_amount=None if obstacle or not expected else payouts.payable(expected),
                obstacle=obstacle,
                expected=expected,
            )
        )
    return Overview(currencies, account, is_held, next_run_at)


def sales_of(creator: Creator) -> QuerySet[OrderItem]:
    """Every paid sale of the creator, newest first, with all that a line or a timeline shows."""
    standing = PayoutItem.objects.filter(freed=False).select_related("payout")
    own = ItemShare.objects.filter(owner=creator, kind=ShareKind.CREATOR).prefetch_related(
        Prefetch("payout_items", queryset=standing, to_attr="standing_payout_items")
    )
    return (
        OrderItem.objects.paid()
        .filter(creator=creator, order__book=settings.PAYMENTS_BOOK)
        .select_related("order", "rule", "course")
        .prefetch_related(Prefetch("shares", queryset=own, to_attr="own_shares"))
        .order_by("-id")
    )


@dataclass(frozen=True)
class Step:
    """One station of a sale. `state`: done, now, todo or bad. `at`: when it was reached, or is expected when todo."""

    code: str
    label: str | Promise
    state: str
    at: datetime | None


@dataclass(frozen=True)
class Sale:
    """A sale as a line of the earnings: its item, where the creator's share is, and how it came there."""

    item: OrderItem

    @property
    def payout(self) -> Payout | None:
        shares: list[Any] = self.item.own_shares  # type: ignore[attr-defined]
        covering = [covered for share in shares for covered in share.standing_payout_items]
        return covering[0].payout if covering else None

    @property
    def state(self) -> str:
        """pending, available, in_transit, paid or refunded."""
        if self.item.refunded_at:
            return "refunded"
        if self.item.released_at is None:
            return "pending"
        if self.payout is None:
            return "available"
        return "paid" if self.payout.state == Payout.State.SENT else "in_transit"

    @property
    def state_label(self) -> str | Promise:
        return _LABELS[self.state]

    @property
    def tone(self) -> str:
        return {"paid": "ok", "refunded": "bad", "pending": "wait"}.get(self.state, "info")

    @property
    def steps(self) -> list[Step]:
        """sale → pending → available → paid, each with its date; a refund ends the way where it happened."""
        return list(self._steps())

    def _steps(self) -> Iterator[Step]:
        item, payout = self.item, self.payout
        sent_at = payout.sent_at if payout else None
        stations = [
            ("sale", item.order.paid_at, None),
            ("pending", item.order.paid_at, None),
            ("available", item.released_at, item.hold_until),
            ("paid", sent_at, None),
        ]
        reached = [code for code, at, _expected in stations if at]
        for code, at, expected in stations:
            if at:
                is_last = code == reached[-1] and code != "paid" and not item.refunded_at
                yield Step(code, _LABELS[code], "now" if is_last else "done", at)
            elif not item.refunded_at:
                in_transit = code == "paid" and payout is not None
                yield Step(code, _LABELS["in_transit" if in_transit else code], "todo", expected)
        if item.refunded_at:
            yield Step("refunded", _LABELS["refunded"], "bad", item.refunded_at)


_LABELS: dict[str, str | Promise] = {
    "sale": _("Sale"),
    "pending": _("Pending"),
    "available": _("Available"),
    "in_transit": _("In transit"),
    "paid": _("Paid"),
    "refunded": _("Refunded"),
}


def _sums(rows: QuerySet, currency: str, amount: str) -> dict[str, int]:
    return dict(rows.order_by().values_list(currency).annotate(total=Sum(amount)))
