"""What a bundle does for its creator: each course's part with her income of it, and what it sold."""

from dataclasses import dataclass

from django.db.models import Count, Sum

from courses.price_history import Asked, History, history
from marketplace.lib import clock
from marketplace.lib.money import Money

from .. import fees
from ..models import Bundle, OrderItem, RevenueRule
from .offers import Part, parts
from .standing import Standing


@dataclass(frozen=True)
class Earned:
    """A course's part of the price, and what of it is the creators' by the present rule, before tax."""

    part: Part
    income: Money


@dataclass(frozen=True)
class SoldSum:
    currency: str
    orders: int
    courses: int
    paid: Money
    refunded: Money


def earned(bundle: Bundle) -> list[Earned]:
    """The preview of one sale; nothing while its courses could not be sold together at its price."""
    if bundle.standing not in (Standing.ON_SALE, Standing.WITHDRAWN):
        return []
    if any(not course.price or course.currency != bundle.currency for course in bundle.courses):
        return []
    if bundle.price > bundle.listed:
        return []
    rule = RevenueRule.objects.in_force(at=clock.now())
    return [Earned(part, fees.split(part.price, rule).creator) for part in parts(bundle)]


def sold(bundle: Bundle) -> list[SoldSum]:
    """By currency: orders that were paid with it, their courses, what buyers paid and what went back."""
    rows = OrderItem.objects.paid().filter(bundle_price__bundle=bundle).order_by().values("order__currency")
    sums = rows.annotate(
        orders=Count("order", distinct=True), courses=Count("pk"), paid=Sum("price_minor"), back=Sum("refunded_minor")
    )
    return [
        SoldSum(code, row["orders"], row["courses"], Money(int(row["paid"]), code), Money(int(row["back"]), code))
        for row in sums.order_by("order__currency")
        for code in [row["order__currency"]]
    ]


def price_history(bundle: Bundle) -> History | None:
    """Since it was first offered; None before."""
    if bundle.first_offered_at is None:
        return None
    changes = [Asked(row.price, row.set_at) for row in bundle.prices.all()]
    return history(changes, bundle.first_offered_at, clock.now())
