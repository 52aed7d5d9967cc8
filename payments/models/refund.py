"""Money given back: who asked, when and why; then the provider does it, and the books follow."""

from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from marketplace.lib import clock
from marketplace.lib.errors import DomainError
from marketplace.lib.money import Money
from marketplace.lib.work import Work

from .after_refund import AfterRefund
from .order import Order
from .order_item import OrderItem
from .refund_line import RefundLine
from .under_key import AskedUnderKey


class OrderDisputed(DomainError):
    code = "order_disputed"
    message = _("The buyer's bank disputes this payment and holds the money. It is not given back a second way.")


class RefundQuerySet(models.QuerySet["Refund"]):
    def ask(
        self, order: Order, asked: list[tuple[OrderItem, int]], *, by: Any, reason: str, cause: str,
        ends_access: bool = True, origin: str = "",
    ) -> "Refund":  # fmt: skip
        """Ask to give back so many minor units of each of these items. The caller holds the order.

        With `ends_access` the courses go back too, however little of the money does. Raises MoreThanIsLeft,
        OrderDisputed.
        """
        if order.disputes.refusing_refunds().exists():
            raise OrderDisputed(order=order.number)
        refund = self._lay_down(order, asked, by=by, reason=reason, cause=cause, ends_access=ends_access, origin=origin)
        refund.ring()
        return refund

    def _lay_down(
        self, order: Order, asked: list[tuple[OrderItem, int]], *, by: Any, reason: str, cause: str, ends_access: bool,
        origin: str = "",
    ) -> "Refund":  # fmt: skip
        refund = self.create(
            order=order, amount_minor=sum(minor for _item, minor in asked), requested_by=by, reason=reason[:300],
            cause=cause, requested_at=clock.now(), ends_access=ends_access, origin=origin,
        )  # fmt: skip
        RefundLine.objects.line_up(refund, asked)
        is_lost, counts = cause == Refund.Cause.DISPUTE, any(item.granted_at for item, _minor in asked)
        if ends_access and order.agreement and counts and (is_lost or order.lasts):
            # Whoever gives one part back with the course gives up the parts that are open, and with the present month
            # those to come; money that came twice is no part of it.
            reasons = order.agreement.EndReason
            order.agreement.hold().end(reasons.DISPUTED if is_lost else reasons.REFUNDED, refund.requested_at)
        return refund

    def make_anew(self, failed: "Refund", *, provider_refund_id: str) -> "Refund":
        """One that we gave up has happened at the provider after all: a refund as that one was asked for, of what is
        left now. The caller holds the order. Raises MoreThanIsLeft.
        """
        asked = [(line.item, line.amount_minor) for line in failed.lines.select_related("item")]
        refund = self._happened(
            failed.order, asked, failed.reason, failed.cause, ends_access=failed.ends_access, by=failed.requested_by,
            origin=failed.origin,
        )  # fmt: skip
        refund.name_at_provider(provider_refund_id)
        return refund

    def adopt(self, order: Order, items: list[OrderItem], *, provider_refund_id: str) -> "Refund":
        """A refund that somebody made at the provider itself; it has happened, so nobody is rung."""
        asked = [(item, item.left.minor) for item in items]
        refund = self._happened(order, asked, "Made at the payment provider", Refund.Cause.PROVIDER, ends_access=True)
        refund.name_at_provider(provider_refund_id)
        return refund

    def lose(self, order: Order, asked: list[tuple[OrderItem, int]], *, reason: str, ends_access: bool) -> "Refund":
        """What a lost dispute has given to the buyer: settled at once. The caller holds the order."""
        refund = self._happened(order, asked, reason, Refund.Cause.DISPUTE, ends_access=ends_access)
        refund.settle()
        return refund

    def _happened(
        self, order: Order, asked: list[tuple[OrderItem, int]], reason: str, cause: str, *, ends_access: bool,
        by: Any = None, origin: str = "",
    ) -> "Refund":  # fmt: skip
        """The money has gone already, so no worker may send it: as work it is finished from the start."""
        refund = self._lay_down(order, asked, by=by, reason=reason, cause=cause, ends_access=ends_access, origin=origin)
        self.filter(pk=refund.pk).update(finished_at=Now())
        refund.refresh_from_db(fields=["finished_at"])
        return refund

    def under_way(self) -> Self:
        """Asked for, and not known to have happened or to have failed."""
        return self.filter(state=Refund.State.REQUESTED)

    def left_pending(self, age: timedelta) -> "RefundQuerySet":
        """The provider has taken them and has not said how they ended."""
        waiting = self.filter(state=Refund.State.REQUESTED, provider_refund_id__isnull=False)
        return waiting.filter(requested_at__lt=clock.now() - age)


class Refund(AskedUnderKey, Work):
    """A wish to give back a part or all of some items of a paid order. As work it is the call to the provider."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("On its way")
        DONE = "done", _("Refunded")
        FAILED = "failed", _("Failed")

    class Cause(models.TextChoices):
        STAFF = "staff", _("Decided by the finance team")
        DUPLICATE = "duplicate", _("Paid for twice")
        PROVIDER = "provider", _("Made at the payment provider")
        METER = "meter", _("Given back by the buyer")
        DISPUTE = "dispute", _("Lost dispute")
        GOODWILL = "goodwill", _("Goodwill")
        TIP = "tip", _("Tip taken back by its giver")
        MONTH = "month", _("Month of a membership given back")
        RULES = "rules", _("Course taken from its learners under the rules")

    TASK = "payments.tasks.send_refund"
    LEASE = timedelta(minutes=2)
    MAX_ATTEMPTS = 10
    # After this its key is used no more: what is kept under it is a failure.
    KEY_LIFE = timedelta(hours=1)

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="refunds")
    amount_minor = models.PositiveBigIntegerField()
    # Whether the buyer's right to watch ends with it.
    ends_access = models.BooleanField(default=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    reason = models.CharField(max_length=300)
    cause = models.CharField(max_length=12, choices=Cause.choices)
    # What ordered it, as the app above names it: with that, all refunds of one decision are found.
    origin = models.CharField(max_length=60, blank=True, db_default="")
    state = models.CharField(max_length=10, choices=State.choices, default=State.REQUESTED)
    provider_refund_id = models.CharField(max_length=80, unique=True, null=True)  # noqa: DJ001
    settled_at = models.DateTimeField(null=True)
    # When the buyer's bank sent back what had been given: the money is with us again, and still hers.
    came_back_at = models.DateTimeField(null=True)

    objects = RefundQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(finished_at=None, dead_at=None), name="refund_due"),
            models.Index(fields=["origin"], condition=~Q(origin=""), name="refund_of_origin"),
            # Every run of payouts asks for them, and there are few among all that ever were.
            models.Index(fields=["order"], condition=Q(state="requested"), name="refund_under_way"),
        ]  # fmt: skip
        constraints = [
            models.CheckConstraint(
                condition=Q(came_back_at=None) | Q(state="done"), name="refund_came_back_after_it_was_done"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: −{self.amount}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.order.currency)

    @property
    def ledger_key(self) -> str:
        """Under which it is booked; what a lost dispute took has a key of the dispute."""
        return f"refund:{self.provider_refund_id or f'order:{self.order.reference}:{self.pk}'}"

    @property
    def is_the_buyers(self) -> bool:
        """She took it back herself, and was told that it is on its way."""
        return self.cause in (self.Cause.METER, self.Cause.TIP, self.Cause.MONTH)

    @property
    def items(self) -> list[OrderItem]:
        return [line.item for line in self.lines.select_related("item__course").order_by("item__course_id")]

    def hold(self) -> "Refund":
        """Lock the refund, its order first (everybody locks in that order), of a price in parts all of them."""
        Order.objects.hold_with_parts(self.order_id)
        return Refund.objects.select_for_update(no_key=True, of=("self",)).select_related("order").get(pk=self.pk)

    @property
    def may_have_been_asked(self) -> bool:
        """Whether the provider is to be looked at first. A version before this noted no call, but counted the try."""
        return self.asked_at is not None or self.attempts > 1 or self.rounds > 0

    @property
    def provider_name(self) -> str:
        """What the provider keeps with it, and by which it is found there."""
        return f"{self.order.reference}:{self.pk}"

    @property
    def provider_key(self) -> str:
        """Under which it is asked for now."""
        return f"refund:{self.provider_name}" + (f":{self.key_no}" if self.key_no > 1 else "")

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
            line.item.mark_given_back(line.amount_minor, self.settled_at, ends_access=line.ends_access)
        self.order.mark_refunded()
        AfterRefund.objects.begin(self)
        return True

    def fail(self) -> bool:
        """The provider will not: the items stay bought, and can be asked for again. False when it was noted before."""
        if self.state != self.State.REQUESTED:
            return False
        self.state, self.settled_at = self.State.FAILED, clock.now()
        self.save(update_fields=["state", "settled_at"])
        for line in self.lines.select_related("item"):
            line.item.keep_after_all(line.amount_minor)
        self.lines.update(failed_at=self.settled_at)
        return True

    def come_back(self) -> bool:
        """It was given back, and the buyer's bank did not take it. False when that was noted before, or it was never
        given back. The caller holds the refund.
        """
        if self.state != self.State.DONE or self.came_back_at is not None:
            return False
        self.came_back_at = clock.now()
        self.save(update_fields=["came_back_at"])
        return True

    def on_dead(self) -> None:
        self.order.flag(f"refund {self.pk} was not sent: {self.last_error}")
