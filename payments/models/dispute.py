"""Disputes of payments: what a buyer's bank asks for, how far it is, and what of it our books have settled.

A dispute only goes forward, by the rank of the provider's states. Money moves by the provider's own record of it and
not by states: what was withdrawn and what came back are sums of its movements, in the currency in which it settles. The
database holds: one row a dispute; no more comes back than went out, unless it was exchanged; a settled one is closed.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.lib import clock
from marketplace.lib.money import LONGEST_CODE, Money, as_told

from .ledger_kinds import Book
from .order import Order

if TYPE_CHECKING:
    from ..provider_shapes import BalanceTransaction, ProviderDispute


class DisputeQuerySet(models.QuerySet["Dispute"]):
    def note(
        self, order: Order, said: "ProviderDispute", moves: "Sequence[BalanceTransaction]"
    ) -> tuple["Dispute", bool]:
        """The row of a dispute, brought to what the provider says; and whether its state is news. `moves`: those of its
        movements, in one currency, that are taken in; none where they do not fit.

        The caller holds the order. While a dispute is not settled, nothing of the order is released.
        """
        facts = {"order": order, "book": order.book, "charge_id": said.charge_id, "currency": said.amount.currency,
                 "amount_minor": said.amount.minor, "reason": said.reason[:40], "state": said.status,
                 "evidence_due_at": said.due_at, "opened_at": said.opened_at}  # fmt: skip
        row, is_new = self.get_or_create(provider_dispute_id=said.id, defaults=facts)
        is_news = row._follow(said, moves) or is_new
        if row.is_open:
            order.items.hold_for_dispute(clock.now())
        return row, is_news

    def open(self) -> Self:
        """Not settled in our books: the bank has not decided, or its money is still on the way."""
        return self.filter(settled_at=None)

    def refusing_refunds(self) -> Self:
        """While the bank holds the money, none is given back a second way. An inquiry may be settled by a refund."""
        return self.open().exclude(state__in=INQUIRIES)

    def awaiting_answer(self) -> Self:
        """The bank waits for us, and nobody has answered."""
        answered = self.model.objects.filter(answers__isnull=False, answers__refused_at=None)
        return self.filter(state__in=ANSWERABLE).exclude(pk__in=answered.values("pk"))

    def showing(self, what: str) -> Self:
        """As finance's list filters: "due" (waiting for us), "open", anything else is all."""
        return {"due": self.awaiting_answer, "open": self.open}.get(what, self.all)()

    def by_urgency(self) -> Self:
        """What must be answered first comes first; then what the bank looks at; then what is over, newest first."""
        return self.order_by(F("closed_at").desc(nulls_first=True), F("evidence_due_at").asc(nulls_last=True), "-id")

    def due_within(self, time: timedelta) -> Self:
        """The bank waits for us, and its deadline is near."""
        return self.awaiting_answer().filter(evidence_due_at__lt=clock.now() + time)

    def of_creator(self, creator: Any) -> Self:
        """Those of orders of which she gets a share."""
        return self.filter(order__items__shares__owner=creator).distinct()

    def shown(self) -> Self:
        return self.select_related("order__buyer").prefetch_related("order__items__creator", "answers__submitted_by")

    def silent_since(self, before: datetime) -> Self:
        """Open ones of which nothing was heard for a while."""
        return self.open().filter(heard_at__lt=before)


class Dispute(models.Model):
    """A buyer's bank asks for `amount` of an order back. An inquiry (`warning_…`) asks first and moves no money."""

    class State(models.TextChoices):
        INQUIRY = "warning_needs_response", _("The bank asks: an answer is due")
        INQUIRY_REVIEW = "warning_under_review", _("The bank reads our answer")
        INQUIRY_CLOSED = "warning_closed", _("The bank let it go")
        NEEDS_RESPONSE = "needs_response", _("An answer is due")
        UNDER_REVIEW = "under_review", _("The bank decides")
        PREVENTED = "prevented", _("Settled before it was disputed")
        WON = "won", _("Won")
        LOST = "lost", pgettext_lazy("dispute", "Lost")

    class Outcome(models.TextChoices):
        WON = "won", _("Won")
        LOST = "lost", pgettext_lazy("dispute", "Lost")
        DROPPED = "dropped", _("Let go")

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="disputes")
    book = models.CharField(max_length=8, choices=Book.choices)
    provider_dispute_id = models.CharField(max_length=80, unique=True)
    charge_id = models.CharField(max_length=80, db_index=True)
    # As the provider tells it, known here or not: the case has its deadline all the same.
    currency = models.CharField(max_length=LONGEST_CODE)
    amount_minor = models.PositiveBigIntegerField()
    # Of the four amounts below, where the provider settles this charge in another currency; "" where it does not.
    settled_currency = models.CharField(max_length=LONGEST_CODE, blank=True, default="", db_default="")
    # By the provider's movements; what our parties have given up of it; and what another rate on the way back made.
    withdrawn_minor = models.PositiveBigIntegerField(default=0)
    returned_minor = models.PositiveBigIntegerField(default=0)
    fee_minor = models.BigIntegerField(default=0)
    lost_minor = models.PositiveBigIntegerField(default=0)
    rate_minor = models.BigIntegerField(default=0, db_default=0)
    reason = models.CharField(max_length=40)
    state = models.CharField(max_length=24, choices=State.choices)
    evidence_due_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    heard_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    # The books have said their last word: what was withdrawn came back, or was given up by everybody.
    settled_at = models.DateTimeField(null=True)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="") | Q(closed_at__isnull=False) & ~Q(outcome=""),
                name="dispute_closed_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None) | Q(closed_at__isnull=False), name="dispute_settled_when_closed"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_minor__gte=F("returned_minor") + F("lost_minor"), rate_minor=0)
                | ~Q(settled_currency="") & ~Q(settled_currency=F("currency")),
                name="dispute_gives_what_it_took",
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="dispute_amount_positive"),
        ]
        indexes = [models.Index(fields=["evidence_due_at"], condition=Q(settled_at=None), name="dispute_open")]

    def __str__(self) -> str:
        return f"{self.provider_dispute_id}: {self.state}"

    def get_absolute_url(self) -> str:
        return reverse("payments:dispute", args=[self.pk])

    @property
    def amount(self) -> Money:
        return as_told(self.amount_minor, self.currency)

    @property
    def is_exchanged(self) -> bool:
        """The provider moves its money in another currency than it was charged in."""
        return bool(self.settled_currency)

    @property
    def fee(self) -> Money:
        return self._moved(self.fee_minor)

    @property
    def held(self) -> Money:
        """What the bank has of ours and nobody has given up yet, as the provider settles it."""
        return self._moved(self.withdrawn_minor - self.returned_minor - self.lost_minor - self.rate_minor)

    @property
    def lost(self) -> Money:
        return self._moved(self.lost_minor)

    @property
    def kept(self) -> Money:
        """What of the order the bank has and nobody has given up, in the order's currency. Of an exchanged one the
        provider lists no such amount: it is as much of what the bank asked for as it holds of what it took.
        """
        if not self.is_exchanged:
            return self.held
        return Money(self.amount_minor * self.held.minor // (self.withdrawn_minor or 1), self.currency)

    @property
    def is_open(self) -> bool:
        return self.settled_at is None

    @property
    def is_inquiry(self) -> bool:
        return self.state in INQUIRIES

    @property
    def is_answerable(self) -> bool:
        """The bank takes an answer, and the time for it has not passed."""
        return self.state in ANSWERABLE and (self.evidence_due_at is None or self.evidence_due_at > clock.now())

    @property
    def reason_text(self) -> str | Promise:
        return REASONS.get(self.reason, self.reason.replace("_", " "))

    @property
    def tone(self) -> str:
        """Of its state's dot."""
        if self.state in ANSWERABLE:
            return "bad"
        return {"won": "ok", "warning_closed": "ok", "prevented": "ok", "lost": "bad"}.get(self.state, "wait")

    @property
    def steps(self) -> list[tuple[str, Any, datetime | None, str]]:
        """Its way so far and to come: (code, words, when, "done", "now" or "todo"). For the case's timeline."""
        answered = next((answer.at for answer in self.answers.all() if answer.refused_at is None), None)
        over = bool(self.outcome)
        return [
            ("opened", _("The bank asks") if self.is_inquiry else _("The bank took the money"), self.opened_at, "done"),
            ("answered", _("We did not answer") if over and not answered else _("We answer"),
             answered or (None if over else self.evidence_due_at),
             "done" if answered else "bad" if over else "todo"),
            ("decided", self.get_state_display() if over else _("The bank decides"), self.closed_at,
             "done" if over else "now" if answered else "todo"),
            ("settled", _("The books are settled"), self.settled_at, "done" if self.settled_at else "todo"),
        ]  # fmt: skip

    def _moved(self, minor: int) -> Money:
        return as_told(minor, self.settled_currency or self.currency)

    def _follow(self, said: "ProviderDispute", moves: "Sequence[BalanceTransaction]") -> bool:
        """Forward only: what an old message says does not undo what a new one said. Whether the state is news."""
        withdrawn = sum(-move.amount.minor for move in moves if move.amount.minor < 0)
        returned = sum(move.amount.minor for move in moves if move.amount.minor > 0)
        # Movements are only ever added, so the larger sums are the later ones.
        if (withdrawn, returned) >= (self.withdrawn_minor, self.returned_minor):
            self.withdrawn_minor, self.returned_minor = withdrawn, returned
            self.fee_minor = sum(move.fee.minor for move in moves)
            if moves and moves[0].amount.currency != self.currency:
                self.settled_currency = moves[0].amount.currency
        is_news = RANK.get(said.status, -1) > RANK[self.state]
        if is_news or self.closed_at is None:
            self.state = said.status if is_news else self.state
            self.evidence_due_at = said.due_at or self.evidence_due_at
        if is_news and self.settled_at is not None:
            self.settled_at = None  # an inquiry that had been let go has become a dispute
        self.outcome = OUTCOMES.get(self.state, "")
        self.closed_at = (self.closed_at or clock.now()) if self.outcome else None
        self.heard_at = clock.now()
        self.save()
        return is_news

    def give_up(self, amount: Money) -> None:
        """So much of what the bank holds is lost for good; the caller books it."""
        self.lost_minor += amount.minor
        self.save(update_fields=["lost_minor"])

    def take_rate(self) -> Money:
        """All of it came back, at another rate than it went: the difference is nobody's; the caller books it."""
        rest = self.held
        self.rate_minor += rest.minor
        self.save(update_fields=["rate_minor"])
        return rest

    def settle(self) -> bool:
        """The books are done with it, unless the bank still holds money of ours. The caller holds the order."""
        if self.settled_at is not None or not self.outcome or self.held:
            return False
        self.settled_at = clock.now()
        self.save(update_fields=["settled_at"])
        if not self.order.disputes.open().exists():
            self.order.items.free_from_dispute()
        return True


_STATE = Dispute.State
# A state never gives way to one of a lower rank. An inquiry that ended may still become a dispute.
RANK: dict[str, int] = {
    _STATE.INQUIRY: 0, _STATE.INQUIRY_REVIEW: 1, _STATE.INQUIRY_CLOSED: 2, _STATE.NEEDS_RESPONSE: 3,
    _STATE.UNDER_REVIEW: 4, _STATE.PREVENTED: 5, _STATE.WON: 5, _STATE.LOST: 5,
}  # fmt: skip
INQUIRIES = (_STATE.INQUIRY, _STATE.INQUIRY_REVIEW, _STATE.INQUIRY_CLOSED)
ANSWERABLE = (_STATE.INQUIRY, _STATE.NEEDS_RESPONSE)
OUTCOMES: dict[str, str] = {
    _STATE.WON: Dispute.Outcome.WON, _STATE.LOST: Dispute.Outcome.LOST,
    _STATE.INQUIRY_CLOSED: Dispute.Outcome.DROPPED, _STATE.PREVENTED: Dispute.Outcome.DROPPED,
}  # fmt: skip
# The provider's words for what the buyer told her bank.
REASONS: dict[str, Any] = {
    "fraudulent": _("The buyer says that she did not pay"),
    "unrecognized": _("The buyer does not recognize the payment"),
    "product_not_received": _("The buyer says that she did not get the course"),
    "product_unacceptable": _("The buyer says that the course is not what was promised"),
    "credit_not_processed": _("The buyer says that she was promised her money back"),
    "duplicate": _("The buyer says that she paid twice"),
    "subscription_canceled": _("The buyer says that she had canceled"),
    "general": _("No particular reason"),
}
