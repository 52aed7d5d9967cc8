"""Money given back: who asked, when and why; then the provider does it, and the books follow."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.lib import clock
from marketplace.lib.money import Money
from marketplace.lib.work import Work

from .order import Order
from .order_item import OrderItem


class RefundQuerySet(models.QuerySet["Refund"]):
    def ask(self, order: Order, items: list[OrderItem], *, by: Any, reason: str, cause: str) -> "Refund":
        """Ask to give these items back whole. Each item can be asked for once; the caller holds the order."""
        refund = self.create(
            order=order, amount_minor=sum(item.price_minor for item in items), requested_by=by, reason=reason[:300],
            cause=cause, requested_at=clock.now(),
        )  # fmt: skip
        RefundLine.objects.bulk_create(RefundLine(refund=refund, item=i, amount_minor=i.price_minor) for i in items)
        refund.ring()
        return refund

    def adopt(self, order: Order, items: list[OrderItem], *, provider_refund_id: str) -> "Refund":
        """A refund that somebody made at the provider itself; it has happened, so nobody is rung."""
        refund = self.ask(order, items, by=None, reason="Made at the payment provider", cause=Refund.Cause.PROVIDER)
        refund.name_at_provider(provider_refund_id)
        return refund

    def left_pending(self, age: timedelta) -> "RefundQuerySet":
        """The provider has taken them and has not said how they ended."""
        waiting = self.filter(state=Refund.State.REQUESTED, provider_refund_id__isnull=False)
        return waiting.filter(requested_at__lt=clock.now() - age)


class Refund(Work):
    """A wish to give back whole items of a paid order. As work it is the call to the provider."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("On its way")
        DONE = "done", _("Refunded")
        FAILED = "failed", _("Failed")

    class Cause(models.TextChoices):
        STAFF = "staff", _("Decided by the finance team")
        DUPLICATE = "duplicate", _("Paid for twice")
        PROVIDER = "provider", _("Made at the payment provider")

    TASK = "payments.tasks.send_refund"
    LEASE = timedelta(minutes=2)
    MAX_ATTEMPTS = 10

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="refunds")
    amount_minor = models.PositiveBigIntegerField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    reason = models.CharField(max_length=300)
    cause = models.CharField(max_length=12, choices=Cause.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.REQUESTED)
    provider_refund_id = models.CharField(max_length=80, unique=True, null=True)  # noqa: DJ001
    settled_at = models.DateTimeField(null=True)

    objects = RefundQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount_minor__gt=0), name="refund_positive")]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(finished_at=None, dead_at=None), name="refund_due")
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.order_id}: −{self.amount}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.order.currency)

    @property
    def items(self) -> list[OrderItem]:
        return [line.item for line in self.lines.select_related("item__course").order_by("item__course_id")]

    def hold(self) -> "Refund":
        """Lock the refund, its order first (everybody locks in that order)."""
        Order.objects.hold(pk=self.order_id)
        return Refund.objects.select_for_update(no_key=True, of=("self",)).select_related("order").get(pk=self.pk)

    def name_at_provider(self, provider_refund_id: str) -> None:
        Refund.objects.filter(pk=self.pk).update(provider_refund_id=provider_refund_id)
        self.provider_refund_id = provider_refund_id

    def settle(self) -> bool:
        """The provider has given the money back. False when that was noted before. The caller holds the refund."""
        if self.state != self.State.REQUESTED:
            return False
        self.state, self.settled_at = self.State.DONE, clock.now()
        self.save(update_fields=["state", "settled_at"])
        for line in self.lines.select_related("item__order"):
            line.item.mark_refunded(self.settled_at)
        self.order.mark_refunded()
        return True

    def fail(self) -> None:
        """The provider will not: the items stay bought, and can be asked for again."""
        if self.state == self.State.REQUESTED:
            self.state, self.settled_at = self.State.FAILED, clock.now()
            self.save(update_fields=["state", "settled_at"])
            self.lines.update(failed_at=self.settled_at)

    def on_dead(self) -> None:
        self.order.flag(f"refund {self.pk} was not sent: {self.last_error}")


class RefundLine(models.Model):
    """What of a refund belongs to which item."""

    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="lines")
    item = models.ForeignKey(OrderItem, on_delete=models.PROTECT, related_name="refund_lines")
    amount_minor = models.PositiveBigIntegerField()
    failed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item"], condition=Q(failed_at=None), name="an_item_given_back_once")
        ]

    def __str__(self) -> str:
        return f"{self.refund_id}: {self.amount_minor}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.item.order.currency)
