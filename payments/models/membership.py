"""The memberships that people pay month by month.

A month is an ordinary order (`Order.membership`, with its `month`), with its own charge, sale, shares, tax, invoice and
refund. The membership's row says what was agreed, which never changes, and how far it is; each paid month is a row.
"""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from creators.models import Creator
from marketplace.lib.money import Money, currency_choices

from ..frozen_sale import quoted_of
from ..monthly import TRIES, TRY_AGAIN_AFTER, moment, nth_day
from ..quotes import Quoted
from .ledger_kinds import Book
from .membership_charge import MembershipRelease
from .membership_month import MembershipMonth
from .membership_offer import MembershipOffer
from .membership_queries import GRACE, PaidMembershipQuerySet
from .membership_rights import OpensCourses
from .refund_rule import RefundRule

if TYPE_CHECKING:
    from .order import Order

# A month of which less is left is not asked for any more.
WORTH_PAYING = timedelta(days=15)


class Membership(OpensCourses):
    """What somebody agreed to: which offer, at what a month, by which sale, from which day on. Then how far it is.

    proposed → running → ended. Paid until `paid_until`; `next_at` is when something is to be done next. Month n lies
    between the nth and the next of its days; months that nobody could pay are left out, never made up for.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Not begun")
        RUNNING = "running", _("Running")
        ENDED = "ended", _("Ended")

    class EndReason(models.TextChoices):
        CANCELED = "canceled", _("You canceled it.")
        NOT_PAID = "not_paid", _("A month was not paid.")
        REFUNDED = "refunded", _("A month was given back.")
        DISPUTED = "disputed", _("A payment was disputed and lost.")
        CLOSED = "closed", _("The membership is not offered any more.")
        CREATOR_GONE = "creator_gone", _("Its creator offers nothing here any more.")
        FORGOTTEN = "forgotten", _("The account was deleted.")

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="paid_memberships")
    # The offer's, again: null for the pass.
    creator = models.ForeignKey(Creator, null=True, on_delete=models.PROTECT, related_name="paid_memberships")
    book = models.CharField(max_length=8, choices=Book.choices)
    # What was agreed, and when: it never changes, but for a first day on which the first month was not heard of.
    offer = models.ForeignKey(MembershipOffer, on_delete=models.PROTECT, related_name="memberships")
    currency = models.CharField(max_length=3, choices=currency_choices())
    total_minor = models.PositiveBigIntegerField()
    terms = models.JSONField()  # the sale of each month (`payments.frozen_sale`)
    refund_rule = models.ForeignKey(RefundRule, on_delete=models.PROTECT, related_name="+")
    first_on = models.DateField()
    key = models.CharField(max_length=64)
    language = models.CharField(max_length=12)
    agreed_at = models.DateTimeField()
    # How far it is.
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    started_at = models.DateTimeField(null=True)
    last_month = models.PositiveSmallIntegerField(default=0)  # the number of the last paid one
    paid_until = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    failed_tries = models.PositiveSmallIntegerField(default=0)
    # Since when its courses are closed, though it runs: a month did not come.
    paused_at = models.DateTimeField(null=True)
    # When she said that no further month is to be taken.
    canceled_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=12, blank=True, choices=EndReason.choices)
    # The last day on which the kept card is good, where it is a card; and of which one she was told.
    card_until = models.DateField(null=True)
    card_told = models.DateField(null=True)
    # Since when it opens no course at all.
    empty_since = models.DateTimeField(null=True)
    # The means of payment that she agreed to keep, by the provider's names; empty again once it has ended.
    customer_id = models.CharField(max_length=80, blank=True)
    method_id = models.CharField(max_length=80, blank=True)

    objects = PaidMembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "key"], condition=Q(state="proposed"), name="one_proposed_membership_a_key"
            ),
            models.UniqueConstraint(
                fields=["member", "creator", "book"], condition=Q(state="running"), nulls_distinct=False,
                name="one_running_membership_a_creator",
            ),
            models.CheckConstraint(
                condition=Q(state="running", next_at__isnull=False, paid_until__isnull=False, last_month__gte=1)
                | Q(~Q(state="running"), next_at=None),
                name="a_running_membership_has_its_next_day",
            ),
            models.CheckConstraint(
                condition=Q(state="ended", ended_at__isnull=False) & ~Q(end_reason="")
                | Q(~Q(state="ended"), ended_at=None, end_reason=""),
                name="a_membership_that_ended_says_why",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state="running"), name="membership_due"),
            models.Index(fields=["creator", "state"], name="membership_of_creator"),
        ]

    def __str__(self) -> str:
        return f"{self.token}: {self.state}, month {self.last_month}"

    def get_absolute_url(self) -> str:
        return reverse("payments:membership", args=[self.token])

    @property
    def reference(self) -> str:
        """What its rights name as what gave them."""
        return self.token.hex

    @property
    def price(self) -> Money:
        return Money(self.total_minor, self.currency)

    @property
    def is_live(self) -> bool:
        return self.state == self.State.RUNNING

    @property
    def is_taken_from(self) -> bool:
        """Whether a month may be taken for it with the means that were kept."""
        return self.is_live and self.canceled_at is None

    def wants(self, order: "Order", now: datetime) -> bool:
        """Whether this order of a month may still be taken with the means that were kept: not once the month is over,
        nor while a bank disputes another one.
        """
        disputed = self.orders.filter(items__disputed_at__isnull=False).exists()
        return self.is_taken_from and self.span(order.month)[1] > now and not disputed

    @property
    def open_until(self) -> datetime | None:
        """Until when its courses stay open if nothing more is paid."""
        if not self.is_live or self.paid_until is None:
            return None
        return self.paid_until if self.canceled_at else self.paid_until + GRACE

    @property
    def end_text(self) -> str:
        return self.get_end_reason_display()

    def is_open(self, now: datetime) -> bool:
        """Whether its courses may be watched at `now`."""
        return self.open_until is not None and now < self.open_until

    def span(self, number: int) -> tuple[datetime, datetime]:
        """From when to when the month of this number lasts."""
        return moment(nth_day(self.first_on, number)), moment(nth_day(self.first_on, number + 1))

    def next_month(self, now: datetime) -> int:
        """The number of the month that is to be paid next at `now`: one of which little is left is not asked for."""
        number = self.last_month + 1
        while self.span(number)[1] - now < WORTH_PAYING:
            number += 1
        return number

    def sale(self) -> Quoted:
        """Of each month, as it was frozen."""
        return quoted_of(self.terms, self.currency)

    def hold(self) -> "Membership":
        """With what else of its member runs: courses pass from one to another."""
        return Membership.objects.hold_all([self.pk])[self.pk]

    # Each of these is called by who holds the row.
    def take_month(
        self, order: "Order", *, customer_id: str = "", method_id: str = "", card_until: date | None = None
    ) -> bool:
        """Its order of a month is paid. False where that does not fit: it has ended or was canceled, the month was paid
        before, or she has another one of the same creator.
        """
        starts, at = self.state == self.State.PROPOSED, order.paid_at
        assert at is not None
        begins, ends = self.span(order.month)
        if starts and (ends <= at or self._has_rival()):
            self.customer_id, self.method_id = customer_id, method_id
            self.end(self.EndReason.REFUNDED, at)  # so that the provider forgets these
            return False
        if ends <= at or order.month <= self.last_month or not (starts or self.is_taken_from):
            return False
        if starts:
            # Heard of on a later day, it lasts a whole month from then on, and so do those to come.
            self.first_on = max(self.first_on, at.astimezone(UTC).date())
            self.state, self.started_at, begins, ends = self.State.RUNNING, at, at, self.span(order.month)[1]
            self.take_over()
        self.last_month, self.paid_until, self.next_at, self.failed_tries = order.month, ends, ends, 0
        if customer_id and method_id:
            self.customer_id, self.method_id, self.card_until = customer_id, method_id, card_until
        self.paused_at = None
        MembershipMonth.objects.create(
            membership=self, number=order.month, order=order, starts_at=begins, ends_at=ends, paid_at=at
        )
        self._keep()
        self.align()
        return True

    def fail_try(self, at: datetime) -> None:
        """A try did not bring the month. After the last one it ends; she may begin another one at any time."""
        if not self.is_live:
            return
        self.failed_tries += 1
        if self.failed_tries < TRIES:
            self.next_at = at + TRY_AGAIN_AFTER[self.failed_tries - 1]
            self._keep()
        else:
            self.end(self.EndReason.NOT_PAID, at)

    def pause(self, at: datetime) -> None:
        """Its courses are closed until a month is paid."""
        self.paused_at = at
        self._keep()
        self.align()

    def cancel(self, at: datetime) -> None:
        """No further month is taken, and it ends with the paid one; at once where that is over."""
        assert self.paid_until is not None
        self.canceled_at, self.next_at = at, self.paid_until
        if self.paid_until <= at:
            self.end(self.EndReason.CANCELED, at)
        else:
            self._keep()

    def go_on(self) -> None:
        """It is not canceled after all."""
        self.canceled_at, self.next_at = None, self.paid_until
        self._keep()

    def note_card_told(self) -> None:
        self.card_told = self.card_until
        self._keep()

    def put_off(self, until: datetime) -> None:
        self.next_at = until
        self._keep()

    def end(self, reason: str, at: datetime) -> bool:
        """Nothing more is taken, and its courses close. False where it had ended. Money that comes all the same is
        given back.
        """
        if self.state == self.State.ENDED:
            return False
        self.state, self.next_at, self.ended_at, self.end_reason = self.State.ENDED, None, at, reason
        self._keep()
        self.align()
        MembershipRelease.objects.begin(self)
        return True

    def forget_means(self) -> None:
        self.customer_id = self.method_id = ""
        self._keep()

    def _has_rival(self) -> bool:
        same = Membership.objects.running().filter(member=self.member_id)
        return (same.filter(creator=self.creator_id) if self.creator_id else same.filter(creator=None)).exists()

    def _keep(self) -> None:
        self.save(update_fields=[
            "state", "first_on", "started_at", "last_month", "paid_until", "next_at", "failed_tries", "paused_at",
            "canceled_at", "ended_at", "end_reason", "customer_id", "method_id", "card_until", "card_told",
        ])  # fmt: skip
