"""The amounts of an order; which parts of a price they are, or which month of a membership."""

from typing import TYPE_CHECKING

from django.db import models

from marketplace.lib.money import Money

if TYPE_CHECKING:
    from .instalment import InstalmentPlan
    from .membership import Membership


class OrderAmounts(models.Model):
    """`plan` is null where the order is the whole price; else it is its parts from `part` to `part_to`. An order of a
    `membership` is its `month` of this number, and nothing else.
    """

    plan = models.ForeignKey(
        "payments.InstalmentPlan", null=True, on_delete=models.PROTECT, related_name="orders", db_index=False
    )
    part = models.PositiveSmallIntegerField(default=0, db_default=0)
    part_to = models.PositiveSmallIntegerField(default=0, db_default=0)
    membership = models.ForeignKey(
        "payments.Membership", null=True, on_delete=models.PROTECT, related_name="orders", db_index=False
    )
    month = models.PositiveSmallIntegerField(default=0, db_default=0)

    # Of the order.
    currency: str
    number: str
    subtotal_minor: int
    discount_minor: int
    tax_minor: int
    total_minor: int

    class Meta:
        abstract = True

    @property
    def agreement(self) -> "InstalmentPlan | Membership | None":
        """By what its buyer let her means of payment be kept."""
        return self.plan or self.membership

    @property
    def is_later_part(self) -> bool:
        """The right to watch was given by the first one."""
        return self.part > 1

    @property
    def parts_text(self) -> str:
        """Which parts it is: "2", or "2–6" of several; "" where it is the whole price."""
        if not self.plan_id:
            return ""
        return f"{self.part}–{self.part_to}" if self.part_to > self.part else str(self.part)

    @property
    def of_right(self) -> str:
        """What its right to watch names as the purchase: an order's number, the first one's where there are parts; of a
        month, the membership.
        """
        if self.membership:
            return self.membership.reference
        return self.plan.reference or self.number if self.plan else self.number

    @property
    def lasts(self) -> bool:
        """Of a month: no later one is paid."""
        return self.membership is None or self.month >= self.membership.last_month

    def let_parts_go(self) -> None:
        """Their right has ended with one of the parts: no other of them stands in the way of a new purchase."""
        from .order_item import OrderItem

        if self.plan:
            OrderItem.objects.filter(order__plan=self.plan).update(gave_way=True)

    @property
    def subtotal(self) -> Money:
        return Money(self.subtotal_minor, self.currency)

    @property
    def discount(self) -> Money:
        return Money(self.discount_minor, self.currency)

    @property
    def tax(self) -> Money:
        return Money(self.tax_minor, self.currency)

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)
