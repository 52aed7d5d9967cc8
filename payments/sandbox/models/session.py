"""Hosted checkout: a session is open, then complete or expired, and never open again."""

from datetime import datetime, timedelta
from typing import Any

from django.db import models

from marketplace.lib import clock
from marketplace.lib.money import Money, as_told

from .. import taxing
from ..addresses import checkout_url
from ..errors import Refusal
from .event import SandboxEvent
from .payment import SandboxPayment
from .thing import Thing, epoch, new_id

METHODS = ("card", "alipay", "wechat_pay")
LEAST_LIFE, LONGEST_LIFE = timedelta(minutes=30), timedelta(hours=24)


def _session_id() -> str:
    return new_id("cs_test")


class SessionQuerySet(models.QuerySet["SandboxSession"]):
    def locked(self, id_: str) -> "SandboxSession | None":
        session = self.filter(pk=id_).select_for_update(of=("self",)).first()
        if session is not None:
            session.expire_if_late()
        return session

    def waiting(self) -> "SessionQuerySet":
        """Buyers are done, their money is still to come."""
        return self.filter(payment__status=SandboxPayment.Status.PROCESSING).select_related("payment")


class SandboxSession(Thing):
    """A hosted checkout page that a buyer was sent to."""

    class Status(models.TextChoices):
        OPEN = "open"
        COMPLETE = "complete"
        EXPIRED = "expired"

    id = models.CharField(primary_key=True, max_length=80, default=_session_id, editable=False)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    is_paid = models.BooleanField(default=False)
    amount = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    lines = models.JSONField()  # [{name, unit_amount, quantity, tax_behavior}]
    # Stripe Tax: the amount is known to be whole only once the buyer has said where she is.
    automatic_tax = models.BooleanField(default=False)
    country = models.CharField(max_length=2, blank=True)
    tax = models.PositiveBigIntegerField(default=0)
    reference = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    locale = models.CharField(max_length=10, default="auto")
    success_url = models.CharField(max_length=2000)
    cancel_url = models.CharField(max_length=2000, blank=True)
    expires_at = models.DateTimeField()
    payment = models.OneToOneField(SandboxPayment, null=True, on_delete=models.PROTECT, related_name="session")
    payment_data = models.JSONField(default=dict)

    objects = SessionQuerySet.as_manager()

    @property
    def total(self) -> Money:
        return as_told(self.amount, self.currency)

    @property
    def shown_lines(self) -> list[tuple[str, Money]]:
        return [(line["name"], as_told(line["unit_amount"], self.currency)) for line in self.lines]

    @property
    def subtotal(self) -> int:
        return sum(line["unit_amount"] * line["quantity"] for line in self.lines)

    @property
    def shown_subtotal(self) -> Money:
        return as_told(self.subtotal, self.currency)

    @property
    def shown_tax(self) -> Money:
        return as_told(self.tax, self.currency)

    @property
    def return_url(self) -> str:
        return self.success_url.replace("{CHECKOUT_SESSION_ID}", self.pk)

    def locate(self, country: str) -> None:
        """The buyer says where she is; the tax of that country is reckoned."""
        if not self.automatic_tax or self.status != self.Status.OPEN:
            return
        if country not in taxing.COUNTRIES:
            raise Refusal("The customer's location isn't recognized.", code="customer_tax_location_invalid")
        self.country = country
        self.tax, on_top = taxing.of(self.lines, country)
        self.amount = self.subtotal + on_top
        self.save(update_fields=["country", "tax", "amount"])

    @property
    def keeps(self) -> bool:
        """Whether the means of payment is kept for later."""
        return bool(self.payment_data.get("setup_future_usage"))

    @property
    def methods(self) -> tuple[str, ...]:
        """Only a card can be kept."""
        return METHODS[:1] if self.keeps else METHODS

    def pay(self, method: str) -> None:
        payment = self._attempt(method)
        if self.keeps:
            payment.keep_means(self.payment_data.get("customer", ""))
        payment.succeed()
        self._complete(is_paid=True)
        payment.announce_fee()

    def decline(self, method: str, code: str = "card_declined") -> None:
        """The page stays open for another try."""
        self._attempt(method).decline(code)

    def ask_for_action(self, method: str) -> None:
        self._attempt(method).wait_for_action()

    def pay_later(self, method: str) -> None:
        """The buyer is done; the money comes, or does not, afterwards."""
        self._attempt(method).start_processing()
        self._complete(is_paid=False)

    def settle_later(self, *, succeeds: bool) -> None:
        """The late payment's outcome."""
        if self.payment is None or self.payment.status != SandboxPayment.Status.PROCESSING:
            raise Refusal("This session waits for no payment.", code="payment_intent_unexpected_state")
        if succeeds:
            self.payment.succeed()
            self.is_paid = True
            self.save(update_fields=["is_paid"])
            SandboxEvent.objects.emit("checkout.session.async_payment_succeeded", self.as_stripe())
            self.payment.announce_fee()
        else:
            self.payment.decline("payment_method_provider_decline")
            SandboxEvent.objects.emit("checkout.session.async_payment_failed", self.as_stripe())

    def expire(self) -> None:
        """Close the page unpaid."""
        if self.status != self.Status.OPEN:
            raise Refusal(
                f'Only Checkout Sessions with a status in ["open"] can be expired. This one is {self.status}.',
                code="checkout_session_not_open",
            )
        self.status = self.Status.EXPIRED
        self.save(update_fields=["status"])
        SandboxEvent.objects.emit("checkout.session.expired", self.as_stripe())

    def expire_if_late(self, now: datetime | None = None) -> None:
        if self.status == self.Status.OPEN and self.expires_at <= (now or clock.now()):
            self.expire()

    def _attempt(self, method: str) -> SandboxPayment:
        if self.status != self.Status.OPEN:
            raise Refusal("This checkout is closed.", code="checkout_session_not_open")
        if self.payment is None:
            group = self.payment_data.get("transfer_group", "")
            self.payment = SandboxPayment.objects.create(
                amount=self.amount, currency=self.currency, email=self.email, group=group, method=method,
                metadata=self.payment_data.get("metadata", {}),
            )  # fmt: skip
            self.save(update_fields=["payment"])
        self.payment.method, self.payment.amount = method, self.amount
        return self.payment

    def _complete(self, *, is_paid: bool) -> None:
        self.status, self.is_paid = self.Status.COMPLETE, is_paid
        self.save(update_fields=["status", "is_paid"])
        SandboxEvent.objects.emit("checkout.session.completed", self.as_stripe())

    def as_stripe(self) -> dict[str, Any]:
        is_open = self.status == self.Status.OPEN
        return {
            "id": self.pk,
            "object": "checkout.session",
            "amount_subtotal": self.subtotal,
            "amount_total": self.amount,
            "automatic_tax": taxing.automatic(enabled=self.automatic_tax, country=self.country),
            "cancel_url": self.cancel_url or None,
            "client_reference_id": self.reference or None,
            "created": epoch(self.created),
            "currency": self.currency,
            "custom_fields": [],
            "custom_text": {
                "after_submit": None, "shipping_address": None, "submit": None, "terms_of_service_acceptance": None
            },
            "customer": self._customer_id(),
            "customer_details": self._customer() if self.email else None,
            "customer_email": self.email or None,
            "expires_at": epoch(self.expires_at),
            "livemode": False,
            "locale": self.locale,
            "metadata": self.metadata,
            "mode": "payment",
            "payment_intent": self.payment_id,
            "payment_method_types": list(self.methods),
            "payment_status": "paid" if self.is_paid else "unpaid",
            "shipping_options": [],
            "status": self.status,
            "success_url": self.success_url,
            "total_details": taxing.details(self.lines, self.country, self.tax),
            "ui_mode": "hosted_page",
            "url": checkout_url(self.pk) if is_open else None,
        }  # fmt: skip

    def _customer_id(self) -> str | None:
        paid_by = self.payment.customer_id if self.payment else None
        return paid_by or self.payment_data.get("customer") or None

    def _customer(self) -> dict[str, Any]:
        return {
            "address": taxing.address(self.country), "email": self.email, "name": None, "phone": None,
            "tax_exempt": "none", "tax_ids": [],
        }  # fmt: skip
