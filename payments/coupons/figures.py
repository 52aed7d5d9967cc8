"""What a coupon brought: seats, and money by currency. In a constant number of queries, however many uses there are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from marketplace.lib.money import Money

from ..models import Coupon, CouponUse, OrderItem

# What is summed up of the courses in `Brought`, and where it stands.
AMOUNTS = {
    "listed": "list_minor", "discount": "discount_minor", "paid": "price_minor", "creators": "creator_minor",
    "refunded": "refunded_minor",
}  # fmt: skip


@dataclass(frozen=True)
class Brought:
    """One currency's courses that were paid with the coupon. `refunded` is what of `paid` was given back since."""

    currency: str
    orders: int
    listed: Money
    discount: Money
    paid: Money
    creators: Money
    refunded: Money


def with_counts(coupons: QuerySet[Coupon]) -> QuerySet[Coupon]:
    """Newest first, each with how many orders used it and how many have a seat reserved."""
    state = CouponUse.State
    return (
        coupons.select_related("creator", "made_by")
        .annotate(
            used_count=Count("uses", filter=Q(uses__state=state.USED)),
            reserved_count=Count("uses", filter=Q(uses__state=state.RESERVED)),
        )
        .order_by("-id")
    )


def brought(coupon: Coupon) -> list[Brought]:
    """By currency; only the courses that the coupon made cheaper, not the rest of their orders."""
    used = OrderItem.objects.filter(
        order__coupon_use__coupon=coupon, order__coupon_use__state=CouponUse.State.USED, discount_minor__gt=0
    )
    rows: Iterable[Mapping[str, Any]] = (
        used.order_by()
        .values("order__currency")
        .annotate(
            orders=Count("order", distinct=True), **{f"{name}_sum": Sum(field) for name, field in AMOUNTS.items()}
        )
    )  # fmt: skip
    return [
        Brought(currency, row["orders"], **{name: Money(int(row[f"{name}_sum"]), currency) for name in AMOUNTS})
        for row in sorted(rows, key=lambda row: row["order__currency"])
        for currency in [row["order__currency"]]
    ]


def uses_of(coupon: Coupon) -> QuerySet[CouponUse]:
    """Every order that took a seat, newest first."""
    return CouponUse.objects.filter(coupon=coupon).select_related("order").order_by("-id")
