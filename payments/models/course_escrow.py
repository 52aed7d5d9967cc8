"""A course's income while somebody else claims it: its creators' shares wait apart, each by a row, until a verdict."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, models
from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from courses.models import Course
from creators.models import Creator
from marketplace.lib.money import Money, currency_choices

from .item_share import ItemShare, ShareKind
from .ledger_kinds import Book
from .order_item import HOLDS_SOMETHING, OrderItem

_BEGINNINGS = "kezhan escrows that begin"


class CourseEscrowQuerySet(models.QuerySet["CourseEscrow"]):
    def open(self) -> "CourseEscrowQuerySet":
        """They take in what is sold. Of several of one course the oldest has it."""
        return self.filter(closed_at=None).order_by("id")

    def unsettled(self) -> "CourseEscrowQuerySet":
        """Awarded, and something of it still waits for its hold to pass."""
        return self.filter(outcome=CourseEscrow.Outcome.AWARD, settled_at=None).order_by("id")

    def courses_of(self, courses: Iterable[int]) -> set[int]:
        """Those of these courses whose income is held."""
        return set(self.open().filter(course__in=set(courses)).values_list("course_id", flat=True))

    def queue(self, course: Course) -> None:
        """Those that begin of one course come one after the other, in the order of their keys: none is overlooked.

        Not by the course's row: a refund, which has the sale, waits for that.
        """
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"kezhan escrows of course {course.pk}"])
            cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtext(%s))", [_BEGINNINGS])

    def hold_of(self, courses: Iterable[int]) -> list["CourseEscrow"]:
        """All of these courses, locked, the oldest first; and none begins of any course until the transaction ends."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [_BEGINNINGS])
        rows = self.filter(course__in=set(courses)).select_for_update(no_key=True, of=("self",))
        return list(rows.order_by("id"))


class CourseEscrow(models.Model):
    """From `opened_at` on the course's creators get nothing of it; `outcome` says whose what was held became."""

    class Outcome(models.TextChoices):
        BACK = "back", _("Back to its creators")
        AWARD = "award", _("To the claimant")

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="escrows")
    # What it is held for, as the app above names it.
    cause = models.CharField(max_length=60, unique=True)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    # Nobody: the clock.
    closed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    settled_at = models.DateTimeField(null=True)
    payee = models.ForeignKey(Creator, null=True, on_delete=models.PROTECT, related_name="awards")

    objects = CourseEscrowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="") | Q(closed_at__isnull=False, outcome__in=["back", "award"]),
                name="an_escrow_ends_for_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["course"], condition=Q(closed_at=None), name="escrow_open"),
            models.Index(fields=["id"], condition=Q(outcome="award", settled_at=None), name="escrow_unsettled"),
        ]

    def __str__(self) -> str:
        return f"{self.course}: {self.cause}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    def sales_to_take(self, book: str, *, also_released: bool) -> models.QuerySet[OrderItem]:
        """Paid sales of its course of which something is pending, or released and in no payout."""
        waiting = Q(shares__waiting__isnull=False) | Q(shares__reserve__isnull=False, shares__reserve__returned_at=None)
        hers = Q(shares__kind=ShareKind.CREATOR) & waiting & Q(released_at__isnull=False)
        of_course = OrderItem.objects.paid().filter(HOLDS_SOMETHING, course=self.course_id, order__book=book)
        pending = Q(released_at=None, escrowed_at=None)
        return of_course.filter(pending | hers).distinct() if also_released else of_course.filter(pending)

    def hold(self) -> "CourseEscrow":
        """Locked, and with it all of its course, always the oldest first: what one lets go another takes in, so two
        that end at once, or one that ends while another begins, come one after the other. Those that are closed too:
        an award that is overturned lets go what it was awarded.
        """
        rows = CourseEscrow.objects.select_for_update(no_key=True, of=("self",)).order_by("id")
        held = {row.pk: row for row in rows.filter(course=self.course_id)}
        return held[self.pk]

    def close(self, outcome: str, by: User | None, at: datetime) -> None:
        """Called by `payments.escrow`, which holds it."""
        self.outcome, self.closed_by, self.closed_at = outcome, by, at
        self.save(update_fields=["outcome", "closed_by", "closed_at"])

    def settle(self, at: datetime) -> None:
        self.settled_at = at
        self.save(update_fields=["settled_at"])

    def name_payee(self, payee: Creator) -> None:
        self.payee = payee
        self.save(update_fields=["payee"])


class EscrowedShareQuerySet(models.QuerySet["EscrowedShare"]):
    def kept(self) -> "EscrowedShareQuerySet":
        return self.filter(end="")

    def awarded(self) -> "EscrowedShareQuerySet":
        return self.filter(end=EscrowedShare.End.AWARD)

    def with_rest(self) -> "EscrowedShareQuerySet":
        """Not all of it went back to its buyer."""
        return self.filter(given_minor__lt=F("amount_minor"))

    def of_shares(self, shares: Iterable[int | None]) -> dict[int | None, "EscrowedShare"]:
        """Of these shares, where each stands that is in escrow or was awarded."""
        asked = {share for share in shares if share is not None}
        return {row.share_id: row for row in self.exclude(end=EscrowedShare.End.BACK).filter(share__in=asked)}

    def take(self, escrow: CourseEscrow, rows: Iterable[tuple[ItemShare, str, Money]], at: datetime) -> None:
        """(share, book, what came into escrow of it). What came of a share that is there already is added."""
        rows = [row for row in rows if row[2]]
        here = self.kept().filter(escrow=escrow, share__in=[share for share, _book, _amount in rows])
        known, new = {row.share_id: row for row in here}, []
        for share, book, amount in rows:
            if share.pk in known:
                known[share.pk].add(amount)
            else:
                new.append((share, book, amount))
        self.bulk_create(
            EscrowedShare(
                escrow=escrow, share_id=share.pk, owner_id=share.owner_id, book=book, currency=amount.currency,
                amount_minor=amount.minor, taken_at=at,
            )
            for share, book, amount in new
        )  # fmt: skip

    def already(self, escrow: CourseEscrow, items: Iterable[int]) -> dict[int, int]:
        """Of these sales, what an escrow has taken of each until now, in minor units. It only grows."""
        rows = self.filter(escrow=escrow, share__item__in=items).values_list("share__item")
        return dict(rows.annotate(total=Sum("amount_minor")))

    def take_parts(self, escrow: CourseEscrow, parts: Iterable[tuple[Any, Money]], at: datetime) -> None:
        """(part of the pool, what came into escrow of it)."""
        self.bulk_create(
            EscrowedShare(
                escrow=escrow, pool_part=part, owner_id=part.owner_id, book=part.division.book,
                currency=amount.currency, amount_minor=amount.minor, taken_at=at,
            )
            for part, amount in parts
        )  # fmt: skip

    def of_parts(self) -> "EscrowedShareQuerySet":
        """Parts of the pool, with what is needed to move them."""
        return self.filter(pool_part__isnull=False).select_related("escrow").order_by("pk")

    def sums(self) -> list[Money]:
        """What of these is left, a currency each."""
        rows = self.values_list("currency").annotate(left=Sum(F("amount_minor") - F("given_minor")))
        return [Money(left, currency) for currency, left in rows.order_by("currency") if left]

    def receivers(self) -> set[int]:
        """Whose available balances change where these go back: their creators', and those of who was paid an award."""
        rows = self.order_by().values_list("owner_id", "escrow__payee_id").distinct()
        return {creator for row in rows for creator in row if creator is not None}

    def end_as(self, end: str, at: datetime) -> None:
        self.update(end=end, ended_at=at)

    def mark_paid(self, at: datetime | None) -> None:
        self.update(paid_at=at)


class EscrowedShare(models.Model):
    """One creator's part of one sale, or of the pass's pool, in escrow. `given_minor` of it went back to the buyer
    meanwhile.
    """

    class End(models.TextChoices):
        BACK = "back", _("Back to its creators")
        AWARD = "award", _("To the claimant")

    escrow = models.ForeignKey(CourseEscrow, on_delete=models.PROTECT, related_name="shares")
    share = models.ForeignKey(ItemShare, null=True, on_delete=models.PROTECT, related_name="escrowed")
    pool_part = models.ForeignKey("payments.PoolPart", null=True, on_delete=models.PROTECT, related_name="escrowed")
    owner = models.ForeignKey(Creator, on_delete=models.PROTECT, related_name="+", db_index=False)
    book = models.CharField(max_length=8, choices=Book.choices)
    currency = models.CharField(max_length=3, choices=currency_choices())
    amount_minor = models.PositiveBigIntegerField()
    given_minor = models.PositiveBigIntegerField(default=0)
    taken_at = models.DateTimeField()
    end = models.CharField(max_length=8, choices=End.choices, blank=True)
    ended_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)

    objects = EscrowedShareQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["share"], condition=~Q(end="back"), name="a_share_is_in_one_escrow"),
            models.UniqueConstraint(fields=["pool_part"], condition=~Q(end="back"), name="a_part_is_in_one_escrow"),
            models.CheckConstraint(
                condition=Q(share=None, pool_part__isnull=False, given_minor=0)
                | Q(share__isnull=False, pool_part=None),
                name="escrow_has_a_share_or_a_part",
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, given_minor__lte=F("amount_minor")), name="escrow_gives_what_it_has"
            ),
        ]
        indexes = [models.Index(fields=["owner", "currency", "book"], condition=Q(end=""), name="escrowed_of_owner")]

    def __str__(self) -> str:
        return f"{self.share_id or self.pool_part_id}: {self.amount_minor}"

    @property
    def left(self) -> Money:
        return Money(self.amount_minor - self.given_minor, self.currency)

    def add(self, amount: Money) -> None:
        """More of the share came in. The caller holds the item."""
        self.amount_minor += amount.minor
        self.save(update_fields=["amount_minor"])

    def give(self, amount: Money) -> Money:
        """A buyer's money goes back: so much of it comes from here. The caller holds the item."""
        part = min(amount, self.left, key=lambda money: money.minor)
        self.given_minor += part.minor
        self.save(update_fields=["given_minor"])
        return part


def in_escrow(course: Any) -> list[Money]:
    """What of a course's income is held now, a currency each."""
    return EscrowedShare.objects.kept().filter(escrow__course=course).sums()
