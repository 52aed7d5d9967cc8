"""Payments: a payment intent and its charge, as one row, since the sandbox charges each intent once."""

import hashlib
from typing import Any

from django.db import models

from marketplace.lib.money import Money, as_told

from .customer import SandboxCustomer
from .event import SandboxEvent
from .thing import Thing, epoch, id_field, new_id
from .transaction import SandboxTransaction, fee_for

_NOBODY = {"address": None, "email": None, "name": None, "phone": None, "tax_id": None}


class PaymentQuerySet(models.QuerySet["SandboxPayment"]):
    def charged(self, words: str = "") -> "PaymentQuerySet":
        """Those whose money came, with their disputes: those that a bank has yet to decide, then the newest.

        `words`: a charge, or a part of the buyer's address.
        """
        rows = self.filter(status=SandboxPayment.Status.SUCCEEDED)
        if words:
            rows = rows.filter(models.Q(charge_id=words) | models.Q(email__icontains=words))
        decided = models.Q(disputes__status__in=("warning_closed", "won", "lost", "prevented"))
        undecided = models.Count("disputes", filter=models.Q(disputes__isnull=False) & ~decided)
        counted = rows.annotate(undecided=undecided).prefetch_related("disputes")
        return counted.order_by("-undecided", "-created", "-pk")


class SandboxPayment(Thing):
    """A buyer's attempt to pay one session. It moves money once, when it succeeds."""

    class Status(models.TextChoices):
        NEEDS_METHOD = "requires_payment_method"
        NEEDS_ACTION = "requires_action"
        PROCESSING = "processing"
        SUCCEEDED = "succeeded"

    id = id_field("pi")
    charge_id = models.CharField(max_length=80, unique=True, null=True)  # noqa: DJ001 (unique, so empty must be null)
    amount = models.PositiveBigIntegerField()
    amount_refunded = models.PositiveBigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=30, choices=Status.choices, default=Status.NEEDS_METHOD)
    method = models.CharField(max_length=20, default="card")
    error_code = models.CharField(max_length=60, blank=True)
    group = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    is_disputed = models.BooleanField(default=False)
    # Whose means it was paid with, where it is kept.
    customer = models.ForeignKey(SandboxCustomer, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = PaymentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount_refunded__lte=models.F("amount")), name="sandbox_refunds_within_charge"
            )
        ]

    @property
    def total(self) -> Money:
        return as_told(self.amount, self.currency)

    @property
    def refunded(self) -> Money:
        return as_told(self.amount_refunded, self.currency)

    @property
    def is_refunded(self) -> bool:
        return self.amount_refunded == self.amount

    @property
    def last_dispute(self) -> Any:
        """The newest of its disputes, where there is one."""
        return max(self.disputes.all(), key=lambda dispute: dispute.created, default=None)

    def succeed(self) -> None:
        """The money arrives: the one movement of this payment."""
        self.charge_id = self.charge_id or new_id("ch")
        self.status, self.error_code = self.Status.SUCCEEDED, ""
        self.save()
        fee = fee_for(self.amount, self.currency)
        SandboxTransaction.objects.move("charge", self.amount, self.currency, self.charge_id, fee=fee, settles=True)
        SandboxEvent.objects.emit("payment_intent.succeeded", self.as_stripe())
        SandboxEvent.objects.emit("charge.succeeded", self.charge_as_stripe())

    def keep_means(self, customer_id: str) -> None:
        """What it is paid with is kept: for this customer, or for a new one."""
        known = SandboxCustomer.objects.filter(pk=customer_id).first()
        self.customer = known or SandboxCustomer.objects.create(email=self.email)
        self.customer.keep_new_means()

    def wait_for_action(self) -> None:
        """The bank asks its customer to confirm (3-D Secure)."""
        self.status = self.Status.NEEDS_ACTION
        self.save()
        SandboxEvent.objects.emit("payment_intent.requires_action", self.as_stripe())

    def start_processing(self) -> None:
        """A method that answers later (a bank transfer, some wallets)."""
        self.charge_id, self.status = new_id("ch"), self.Status.PROCESSING
        self.save()
        SandboxEvent.objects.emit("payment_intent.processing", self.as_stripe())

    def decline(self, code: str) -> None:
        self.status, self.error_code = self.Status.NEEDS_METHOD, code
        self.save()
        SandboxEvent.objects.emit("payment_intent.payment_failed", self.as_stripe())

    def give_back(self, amount: int) -> None:
        """Note a refund of `amount`, below zero for one that failed; the caller holds this row's lock and has checked
        what is left.
        """
        self.amount_refunded += amount
        self.save(update_fields=["amount_refunded"])

    def note_dispute(self) -> None:
        """It has been disputed at least once, whatever becomes of it."""
        self.is_disputed = True
        self.save(update_fields=["is_disputed"])

    def announce_fee(self) -> None:
        """The charge with its balance transaction; Stripe sends this after the success itself."""
        SandboxEvent.objects.emit("charge.updated", self.charge_as_stripe())

    def as_stripe(self) -> dict[str, Any]:
        error = {
            "type": "card_error", "code": self.error_code, "message": "Your card was declined.",
            "payment_method": self._method(),
        }  # fmt: skip
        paid = self.status == self.Status.SUCCEEDED
        return {
            "id": self.pk,
            "object": "payment_intent",
            "amount": self.amount,
            "amount_capturable": 0,
            "amount_received": self.amount if paid else 0,
            "canceled_at": None,
            "capture_method": "automatic_async",
            "confirmation_method": "automatic",
            "created": epoch(self.created),
            "currency": self.currency,
            "customer": self.customer_id,
            "description": None,
            "last_payment_error": error if self.error_code else None,
            "latest_charge": self.charge_id,
            "livemode": False,
            "metadata": self.metadata,
            "next_action": None,
            "payment_method": self._method_id() if self.customer_id else None,
            "payment_method_types": [self.method],
            "processing": None,
            "status": self.status,
            "transfer_group": self.group or None,
        }

    def charge_as_stripe(self) -> dict[str, Any]:
        paid = self.status == self.Status.SUCCEEDED
        moved = SandboxTransaction.objects.filter(source=self.charge_id).values_list("pk", flat=True).first()
        pending = self.status == self.Status.PROCESSING
        return {
            "id": self.charge_id,
            "object": "charge",
            "amount": self.amount,
            "amount_captured": self.amount if paid else 0,
            "amount_refunded": self.amount_refunded,
            "balance_transaction": moved,
            "billing_details": {**_NOBODY, "email": self.email or None},
            "captured": paid,
            "created": epoch(self.created),
            "currency": self.currency,
            "customer": self.customer_id,
            "description": None,
            "disputed": self.is_disputed,
            "failure_code": self.error_code or None,
            "failure_message": None,
            "livemode": False,
            "metadata": self.metadata,
            "paid": paid,
            "payment_intent": self.pk,
            "payment_method": self._method_id() if self.customer_id else None,
            "payment_method_details": self._method_details(),
            "refunded": self.amount_refunded == self.amount,
            "status": "succeeded" if paid else "pending" if pending else "failed",
            "transfer_group": self.group or None,
        }

    def _method(self) -> dict[str, Any]:
        """What was tried, as an error names it."""
        details = self._method_details()
        return {
            "id": self._method_id(),
            "object": "payment_method",
            "allow_redisplay": "unspecified",
            "billing_details": {**_NOBODY, "email": self.email or None},
            "created": epoch(self.created),
            "customer": None,
            "livemode": False,
            "metadata": {},
            "type": self.method,
            self.method: details[self.method],
        }

    def _method_id(self) -> str:
        """Of a kept means it is always the same one."""
        return self.customer.method_id if self.customer else f"pm_{self.pk.removeprefix('pi_')}"

    def _card_print(self) -> str:
        """In the sandbox everybody pays with one card of her own."""
        return hashlib.sha256(f"card of {self.email}".encode()).hexdigest()[:16]

    def _method_details(self) -> dict[str, Any]:
        card = {
            "brand": "visa",
            "country": "US",
            "exp_month": 12,
            "exp_year": 2034,
            "fingerprint": self._card_print(),
            "funding": "credit",
            "last4": "4242",
        }
        return {"type": self.method, self.method: card if self.method == "card" else {}}
