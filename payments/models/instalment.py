"""The plans by which buyers pay a course in parts.

A part is an ordinary order (`Order.plan`, from `part` to `part_to`), with its own charge, sale, shares, tax, invoice
and refund. The plan's row says what was agreed, which never changes, and how far it is.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from learners.models import Enrollment
from marketplace.lib.money import Money, currency_choices

from ..frozen_sale import quoted_of
from ..instalments import schedule
from ..monthly import TRIES, TRY_AGAIN_AFTER, moment
from ..quotes import Quoted
from .customer_release import CustomerRelease
from .instalment_charge import MeansRelease
from .ledger_kinds import Book
from .membership_month import MembershipOpening
from .plan_pause import PlanPause
from .refund_rule import RefundRule

if TYPE_CHECKING:
    from .order import Order


class PlanQuerySet(models.QuerySet["InstalmentPlan"]):
    def of(self, buyer: Any) -> Self:
        """Hers that came to be: what was only proposed shows nowhere."""
        return self.filter(buyer=buyer).exclude(state=InstalmentPlan.State.PROPOSED)

    def visible_to(self, person: Any) -> Self:
        """Her own; finance and auditors see everybody's."""
        began = self.exclude(state=InstalmentPlan.State.PROPOSED)
        return began if person.may_read("finance") else began.filter(buyer=person)

    def open_sums(self) -> list[Money]:
        """What all of these have still to bring, a currency each."""
        plans = self.only("state", "currency", "total_minor", "amounts_minor", "paid_parts")
        currencies = sorted({plan.currency for plan in plans})
        return [Money.total((one.open for one in plans if one.currency == code), code) for code in currencies]

    def live(self) -> Self:
        return self.filter(book=settings.PAYMENTS_BOOK, state__in=InstalmentPlan.LIVE)

    def shown(self) -> Self:
        return self.select_related("course__creator", "buyer").order_by("-pk")

    def due(self, now: datetime) -> Self:
        """A part is to be taken: no order of it is open, and no bank disputes one that was paid."""
        from .order import Order

        theirs = Order.objects.filter(plan=OuterRef("pk"))
        held = theirs.filter(Q(state=Order.State.PENDING) | Q(items__disputed_at__isnull=False))
        running = self.filter(book=settings.PAYMENTS_BOOK, state=InstalmentPlan.State.RUNNING)
        return running.filter(~Exists(held), next_at__lte=now)

    def in_trouble(self) -> Self:
        """Paused, or a try has failed since the last part came."""
        return self.live().filter(Q(failed_tries__gt=0) | Q(state=InstalmentPlan.State.PAUSED))

    def hold_all(self, pks: Iterable[int]) -> dict[int, "InstalmentPlan"]:
        """Lock them in order of their keys. Whoever holds orders too held those first."""
        rows = self.filter(pk__in=set(pks)).select_for_update(no_key=True, of=("self",))
        return {plan.pk: plan for plan in rows.order_by("pk")}

    def end_all_of(self, buyer: Any, at: datetime) -> None:
        """Her account is deleted: nothing more is taken, and the provider forgets what was kept. The caller has made
        sure that no part is under way.
        """
        open_ = self.filter(buyer=buyer, state__in=[*InstalmentPlan.LIVE, InstalmentPlan.State.PROPOSED])
        for plan in self.hold_all(open_.values_list("pk", flat=True)).values():
            plan.end(InstalmentPlan.EndReason.FORGOTTEN, at)

    def propose(self, **agreed: Any) -> "InstalmentPlan":
        """The buyer's plan with this key that waits for its first part; made if there is none."""
        found, _is_new = self.get_or_create(
            buyer=agreed.pop("buyer"), key=agreed.pop("key"), state=InstalmentPlan.State.PROPOSED, defaults=agreed
        )
        return found


class InstalmentPlan(models.Model):
    """What a buyer agreed to: the amounts of all parts, their days, and by which sale and rule. Then how far it is.

    proposed → running ⇄ paused → done, or from any of them → ended. `next_at` is when the next part is tried.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Not begun")
        RUNNING = "running", _("Running")
        PAUSED = "paused", _("Paused")
        DONE = "done", _("Paid")
        ENDED = "ended", _("Ended")

    class EndReason(models.TextChoices):
        REFUNDED = "refunded", _("The course was given back, so its open parts are canceled.")
        DISPUTED = "disputed", _("A payment was disputed and lost, so the open parts are canceled.")
        COURSE_GONE = "course_gone", _("The course is not offered any more, so its open parts are canceled.")
        RIGHT_ENDED = "right_ended", _("Your access to the course has ended, so the open parts are canceled.")
        UNPAID = "unpaid", _("A part was not paid for half a year, so the plan and the access have ended.")
        FORGOTTEN = "forgotten", _("The account was deleted.")

    LIVE = (State.RUNNING, State.PAUSED)

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    buyer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="instalment_plans")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="instalment_plans")
    book = models.CharField(max_length=8, choices=Book.choices)
    currency = models.CharField(max_length=3, choices=currency_choices())
    # What was agreed, and when: it never changes.
    total_minor = models.PositiveBigIntegerField()
    months = models.PositiveSmallIntegerField()
    amounts_minor = ArrayField(models.PositiveBigIntegerField())
    due_on = ArrayField(models.DateField())
    terms = models.JSONField()  # the whole sale (`payments.frozen_sale`)
    refund_rule = models.ForeignKey(RefundRule, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)
    language = models.CharField(max_length=12)
    agreed_at = models.DateTimeField()
    # How far it is.
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    reference = models.CharField(max_length=12, blank=True)  # the number of the first part's order: of the right, too
    started_at = models.DateTimeField(null=True)
    paid_parts = models.PositiveSmallIntegerField(default=0)
    failed_tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    told_part = models.PositiveSmallIntegerField(default=0, db_default=0)  # of which she was reminded, days before
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=12, blank=True, choices=EndReason.choices)
    # The means of payment that she agreed to keep, by the provider's names; empty again once nothing is open.
    customer_id = models.CharField(max_length=80, blank=True)
    method_id = models.CharField(max_length=80, blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["buyer", "key"], condition=Q(state="proposed"), name="one_proposed_plan_a_key"
            ),
            models.UniqueConstraint(
                fields=["buyer", "course"], condition=Q(state__in=["running", "paused"]), name="one_live_plan_a_course"
            ),
            models.CheckConstraint(
                condition=Q(state="running", next_at__isnull=False) | Q(~Q(state="running"), next_at=None),
                name="a_running_plan_has_its_next_day",
            ),
            models.CheckConstraint(
                condition=Q(state="done", paid_parts=F("months")) | Q(~Q(state="done"), paid_parts__lt=F("months")),
                name="a_plan_is_done_when_all_is_paid",
            ),
        ]
        indexes = [models.Index(fields=["next_at"], condition=Q(state="running"), name="plan_due")]

    def __str__(self) -> str:
        return f"{self.reference or self.token}: {self.paid_parts}/{self.months}"

    def get_absolute_url(self) -> str:
        return reverse("payments:instalment_plan", args=[self.token])

    @property
    def amounts(self) -> list[Money]:
        return [Money(minor, self.currency) for minor in self.amounts_minor]

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)

    @property
    def paid(self) -> Money:
        return Money(sum(self.amounts_minor[: self.paid_parts]), self.currency)

    @property
    def open(self) -> Money:
        """What is still to be paid; nothing of a plan that has ended."""
        return self.total - self.paid if self.is_live else Money.zero(self.currency)

    def open_after(self, part: int) -> Money:
        """What of the price comes after this part."""
        return Money(sum(self.amounts_minor[part:]), self.currency)

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE

    def wants(self, order: "Order", now: datetime) -> bool:
        """Whether this order of its parts may still be taken with the means that were kept."""
        return self.is_live

    @property
    def is_paused(self) -> bool:
        return self.state == self.State.PAUSED

    @property
    def next_part(self) -> int:
        return self.paid_parts + 1

    @property
    def next_amount(self) -> Money:
        return self.amounts[self.paid_parts]

    def whole(self) -> Quoted:
        """The whole sale as it was frozen."""
        return quoted_of(self.terms, self.currency)

    def hold(self) -> "InstalmentPlan":
        return InstalmentPlan.objects.select_for_update(no_key=True, of=("self",)).get(pk=self.pk)

    # Each of these is called by who holds the row.
    def take_part(self, order: "Order", *, customer_id: str = "", method_id: str = "") -> bool:
        """An order of its parts is paid. False where that does not fit: it has ended, or the part was paid before."""
        starts = self.state == self.State.PROPOSED
        if not (starts or self.is_live) or order.part != self.next_part or starts != (order.part == 1):
            return False
        assert order.paid_at is not None
        if starts:
            self.reference, self.started_at = order.number, order.paid_at
        self.paid_parts, self.failed_tries = order.part_to, 0
        if customer_id and method_id:
            if self.customer_id != customer_id:  # she paid with another one, which serves the rest
                CustomerRelease.objects.begin(self.customer_id, self.book)
            self.customer_id, self.method_id = customer_id, method_id
        self._resume(order.paid_at)
        if self.paid_parts == self.months:
            self.state, self.next_at, self.ended_at = self.State.DONE, None, order.paid_at
            MeansRelease.objects.begin(self)
        else:
            due = moment(self.due_on[self.paid_parts])
            self.state, self.next_at = self.State.RUNNING, max(due, order.paid_at + schedule.APART)
        self._keep()
        return True

    def fail_try(self, at: datetime) -> None:
        """A try did not bring the part. After the last one the right pauses."""
        if self.state != self.State.RUNNING:
            return
        self.failed_tries += 1
        if self.failed_tries < TRIES:
            self.next_at = at + TRY_AGAIN_AFTER[self.failed_tries - 1]
        else:
            self.state, self.next_at = self.State.PAUSED, None
            PlanPause.objects.create(plan=self, part=self.next_part, paused_at=at)
            Enrollment.objects.pause(self.reference, timezone.now())  # as what opens it meanwhile is noted
            # Only she herself goes on with it, and what she pays with then is kept anew.
            CustomerRelease.objects.begin(self.customer_id, self.book)
            self.customer_id = self.method_id = ""
        self._keep()

    def end(self, reason: str, at: datetime) -> bool:
        """Nothing more is taken. False where nothing was open. Money that comes all the same is given back."""
        if not (self.is_live or self.state == self.State.PROPOSED):
            return False
        self._resume(at)
        self.state, self.next_at, self.ended_at, self.end_reason = self.State.ENDED, None, at, reason
        self._keep()
        MeansRelease.objects.begin(self)
        return True

    def note_reminder(self) -> None:
        self.told_part = self.next_part
        self._keep()

    def was_put_off(self, now: datetime) -> bool:
        """Its day has passed without a try, and she was not told of another."""
        is_late = moment(self.due_on[self.paid_parts]) < now - schedule.SOON
        return is_late and not self.failed_tries and self.told_part <= self.paid_parts

    def put_off(self, until: datetime) -> None:
        """What was said of its day is no longer so."""
        self.next_at, self.told_part = until, min(self.told_part, self.paid_parts)
        self._keep()

    def forget_means(self) -> None:
        self.customer_id = self.method_id = ""
        self._keep()

    def _resume(self, at: datetime) -> None:
        if self.is_paused:
            PlanPause.objects.filter(plan=self, lifted_at=None).update(lifted_at=at)
            Enrollment.objects.resume(self.reference)
            MembershipOpening.objects.end_of(self.buyer_id, self.course)

    def _keep(self) -> None:
        self.save(update_fields=[
            "state", "reference", "started_at", "paid_parts", "failed_tries", "next_at", "ended_at", "end_reason",
            "customer_id", "method_id", "told_part",
        ])  # fmt: skip
