"""That an order is to be paid by hand: which way, and what its buyer writes beside her payment."""

from typing import Self

from django.conf import settings
from django.db import models

from marketplace.lib import clock

from ..hand import references
from .by_hand import CHARGE
from .order import Order
from .payment_way import PaymentWay
from .refund import Refund


class HandPaymentQuerySet(models.QuerySet["HandPayment"]):
    def begin(self, order: Order, way: PaymentWay) -> "HandPayment":
        """In the transaction that places the order: it never has a page at the provider."""
        return self.create(order=order, way=way, reference=references.of(order.number), chosen_at=order.placed_at)

    def named_in(self, text: str) -> list["HandPayment"]:
        """Of orders whose reference stands in what a payer wrote."""
        named = self.filter(reference__in=references.found_in(text), order__book=settings.PAYMENTS_BOOK)
        return list(named.select_related("order").order_by("pk"))

    def waiting(self) -> Self:
        """Open orders, those first whose buyers said that they had sent it, the oldest first."""
        found = self.filter(order__state=Order.State.PENDING, order__book=settings.PAYMENTS_BOOK)
        return found.select_related("order__buyer", "way").order_by(models.F("sent_at").asc(nulls_last=True), "pk")


class HandPayment(models.Model):
    """Beside an order that waits, or waited, for money that its buyer sends herself. Nothing of it changes, but that
    she may say once that she has sent it. The database keeps the provider's page from such an order.
    """

    order = models.OneToOneField(Order, primary_key=True, on_delete=models.PROTECT, related_name="hand_payment")
    way = models.ForeignKey(PaymentWay, on_delete=models.PROTECT, related_name="hand_payments")
    reference = models.CharField(max_length=12, unique=True)
    chosen_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    objects = HandPaymentQuerySet.as_manager()

    def __str__(self) -> str:
        return self.reference

    @property
    def reference_in_groups(self) -> str:
        return references.shown(self.reference)

    def say_sent(self) -> None:
        """The buyer says so; said again, the first time stands. The caller holds the order."""
        if self.sent_at is None:
            self.sent_at = clock.now()
            self.save(update_fields=["sent_at"])


class HandRefundQuerySet(models.QuerySet["HandRefund"]):
    def waiting(self) -> models.QuerySet[Refund]:
        """Refunds of orders that were paid by hand, which somebody has to send back."""
        asked = Refund.objects.under_way().filter(order__hand_payment__isnull=False, order__book=settings.PAYMENTS_BOOK)
        paid = asked.filter(order__charge_id__startswith=CHARGE, amount_minor__gt=0)
        return paid.select_related("order__buyer", "order__hand_payment__way").order_by("pk")


class HandRefund(models.Model):
    """Somebody of finance sent a refund back from the bank, under the bank's reference. Append-only."""

    refund = models.OneToOneField(Refund, primary_key=True, on_delete=models.PROTECT, related_name="by_hand")
    book = models.CharField(max_length=8)
    bank_reference = models.CharField(max_length=80)
    sent_on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = HandRefundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["book", "bank_reference"], name="one_hand_refund_a_bank_reference"),
            models.CheckConstraint(condition=~models.Q(bank_reference=""), name="hand_refund_has_a_bank_reference"),
        ]

    def __str__(self) -> str:
        return self.bank_reference
