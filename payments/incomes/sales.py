"""Sales as one person has a part in them: her own courses', those that she co-authored, those that she promoted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, Max, Min, OuterRef, Prefetch, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from creators.models import Creator
from marketplace.lib.money import Money

from ..models import IncomeMonth, ItemShare, Payout, PayoutItem, RefundShare, Role, ShareKind
from .figures import months_after


class SaleState(models.TextChoices):
    """Where a share is on its way to its owner's bank."""

    PENDING = "pending", _("Pending")
    AVAILABLE = "available", _("Available")
    IN_TRANSIT = "in_transit", _("In transit")
    PAID = "paid", _("Paid")
    REFUNDED = "refunded", _("Refunded")


@dataclass(frozen=True)
class Chosen:
    """Which sales are asked for; None stands for all."""

    currency: str | None = None
    course_id: int | None = None
    month: date | None = None
    state: str | None = None


ALL = Chosen()
# Everything of the item has gone back to its buyer.
_GONE = Q(item__refunded_minor__gte=F("item__price_minor"), item__price_minor__gt=0) | Q(
    item__price_minor=0, item__refunded_at__isnull=False
)


def sales_of(creator: Creator, chosen: Chosen = ALL) -> QuerySet[ItemShare]:
    """Every share of hers in a paid sale, the newest first, with all that a line or a timeline shows."""
    shares = (
        ItemShare.objects.filter(
            owner=creator, item__order__paid_at__isnull=False, item__order__book=settings.PAYMENTS_BOOK
        )
        .select_related("item__order", "item__rule", "item__course")
        .prefetch_related(
            Prefetch(
                "payout_items",
                queryset=PayoutItem.objects.filter(freed=False).select_related("payout"),
                to_attr="standing_payout_items",
            ),
            Prefetch("taken", queryset=RefundShare.objects.filter(line__failed_at=None), to_attr="standing_taken"),
        )
        .order_by("-item_id", "-id")
    )
    return _in_state(_in_month(shares, creator, chosen), creator, chosen.state)


def _in_month(shares: QuerySet[ItemShare], creator: Creator, chosen: Chosen) -> QuerySet[ItemShare]:
    """Narrowed by currency, course and month.

    The months that are summed up know between which items the month's sales lie; without that, a month of long ago
    would be looked for through all that came after it.
    """
    if chosen.currency:
        shares = shares.filter(item__order__currency=chosen.currency)
    if chosen.course_id:
        shares = shares.filter(item__course_id=chosen.course_id)
    if chosen.month is None:
        return shares
    after = months_after(chosen.month, 1)
    kept = IncomeMonth.objects.filter(owner=creator, book=settings.PAYMENTS_BOOK)
    bounds = kept.filter(month=chosen.month).aggregate(first=Min("first_item"), last=Max("last_item"))
    if kept.filter(month__gt=chosen.month).exists():
        # Later months are summed up, so nothing of this one is outside.
        shares = shares.filter(item_id__gte=bounds["first"] or 0, item_id__lte=bounds["last"] or 0)
    return shares.filter(
        item__order__paid_at__gte=_begin(chosen.month), item__order__paid_at__lt=_begin(after)
    )  # fmt: skip


def _begin(month: date) -> datetime:
    return datetime.fromisoformat(f"{month.isoformat()}T00:00:00+00:00")


def _in_state(shares: QuerySet[ItemShare], creator: Creator, state: str | None) -> QuerySet[ItemShare]:
    if not state:
        return shares
    if state == SaleState.REFUNDED:
        # Looked for among her refunds, which are fewer than her sales.
        given = RefundShare.objects.filter(owner=creator, line__failed_at=None)
        return shares.filter(_GONE, pk__in=given.values("share"))
    shares = shares.exclude(_GONE)
    if state == SaleState.PENDING:
        return shares.filter(item__released_at=None)
    shares = shares.filter(item__released_at__isnull=False)
    covered = PayoutItem.objects.filter(share=OuterRef("pk"), freed=False)
    if state == SaleState.AVAILABLE:
        return shares.filter(~Exists(covered))
    is_sent = Q(payout__state=Payout.State.SENT)
    return shares.filter(Exists(covered.filter(is_sent if state == SaleState.PAID else ~is_sent)))


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
    def payout(self) -> Payout | None:
        covering: list[PayoutItem] = self.share.standing_payout_items  # type: ignore[attr-defined]
        return covering[0].payout if covering else None

    @property
    def state(self) -> SaleState:
        item = self.item
        if item.price_minor and item.refunded_minor >= item.price_minor or not item.price_minor and item.refunded_at:
            return SaleState.REFUNDED
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
