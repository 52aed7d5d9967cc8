"""One course of an order, with its price and shares frozen; what was released or given back of it."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from courses.models import Course
from creators.models import Creator
from marketplace.lib import clock
from marketplace.lib.money import Money

from ..fees import split
from .revenue_rule import RevenueRule

if TYPE_CHECKING:
    from .order import Order


class OrderItemQuerySet(models.QuerySet["OrderItem"]):
    def line_up(self, order: "Order", courses: list[Course], rule: RevenueRule) -> None:
        """One item a course, each with its shares by `rule`."""
        ordered = sorted(courses, key=lambda course: course.pk)
        self.bulk_create(_item(order, course, rule) for course in ordered)

    def paid(self) -> "OrderItemQuerySet":
        return self.filter(order__paid_at__isnull=False)

    def refund_open(self) -> "OrderItemQuerySet":
        """Somebody asked to give it back, and the provider has not done so yet."""
        return self.filter(refund_lines__failed_at=None, refund_lines__isnull=False, refunded_at=None)

    def due_for_release(self, now: datetime) -> "OrderItemQuerySet":
        """The hold has passed, and nothing was or is being given back."""
        waiting = self.filter(hold_until__lte=now, released_at=None, refunded_at=None)
        return waiting.exclude(pk__in=self.model.objects.refund_open().values("pk"))

    def unrefunded(self) -> "OrderItemQuerySet":
        """What can still be given back: neither refunded nor asked for."""
        return self.filter(refunded_at=None).exclude(pk__in=self.model.objects.refund_open().values("pk"))


class OrderItem(models.Model):
    """One course in an order: its price, and how that price is shared, by the rule of the day."""

    order = models.ForeignKey("payments.Order", on_delete=models.PROTECT, related_name="items")
    # The order's buyer again, so that the database can hold "one right a buyer and course".
    buyer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="order_items")
    creator = models.ForeignKey(Creator, on_delete=models.PROTECT, related_name="order_items")
    title = models.CharField(max_length=120)
    price_minor = models.PositiveBigIntegerField()
    platform_minor = models.PositiveBigIntegerField()
    creator_minor = models.PositiveBigIntegerField()
    rule = models.ForeignKey(RevenueRule, on_delete=models.PROTECT, related_name="+")
    hold_until = models.DateTimeField(null=True)
    granted_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    refunded_at = models.DateTimeField(null=True)

    objects = OrderItemQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["order", "course"], name="a_course_once_an_order"),
            models.UniqueConstraint(
                fields=["buyer", "course"], condition=Q(granted_at__isnull=False, refunded_at=None),
                name="one_item_gives_the_right",
            ),
            models.CheckConstraint(
                condition=Q(price_minor=F("platform_minor") + F("creator_minor"), price_minor__gt=0),
                name="item_shares_sum_to_price",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["hold_until"], condition=Q(released_at=None, refunded_at=None), name="item_held"),
            models.Index(fields=["creator", "-id"], name="item_of_creator"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.title}"

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.order.currency)

    @property
    def platform_share(self) -> Money:
        return Money(self.platform_minor, self.order.currency)

    @property
    def creator_share(self) -> Money:
        return Money(self.creator_minor, self.order.currency)

    def mark_granted(self) -> None:
        """This item gave its buyer the right to watch."""
        self.granted_at = clock.now()
        self.save(update_fields=["granted_at"])

    def mark_released(self, at: datetime) -> None:
        self.released_at = at
        self.save(update_fields=["released_at"])

    def mark_refunded(self, at: datetime) -> None:
        self.refunded_at = at
        self.save(update_fields=["refunded_at"])


def _item(order: "Order", course: Course, rule: RevenueRule) -> OrderItem:
    assert course.price is not None  # a course without a price is not on sale
    shares = split(course.price, rule)
    return OrderItem(
        order=order, buyer_id=order.buyer_id, course=course, creator_id=course.creator_id, title=course.title,
        price_minor=course.price.minor, platform_minor=shares.platform.minor, creator_minor=shares.creator.minor,
        rule=rule,
    )  # fmt: skip
