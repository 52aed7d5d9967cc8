"""Sales as one person has a part in them: her own courses', those that she co-authored, those that she promoted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Max, Min, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from creators.models import Creator
from marketplace.lib.money import Money

from ..models import (
    EscrowedShare,
    IncomeMonth,
    ItemShare,
    OrderItem,
    Payout,
    PayoutItem,
    RefundShare,
    ReleasedShare,
    Role,
    ShareKind,
)
from ..models.order_item import HOLDS_SOMETHING
from .figures import months_after

Items = QuerySet[OrderItem]
Shares = QuerySet[ItemShare]


class SaleState(models.TextChoices):
    """Where a share is on its way to its owner's bank."""

    PENDING = "pending", _("Pending")
    AVAILABLE = "available", _("Available")
    IN_TRANSIT = "in_transit", _("In transit")
    PAID = "paid", _("Paid")
    REFUNDED = "refunded", _("Refunded")
    ESCROW = "escrow", _("In escrow")
    AWARDED = "awarded", _("Given to a claimant")


@dataclass(frozen=True)
class Chosen:
    """Which sales are asked for; None stands for all."""

    currency: str | None = None
    course_id: int | None = None
    month: date | None = None
    state: str | None = None


ALL = Chosen()


def sales_of(creator: Creator, chosen: Chosen = ALL) -> QuerySet[ItemShare]:
    """Every share of hers in a paid sale, the newest first, with all that a line or a timeline shows.

    What the item must be is asked share by share (a scalar subquery, which PostgreSQL does not turn into a join): a
    page of twenty then walks her own index from the newest on, however the items of others lie between hers.
    """
    items: Items = OrderItem.objects.filter(
        pk=OuterRef("item_id"), order__paid_at__isnull=False, order__book=settings.PAYMENTS_BOOK
    )
    if chosen.currency:
        items = items.filter(order__currency=chosen.currency)
    shares: Shares = ItemShare.objects.filter(owner=creator)
    if chosen.course_id:
        shares = shares.filter(item__course_id=chosen.course_id)
    items, shares = _in_month(items, shares, creator, chosen.month)
    items, shares = _in_state(items, shares, creator, chosen.state)
    return (
        shares.annotate(fits=Subquery(items.values("pk")[:1]))
        .filter(fits__isnull=False)
        .prefetch_related(
            "item__order", "item__rule", "item__course", _standing_payouts(), _standing_refunds(), _standing_escrow()
        )
        .order_by("-item_id", "-id")
    )


def _standing_payouts() -> Prefetch:
    standing = PayoutItem.objects.filter(freed=False).select_related("payout")
    return Prefetch("payout_items", queryset=standing, to_attr="standing_payout_items")


def _standing_refunds() -> Prefetch:
    return Prefetch("taken", queryset=RefundShare.objects.filter(line__failed_at=None), to_attr="standing_taken")


def _standing_escrow() -> Prefetch:
    rows = EscrowedShare.objects.exclude(end=EscrowedShare.End.BACK)
    return Prefetch("escrowed", queryset=rows, to_attr="standing_escrow")


def _in_month(items: Items, shares: Shares, creator: Creator, month: date | None) -> tuple[Items, Shares]:
    """The months that are summed up know between which items the month's sales lie; without that, a month of long ago
    would be looked for through all that came after it.
    """
    if month is None:
        return items, shares
    kept = IncomeMonth.objects.filter(owner=creator, book=settings.PAYMENTS_BOOK)
    if kept.filter(month__gt=month).exists():
        # Later months are summed up, so nothing of this one is outside.
        bounds = kept.filter(month=month).aggregate(first=Min("first_item"), last=Max("last_item"))
        shares = shares.filter(item_id__gte=bounds["first"] or 0, item_id__lte=bounds["last"] or 0)
    span = {"order__paid_at__gte": _begin(month), "order__paid_at__lt": _begin(months_after(month, 1))}
    return items.filter(**span), shares


def _begin(month: date) -> datetime:
    return datetime.fromisoformat(f"{month.isoformat()}T00:00:00+00:00")


def _in_state(items: Items, shares: Shares, creator: Creator, state: str | None) -> tuple[Items, Shares]:
    """Each state is looked for among what there is least of."""
    if not state:
        return items, shares
    if state in (SaleState.ESCROW, SaleState.AWARDED):
        end = "" if state == SaleState.ESCROW else EscrowedShare.End.AWARD
        return items, shares.filter(pk__in=EscrowedShare.objects.filter(owner=creator, end=end).values("share"))
    if state == SaleState.REFUNDED:
        given = RefundShare.objects.filter(owner=creator, line__failed_at=None)
        return items.exclude(HOLDS_SOMETHING), shares.filter(pk__in=given.values("share"))
    items = items.filter(HOLDS_SOMETHING)
    if state == SaleState.PENDING:
        return items.filter(released_at=None), shares
    items = items.filter(released_at__isnull=False)
    if state == SaleState.AVAILABLE:
        return items, shares.filter(pk__in=ReleasedShare.objects.filter(owner=creator).values("share"))
    covered = PayoutItem.objects.filter(freed=False)
    if state == SaleState.IN_TRANSIT:
        moving = covered.filter(payout__creator=creator).exclude(payout__state=Payout.State.SENT)
        return items, shares.filter(pk__in=moving.values("share"))
    sent = covered.filter(share=OuterRef("pk"), payout__state=Payout.State.SENT)
    return items, shares.annotate(sent=Subquery(sent.values("pk")[:1])).filter(sent__isnull=False)


def before(shares: QuerySet[ItemShare], place: str) -> QuerySet[ItemShare]:
    """Those that come after `place` (the `place` of the last line shown), wherever in a long list that is."""
    item, _dash, share = place.partition("-")
    if not (item.isdecimal() and share.isdecimal() and len(place) < 40):
        return shares
    return shares.filter(Q(item_id__lt=int(item)) | Q(pk__lt=int(share)), item_id__lte=int(item))


@dataclass(frozen=True)
class Step:
    """One station of a sale. `state`: done, now, todo or bad. `at`: when it was reached, or is expected when todo."""

    code: str
    label: str | Promise
    state: str
    at: datetime | None


@dataclass(frozen=True)
class Sale:
    """A sale as a line of somebody's earnings: her share of it, where that is, and how it came there."""

    share: ItemShare

    @property
    def item(self) -> Any:
        return self.share.item

    @property
    def place(self) -> str:
        """Names the line in the list; see `before`."""
        return f"{self.share.item_id}-{self.share.pk}"

    @property
    def role(self) -> Role:
        if self.share.kind == ShareKind.AFFILIATE:
            return Role.PROMOTER
        return Role.CREATOR if self.share.owner_id == self.item.creator_id else Role.COAUTHOR

    @property
    def is_own(self) -> bool:
        """Whether the course is hers, so that every deduction is hers to see."""
        return self.role == Role.CREATOR

    @property
    def amount(self) -> Money:
        return self._money(self.share.amount_minor)

    @property
    def returned(self) -> Money:
        """What refunds took of it, those on their way too."""
        taken: list[RefundShare] = self.share.standing_taken  # type: ignore[attr-defined]
        return self._money(sum(each.amount_minor for each in taken))

    @property
    def left(self) -> Money:
        return self.amount - self.returned

    @property
    def claimed(self) -> EscrowedShare | None:
        """Where it waits for a verdict, or was given to a claimant."""
        rows: list[EscrowedShare] = self.share.standing_escrow  # type: ignore[attr-defined]
        return rows[0] if rows else None

    @property
    def payout(self) -> Payout | None:
        covering: list[PayoutItem] = self.share.standing_payout_items  # type: ignore[attr-defined]
        return covering[0].payout if covering else None

    @property
    def state(self) -> SaleState:
        item = self.item
        if item.price_minor and item.refunded_minor >= item.price_minor or not item.price_minor and item.refunded_at:
            return SaleState.REFUNDED
        if claimed := self.claimed:
            return SaleState.AWARDED if claimed.end else SaleState.ESCROW
        if item.released_at is None:
            return SaleState.PENDING
        if self.payout is None:
            return SaleState.AVAILABLE
        return SaleState.PAID if self.payout.state == Payout.State.SENT else SaleState.IN_TRANSIT

    @property
    def state_label(self) -> str | Promise:
        return self.state.label

    @property
    def reached_at(self) -> datetime | None:
        """Since when it is in its state; of what is pending, when that ends."""
        item, payout = self.item, self.payout
        reached = {
            SaleState.PENDING: item.hold_until, SaleState.AVAILABLE: item.released_at,
            SaleState.REFUNDED: item.refunded_at, SaleState.PAID: payout.sent_at if payout else None,
        }  # fmt: skip
        return reached.get(self.state)

    @property
    def tone(self) -> str:
        tones = {SaleState.PAID: "ok", SaleState.REFUNDED: "bad", SaleState.PENDING: "wait"}
        return tones.get(self.state, "info")

    @property
    def steps(self) -> list[Step]:
        """sale → pending → available → paid, each with its date; a refund ends the way where it happened."""
        return list(self._steps())

    def _steps(self) -> Iterator[Step]:
        item, payout, is_gone = self.item, self.payout, self.state == SaleState.REFUNDED
        stations = [
            ("sale", _("Sale"), item.order.paid_at, None),
            ("pending", SaleState.PENDING.label, item.order.paid_at, None),
            ("available", SaleState.AVAILABLE.label, item.released_at, item.hold_until),
            ("paid", SaleState.PAID.label, payout.sent_at if payout else None, None),
        ]
        reached = [code for code, _label, at, _expected in stations if at]
        for code, label, at, expected in stations:
            if at:
                is_last = code == reached[-1] and code != "paid" and not is_gone
                yield Step(code, label, "now" if is_last else "done", at)
            elif not is_gone:
                is_on_its_way = code == "paid" and payout is not None
                yield Step(code, SaleState.IN_TRANSIT.label if is_on_its_way else label, "todo", expected)
        if is_gone:
            yield Step("refunded", SaleState.REFUNDED.label, "bad", item.refunded_at)

    def _money(self, minor: int) -> Money:
        return Money(minor, self.item.order.currency)
