"""What a coupon brought: seats, and money by currency. In a constant number of queries, however many uses there are."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum

from marketplace.lib.money import Money

from ..models import Coupon, CouponUse, OrderItem


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
    rows = (
        used.order_by()
        .values("order__currency")
        .annotate(
            orders=Count("order", distinct=True), listed=Sum("list_minor"), discount=Sum("discount_minor"),
            paid=Sum("price_minor"), creators=Sum("creator_minor"), refunded=Sum("refunded_minor"),
        )
    )  # fmt: skip
    amounts = ("listed", "discount", "paid", "creators", "refunded")
    return [
        Brought(currency, row["orders"], **{name: Money(int(row[name]), currency) for name in amounts})
        for row in sorted(rows, key=lambda row: row["order__currency"])
        for currency in [row["order__currency"]]
    ]


def uses_of(coupon: Coupon) -> QuerySet[CouponUse]:
    """Every order that took a seat, newest first."""
    return CouponUse.objects.filter(coupon=coupon).select_related("order").order_by("-id")
