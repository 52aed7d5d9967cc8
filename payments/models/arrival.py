"""Money that came in at our own account, as somebody of finance read it there; what became of it, step by step."""

import re
from typing import Any, Self

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from marketplace.lib import clock
from marketplace.lib.errors import DomainError
from marketplace.lib.money import Money, currency_choices

from .ledger_kinds import Book
from .order import Order
from .payment_way import PaymentWay


class ArrivalNoted(DomainError):
    code = "arrival_noted"
    message = _("Somebody noted this arrival already: the bank's reference stands on the desk.")


def plain_reference(text: str) -> str:
    """A bank's reference without spaces, upper case: written otherwise it is the same."""
    return re.sub(r"\s", "", text).upper()


class ArrivalQuerySet(models.QuerySet["Arrival"]):
    @transaction.atomic
    def note(
        self, *, by: User, way: PaymentWay, amount: Money, bank_reference: str, text: str = "", payer: str = "",
        **facts: Any,
    ) -> "Arrival":  # fmt: skip
        """Write down what came in; `facts`: received_on. What the payer wrote stands beside it. Raises ArrivalNoted.

        One that was withdrawn as a mistake may be noted anew, once.
        """
        reference = plain_reference(bank_reference)
        before = self.filter(book=settings.PAYMENTS_BOOK, bank_reference=reference).standing().order_by("-pk").first()
        if before is not None and before.state != ArrivalStep.State.WITHDRAWN:
            raise ArrivalNoted
        try:
            with transaction.atomic():
                row = self.create(
                    book=settings.PAYMENTS_BOOK, way=way, amount_minor=amount.minor, currency=amount.currency,
                    bank_reference=reference, noted_by=by, noted_at=clock.now(), replaces=before, **facts,
                )  # fmt: skip
        except IntegrityError:
            raise ArrivalNoted from None
        ArrivalPayer.objects.create(arrival=row, name=payer, text=text)
        return row

    def standing(self) -> Self:
        """Each with its newest step: `state`, `why`, and the order that it names (`step_order_id`)."""
        newest = ArrivalStep.objects.filter(arrival=OuterRef("pk")).order_by("-pk")
        return self.annotate(
            state=Subquery(newest.values("state")[:1]), why=Subquery(newest.values("why")[:1]),
            step_order_id=Subquery(newest.values("order")[:1]),
        )  # fmt: skip

    def of_book(self) -> Self:
        return self.filter(book=settings.PAYMENTS_BOOK)

    def of(self, order: Order) -> Self:
        """Those that belong to an order by their newest step."""
        return self.standing().filter(step_order_id=order.pk)

    def of_all(self, orders: models.QuerySet[Order]) -> Self:
        """`of` for several: one that was laid against another order since is that one's, and tells of its payer."""
        return self.standing().filter(step_order_id__in=orders.values("pk"))

    def parts_of(self, order: Order) -> Self:
        """What came for an order and was too little so far."""
        short = {"state": ArrivalStep.State.UNMATCHED, "why": ArrivalStep.Why.SHORT}
        return self.of(order).filter(currency=order.currency, **short)

    def await_somebody(self) -> Self:
        """What a person has to decide on, the oldest first."""
        open_states = [ArrivalStep.State.UNMATCHED, ArrivalStep.State.WAITING, ArrivalStep.State.TO_SEND_BACK]
        found = self.of_book().standing().filter(state__in=open_states).order_by("pk")
        return found.select_related("way", "noted_by", "payer")

    def ended(self) -> Self:
        found = self.of_book().standing().filter(state__in=ArrivalStep.ENDS_SHOWN).order_by("-pk")
        return found.select_related("way", "noted_by", "payer")

    def hold(self, pk: int) -> "Arrival":
        """Lock an arrival; whoever holds an order as well locked that first."""
        self.select_for_update(no_key=True, of=("self",)).get(pk=pk)
        return self.standing().select_related("way", "payer").get(pk=pk)


class Arrival(models.Model):
    """So much came in on this day, under the bank's own reference. Append-only; what became of it are its steps."""

    book = models.CharField(max_length=8, choices=Book.choices)
    way = models.ForeignKey(PaymentWay, on_delete=models.PROTECT, related_name="+")
    received_on = models.DateField()
    amount_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3, choices=currency_choices())
    bank_reference = models.CharField(max_length=80)
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()
    # The one that was withdrawn as a mistake, and is noted anew with this.
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")

    state: str  # of rows of `standing()`
    why: str
    step_order_id: int | None

    objects = ArrivalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["book", "bank_reference"], condition=Q(replaces=None), name="one_arrival_a_bank_reference"
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0) & ~Q(bank_reference=""), name="arrival_is_something_of_a_bank"
            ),
        ]

    def __str__(self) -> str:
        return self.bank_reference

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


class ArrivalPayerQuerySet(models.QuerySet["ArrivalPayer"]):
    def forget(self, arrivals: Any) -> None:
        self.filter(arrival__in=arrivals).update(name="", text="")


class ArrivalPayer(models.Model):
    """Who sent it and what she wrote, as the bank shows it. Apart from the arrival: forgotten with her account."""

    arrival = models.OneToOneField(Arrival, primary_key=True, on_delete=models.PROTECT, related_name="payer")
    name = models.CharField(max_length=120, blank=True)
    text = models.CharField(max_length=200, blank=True)

    objects = ArrivalPayerQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class ArrivalStepQuerySet(models.QuerySet["ArrivalStep"]):
    def take(self, arrival: Arrival, state: str, *, by: User, **facts: Any) -> "ArrivalStep":
        """The next step. The caller holds the arrival."""
        step = self.create(arrival=arrival, state=state, by=by, at=clock.now(), **facts)
        arrival.state, arrival.why, arrival.step_order_id = state, step.why, step.order_id
        return step

    def who_sends_back(self, arrival: Arrival) -> int:
        """Who decided that it goes back, of one that does."""
        return self.values_list("by", flat=True).get(arrival=arrival, state=ArrivalStep.State.TO_SEND_BACK)


class ArrivalStep(models.Model):
    """Where an arrival stands from `at` on, by whom and why. Append-only; the newest one counts."""

    class State(models.TextChoices):
        UNMATCHED = "unmatched", _("Pays no order")
        WAITING = "waiting", _("Waits for a second person")
        BOOKED = "booked", _("Paid its order")
        WITHDRAWN = "withdrawn", _("Noted by mistake")
        TO_SEND_BACK = "to_send_back", _("To be sent back")
        SENT_BACK = "sent_back", _("Sent back")

    class Why(models.TextChoices):
        NONE = "", "–"
        NO_ORDER = "no_order", _("It names no order.")
        SHORT = "short", _("It is less than the order costs.")
        OVER = "over", _("It is more than the order costs.")
        CURRENCY = "currency", _("It is in another currency than the order.")
        ENDED = "ended", _("The order had ended before.")
        PAID = "paid", _("The order was paid before.")

    ENDS_SHOWN = (State.BOOKED, State.WITHDRAWN, State.SENT_BACK)

    arrival = models.ForeignKey(Arrival, on_delete=models.PROTECT, related_name="steps")
    state = models.CharField(max_length=12, choices=State.choices)
    why = models.CharField(max_length=10, choices=Why.choices, blank=True)
    order = models.ForeignKey(Order, null=True, on_delete=models.PROTECT, related_name="arrival_steps")
    reason = models.CharField(max_length=500, blank=True)
    bank_reference = models.CharField(max_length=80, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ArrivalStepQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            # An arrival ends in one way: it paid, was a mistake, or goes back; and it goes back once.
            models.UniqueConstraint(
                fields=["arrival"], condition=Q(state__in=["booked", "withdrawn", "to_send_back"]),
                name="an_arrival_ends_once",
            ),
            models.UniqueConstraint(
                fields=["arrival"], condition=Q(state="sent_back"), name="an_arrival_goes_back_once"
            ),
            models.CheckConstraint(
                condition=Q(state="booked", order__isnull=False)
                | Q(state="waiting", order__isnull=False)
                | (Q(state="unmatched") & ~Q(why=""))
                | (Q(state__in=["withdrawn", "to_send_back"]) & ~Q(reason=""))
                | (Q(state="sent_back") & ~Q(bank_reference="")),
                name="arrival_step_says_what_it_must",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["arrival", "-id"], name="arrival_step_newest")]

    def __str__(self) -> str:
        return f"{self.arrival_id}: {self.state}"
