"""Refunds: money that goes back to a buyer, never more than the charge has left."""

from typing import Any

from django.db import models

from ..errors import Refusal
from .event import SandboxEvent
from .payment import SandboxPayment
from .thing import Thing, epoch, id_field
from .transaction import SandboxTransaction


class RefundQuerySet(models.QuerySet["SandboxRefund"]):
    def give(
        self, payment: SandboxPayment, *, amount: int | None, reason: str, metadata: dict[str, str]
    ) -> "SandboxRefund":
        """Refund `amount` (or all that is left) of a payment whose row the caller holds locked."""
        left = payment.amount - payment.amount_refunded
        if payment.status != SandboxPayment.Status.SUCCEEDED:
            raise Refusal("This payment has no successful charge to refund.", code="charge_not_refundable")
        if payment.disputes.filter(status__in=("needs_response", "under_review", "lost")).exists():
            raise Refusal(f"Charge {payment.charge_id} has been charged back; cannot issue a refund.",
                          code="charge_disputed")  # fmt: skip
        if left == 0:
            raise Refusal(f"Charge {payment.charge_id} has already been refunded.", code="charge_already_refunded")
        amount = left if amount is None else amount
        if not 0 < amount <= left:
            raise Refusal(f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})",
                          param="amount", code="amount_too_large")  # fmt: skip
        payment.give_back(amount)
        refund = self.create(
            payment=payment, amount=amount, currency=payment.currency, reason=reason, metadata=metadata
        )
        SandboxTransaction.objects.move("refund", -amount, payment.currency, refund.pk)
        SandboxEvent.objects.emit("refund.created", refund.as_stripe())
        SandboxEvent.objects.emit("charge.refunded", payment.charge_as_stripe())
        return refund


class SandboxRefund(Thing):
    """Money given back to a buyer."""

    id = id_field("re")
    payment = models.ForeignKey(SandboxPayment, on_delete=models.PROTECT, related_name="refunds")
    amount = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=40, blank=True)
    # Some ways to pay give back in days: such a refund is pending until the bank has answered.
    status = models.CharField(max_length=20, default="succeeded")

    objects = RefundQuerySet.as_manager()

    def become(self, status: str) -> None:
        """The bank has answered, or has not yet: "pending" or "succeeded"."""
        self.status = status
        self.save(update_fields=["status"])
        SandboxEvent.objects.emit("refund.updated", self.as_stripe())

    def fail(self) -> None:
        """The buyer's bank sends it back, after it was given: the card is gone, or the account closed. The money is on
        our balance again. The caller holds the payment.
        """
        self.status = "failed"
        self.save(update_fields=["status"])
        self.payment.give_back(-self.amount)
        SandboxTransaction.objects.move("refund_failure", self.amount, self.currency, self.pk)
        SandboxEvent.objects.emit("refund.failed", self.as_stripe())
        SandboxEvent.objects.emit("refund.updated", self.as_stripe())

    def as_stripe(self) -> dict[str, Any]:
        moved = dict(SandboxTransaction.objects.filter(source=self.pk).values_list("type", "pk"))
        back = moved.get("refund_failure")
        failure = {"failure_balance_transaction": back, "failure_reason": "lost_or_stolen_card"}
        return {
            **(failure if back else {}),
            "id": self.pk,
            "object": "refund",
            "amount": self.amount,
            "balance_transaction": moved.get("refund"),
            "charge": self.payment.charge_id,
            "created": epoch(self.created),
            "currency": self.currency,
            "metadata": self.metadata,
            "payment_intent": self.payment_id,
            "reason": self.reason or None,
            "receipt_number": None,
            "source_transfer_reversal": None,
            "status": self.status,
            "transfer_reversal": None,
        }
