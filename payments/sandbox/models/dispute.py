"""Disputes: a buyer's bank asks for the money back, takes it at once, and gives it back if it was wrong.

An inquiry (`warning_…`) moves no money; it may be escalated to a dispute that does. No more is taken than the charge
has left: what was refunded is not taken a second time. Source: the provider's pages on disputes and its OpenAPI file.
"""

from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.lib import clock
from marketplace.lib.money import Money, as_told

from ..errors import Refusal, wrong
from .event import SandboxEvent
from .payment import SandboxPayment
from .thing import Thing, epoch, id_field
from .transaction import SandboxTransaction

# What a dispute costs whoever wins it, by currency, in the provider's units.
DISPUTE_FEE = {
    "usd": 1500,
    "eur": 2000,
    "gbp": 2000,
    "cny": 11_000,
    "hkd": 8500,
    "sgd": 1500,
    "jpy": 1300,
    "twd": 50_000,
}
ANSWER_WITHIN = timedelta(days=14)
REASONS = (
    "fraudulent", "product_not_received", "product_unacceptable", "credit_not_processed", "duplicate", "unrecognized",
    "subscription_canceled", "general",
)  # fmt: skip
# The fields that take text; the others of the provider take the id of an uploaded file.
EVIDENCE = (
    "access_activity_log", "billing_address", "cancellation_policy_disclosure", "cancellation_rebuttal",
    "customer_email_address", "customer_name", "customer_purchase_ip", "duplicate_charge_explanation",
    "duplicate_charge_id", "product_description", "refund_policy_disclosure", "refund_refusal_explanation",
    "service_date", "shipping_address", "shipping_carrier", "shipping_date", "shipping_tracking_number",
    "uncategorized_text",
)  # fmt: skip
FILES = (
    "cancellation_policy", "customer_communication", "customer_signature", "duplicate_charge_documentation", "receipt",
    "refund_policy", "service_documentation", "shipping_documentation", "uncategorized_file",
)  # fmt: skip
MOST_EVIDENCE = 150_000  # characters of all fields together


def _left(payment: SandboxPayment) -> int:
    """What of a charge neither a refund nor a dispute has taken, in the provider's units."""
    return payment.amount - payment.amount_refunded - sum(dispute.taken for dispute in payment.disputes.all())


class DisputeQuerySet(models.QuerySet["SandboxDispute"]):
    def open(
        self, payment: SandboxPayment, *, amount: int | None = None, reason: str = "fraudulent", inquiry: bool = False
    ) -> "SandboxDispute":
        """The bank disputes `amount` (by default what the charge has left). The caller holds the payment locked."""
        amount = (_left(payment) or payment.amount) if amount is None else amount
        if payment.status != SandboxPayment.Status.SUCCEEDED or not 0 < amount <= payment.amount:
            raise Refusal("This charge cannot be disputed for that amount.", code="charge_not_disputable")
        if self.filter(payment=payment).unclosed().exists():
            raise Refusal("This charge is disputed already.", code="charge_disputed")
        states = SandboxDispute.Status
        dispute = self.create(
            payment=payment, amount=amount, currency=payment.currency, reason=reason, metadata={},
            status=states.INQUIRY if inquiry else states.NEEDS_RESPONSE, due_by=clock.now() + ANSWER_WITHIN,
        )  # fmt: skip
        payment.note_dispute()
        withdrawn = not inquiry and dispute.withdraw()
        dispute.announce("created")
        if withdrawn:
            dispute.announce("funds_withdrawn")
        return dispute

    def unclosed(self) -> "DisputeQuerySet":
        return self.exclude(status__in=SandboxDispute.CLOSED)

    def locked(self, id_: str) -> "SandboxDispute | None":
        """The dispute with its payment locked; one that nobody answered in time is closed first."""
        charge = self.filter(pk=id_).values("payment_id")
        SandboxPayment.objects.select_for_update().filter(pk__in=charge).first()
        dispute = self.select_related("payment").filter(pk=id_).first()
        if dispute is not None:
            dispute.lapse_if_late()
        return dispute


class SandboxDispute(Thing):
    """One dispute of one charge, or an inquiry that comes before."""

    class Status(models.TextChoices):
        INQUIRY = "warning_needs_response", _("The bank asks")
        INQUIRY_REVIEW = "warning_under_review", _("The bank reads our answer")
        INQUIRY_CLOSED = "warning_closed", _("The bank let it go")
        NEEDS_RESPONSE = "needs_response", _("Disputed: an answer is due")
        UNDER_REVIEW = "under_review", _("Disputed: the bank decides")
        WON = "won", _("Dispute won")
        LOST = "lost", _("Dispute lost")
        PREVENTED = "prevented", _("Settled before a dispute")

    CLOSED = (Status.INQUIRY_CLOSED, Status.WON, Status.LOST, Status.PREVENTED)

    id = id_field("du")
    payment = models.ForeignKey(SandboxPayment, on_delete=models.PROTECT, related_name="disputes")
    amount = models.PositiveBigIntegerField()
    # What the bank holds of the charge now, in the charge's currency: its movements may be in another.
    taken = models.PositiveBigIntegerField(default=0, db_default=0)
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=40)
    status = models.CharField(max_length=24, choices=Status.choices)
    evidence = models.JSONField(default=dict)
    submissions = models.PositiveSmallIntegerField(default=0)
    due_by = models.DateTimeField()

    objects = DisputeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["payment"],
                condition=~Q(status__in=["warning_closed", "won", "lost", "prevented"]),
                name="sandbox_one_open_dispute",
            )
        ]

    @property
    def is_inquiry(self) -> bool:
        return self.status in (self.Status.INQUIRY, self.Status.INQUIRY_REVIEW)

    @property
    def is_closed(self) -> bool:
        return self.status in self.CLOSED

    @property
    def shown_amount(self) -> Money:
        return as_told(self.amount, self.currency)

    def submit(self, fields: dict[str, str], *, is_final: bool = True) -> None:
        """Our side of the story. Staged when not final; the final one is sent to the bank, once."""
        unknown = [name for name in fields if name not in EVIDENCE and name not in FILES]
        if unknown:
            raise wrong(f"evidence[{unknown[0]}]", f"Received unknown parameter: evidence[{unknown[0]}]")
        evidence = {**self.evidence, **fields}
        if sum(len(str(text)) for text in evidence.values()) > MOST_EVIDENCE:
            raise wrong("evidence", f"All evidence together takes at most {MOST_EVIDENCE} characters.")
        if self.status not in (self.Status.NEEDS_RESPONSE, self.Status.INQUIRY):
            raise Refusal(f"This dispute takes no evidence any more: it is {self.status}.", code="dispute_not_open")
        self.evidence = evidence
        if not is_final:
            self._become(self.status)
            return
        self.submissions += 1
        self._become(self.Status.INQUIRY_REVIEW if self.is_inquiry else self.Status.UNDER_REVIEW)
        self._judge(evidence.get("uncategorized_text", ""))

    def _judge(self, text: str) -> None:
        # The provider's own words for testing: they decide a test dispute at once.
        if text == "winning_evidence":
            self.win()
        elif text == "losing_evidence":
            self.lose()
        elif text == "escalate_inquiry_evidence" and self.is_inquiry:
            self.escalate()

    def win(self) -> None:
        """The bank gives the money back, or lets its inquiry go."""
        self._must_be_open()
        if self.is_inquiry:
            self._become(self.Status.INQUIRY_CLOSED, "closed")
            return
        came_back = self._reinstate()
        self._become(self.Status.WON, "closed")
        if came_back:
            self.announce("funds_reinstated")

    def lose(self) -> None:
        """The buyer keeps the money."""
        self._must_be_open()
        if self.is_inquiry:
            raise Refusal("An inquiry is not lost: escalate it first.", code="dispute_is_inquiry")
        self._become(self.Status.LOST, "closed")

    def escalate(self) -> None:
        """The inquiry becomes a dispute: now the money is taken."""
        if not self.is_inquiry:
            raise Refusal("Only an inquiry can be escalated.", code="dispute_not_inquiry")
        self.due_by = clock.now() + ANSWER_WITHIN
        withdrawn = self.withdraw()
        self._become(self.Status.NEEDS_RESPONSE)
        if withdrawn:
            self.announce("funds_withdrawn")

    def prevent(self) -> None:
        """Settled before it became a dispute: no money of ours stays with the bank."""
        self._must_be_open()
        came_back = self._reinstate()
        self._become(self.Status.PREVENTED, "closed")
        if came_back:
            self.announce("funds_reinstated")

    def lapse_if_late(self) -> None:
        """Nobody answered in time: a dispute is lost, an inquiry ends."""
        if self.due_by > clock.now():
            return
        if self.status == self.Status.NEEDS_RESPONSE:
            self.lose()
        elif self.status == self.Status.INQUIRY:
            self.win()

    def withdraw(self) -> bool:
        """Take the money, as far as no refund and no other dispute has taken it. Whether any was taken."""
        taken = min(self.amount, _left(self.payment))
        if taken <= 0:
            return False
        fee = DISPUTE_FEE.get(self.currency, 0)
        self._hold(taken)
        SandboxTransaction.objects.move("adjustment", -taken, self.currency, self.pk, fee=fee)
        return True

    def _reinstate(self) -> bool:
        held = self.taken
        if held:
            self._hold(0)
            SandboxTransaction.objects.move("adjustment", held, self.currency, self.pk)
        return bool(held)

    def _hold(self, taken: int) -> None:
        self.taken = taken
        self.save(update_fields=["taken"])

    def _must_be_open(self) -> None:
        if self.is_closed:
            raise Refusal(f"This dispute is closed: {self.status}.", code="dispute_not_open")

    def _become(self, status: str, announced: str = "updated") -> None:
        self.status = status
        self.save()
        self.announce(announced)

    def announce(self, what: str) -> None:
        SandboxEvent.objects.emit(f"charge.dispute.{what}", self.as_stripe())

    def _moves(self) -> list[SandboxTransaction]:
        return list(SandboxTransaction.objects.filter(source=self.pk).order_by("created", "pk"))

    def as_stripe(self) -> dict[str, Any]:
        answer: dict[str, Any] = dict.fromkeys((*EVIDENCE, *FILES))
        details = {
            "due_by": None if self.is_closed else epoch(self.due_by),
            "enhanced_eligibility": {},
            "has_evidence": bool(self.evidence),
            "past_due": self.due_by <= clock.now(),
            "submission_count": self.submissions,
        }
        card = {
            "brand": "visa",
            "case_type": "inquiry" if self.status.startswith("warning") else "chargeback",
            "network": "visa",
            "network_reason_code": "10.4",
        }
        return {
            "id": self.pk,
            "object": "dispute",
            "amount": self.amount,
            "balance_transactions": [move.as_stripe() for move in self._moves()],
            "charge": self.payment.charge_id,
            "created": epoch(self.created),
            "currency": self.currency,
            "enhanced_eligibility_types": [],
            "evidence": {**answer, **self.evidence, "enhanced_evidence": {}},
            "evidence_details": details,
            "is_charge_refundable": self.is_inquiry,
            "livemode": False,
            "metadata": self.metadata,
            "payment_intent": self.payment_id,
            "payment_method_details": {"type": "card", "card": card},
            "reason": self.reason,
            "status": self.status,
        }
