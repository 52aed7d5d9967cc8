"""The divisions of the pass's pool: one a month and currency, what each member's month gave it, and whose it became.

What was reckoned never changes. The database compares the sums: of a division's months, and of its parts.
"""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import connection, models
from django.db.models import OuterRef, Q, Subquery

from courses.models import Course
from creators.models import Creator
from learners.retention import FEWEST
from marketplace.lib.money import Money, currency_choices

from .course_escrow import EscrowedShare
from .course_split import WHOLE
from .income_month import Role
from .ledger_kinds import Book
from .membership_month import MembershipMonth


class PoolDivisionQuerySet(models.QuerySet["PoolDivision"]):
    def here(self) -> Self:
        """Of this site's book, the newest first."""
        return self.filter(book=settings.PAYMENTS_BOOK).order_by("-month", "currency")

    def unbooked(self) -> Self:
        return self.filter(booked_at=None).order_by("pk")


class PoolDivision(models.Model):
    """What of the pool was the creators' for one month (UTC) in one currency, and of what it was reckoned.

    `late_minor` was given back of months that had been divided before: this division bears it. `rest_minor` came of
    members who had watched nothing. `inputs_hash`: of all that it was reckoned from.
    """

    book = models.CharField(max_length=8, choices=Book.choices)
    currency = models.CharField(max_length=3, choices=currency_choices())
    month = models.DateField()
    amount_minor = models.PositiveBigIntegerField()
    late_minor = models.BigIntegerField(default=0)
    rest_minor = models.PositiveBigIntegerField(default=0)
    members = models.PositiveIntegerField()
    seconds = models.PositiveBigIntegerField()
    batches = models.PositiveIntegerField()
    inputs_hash = models.CharField(max_length=64)
    divided_at = models.DateTimeField()
    booked_at = models.DateTimeField(null=True)

    objects = PoolDivisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["book", "currency", "month"], name="a_pool_is_divided_once"),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, seconds__gt=0, batches__gt=0), name="a_division_divides_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.amount}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def late(self) -> Money:
        return Money(self.late_minor, self.currency)

    @property
    def rest(self) -> Money:
        return Money(self.rest_minor, self.currency)

    @property
    def paid_in(self) -> Money:
        """What its members' months gave, before what was given back late."""
        return self.amount + self.late

    def hold(self) -> "PoolDivision":
        return PoolDivision.objects.select_for_update(no_key=True, of=("self",)).get(pk=self.pk)

    def mark_booked(self, at: datetime) -> None:
        """Called by who holds it."""
        self.booked_at = at
        self.save(update_fields=["booked_at"])


class PoolMonth(models.Model):
    """One member's paid month in a division: what was left of its share for the pool, and what of that was divided."""

    division = models.ForeignKey(PoolDivision, on_delete=models.PROTECT, related_name="months")
    month = models.OneToOneField(MembershipMonth, on_delete=models.PROTECT, related_name="pooled")
    amount_minor = models.PositiveBigIntegerField()
    divided_minor = models.PositiveBigIntegerField()
    seconds = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return f"{self.month_id}: {self.divided_minor}"

    @property
    def divided(self) -> Money:
        return Money(self.divided_minor, self.division.currency)


class PoolViewQuerySet(models.QuerySet["PoolView"]):
    def forget(self, person: Any) -> None:
        """What somebody watched leaves with her account; what her money became stays."""
        self.filter(pool_month__month__membership__member=person).delete()


class PoolView(models.Model):
    """What a member watched of one course in her month, and what of her own month went there for it."""

    pool_month = models.ForeignKey(PoolMonth, on_delete=models.PROTECT, related_name="views")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+", db_index=False)
    seconds = models.PositiveIntegerField()
    amount_minor = models.PositiveBigIntegerField()

    objects = PoolViewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pool_month", "course"], name="one_view_a_course"),
            models.CheckConstraint(condition=Q(seconds__gt=0), name="a_view_has_seconds"),
        ]

    def __str__(self) -> str:
        return f"{self.pool_month_id} {self.course_id}: {self.seconds} s"


class PoolPartQuerySet(models.QuerySet["PoolPart"]):
    def of(self, creator: Creator) -> Self:
        rows = self.filter(owner=creator, division__book=settings.PAYMENTS_BOOK, division__booked_at__isnull=False)
        return rows.shown().order_by("-division__month", "division__currency", "-watched_in", "pk")

    def shown(self) -> Self:
        """With `claim`: where it stands that somebody claims its course."""
        standing = EscrowedShare.objects.exclude(end=EscrowedShare.End.BACK).filter(pool_part=OuterRef("pk"))
        rows = self.annotate(claim=Subquery(standing.values("end")[:1]))
        return rows.select_related("division", "course", "owner")

    def unpaid(self, course: int, book: str) -> list["PoolPart"]:
        """Of a course's parts those that are booked, in no escrow and in no payout: of payouts those count that came
        after it was booked, or after it came back out of an escrow.
        """
        with connection.cursor() as cursor:
            cursor.execute(_UNPAID, {"course": course, "book": book})
            pks = [pk for (pk,) in cursor.fetchall()]
        return list(self.filter(pk__in=pks).select_related("division").order_by("pk"))


class PoolPart(models.Model):
    """What one creator had of one course in a division. `course_minor` is the course's, `bps` her part of it as it was
    shared at the end of the month `watched_in`: that in which the members' months ended, which is the division's but
    for what had waited. `batch`: in which entry of the ledger it stands.
    """

    division = models.ForeignKey(PoolDivision, on_delete=models.PROTECT, related_name="parts")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+", db_index=False)
    owner = models.ForeignKey(Creator, on_delete=models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=8, choices=Role.choices)
    watched_in = models.DateField()
    bps = models.PositiveIntegerField()
    others_bps = models.JSONField(default=list)
    seconds = models.PositiveBigIntegerField()
    members = models.PositiveIntegerField()
    course_minor = models.PositiveBigIntegerField()
    amount_minor = models.PositiveBigIntegerField()
    batch = models.PositiveIntegerField()

    # Only on rows of shown(), of a look beforehand, and while it is booked.
    claim: str | None

    objects = PoolPartQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["division", "course", "watched_in", "owner"], name="one_part_a_course_and_creator"
            ),
            models.CheckConstraint(
                condition=Q(bps__lte=WHOLE, members__gt=0, seconds__gt=0), name="a_part_has_its_reasons"
            ),
        ]
        indexes = [
            models.Index(fields=["division", "batch"], name="pool_part_of_batch"),
            models.Index(fields=["owner", "division"], name="pool_part_of_owner"),
            models.Index(fields=["course"], name="pool_part_of_course"),
        ]

    def __str__(self) -> str:
        return f"{self.division_id} {self.course_id} {self.owner_id}: {self.amount_minor}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.division.currency)

    @property
    def of_course(self) -> Money:
        return Money(self.course_minor, self.division.currency)

    @property
    def is_held(self) -> bool:
        """Somebody claims the course: it waits for the verdict."""
        return self.claim == ""

    @property
    def is_awarded(self) -> bool:
        """To somebody else, by a verdict."""
        return self.claim == EscrowedShare.End.AWARD

    @property
    def is_of_few(self) -> bool:
        """So few members watched it that its creators are not told of it by itself."""
        return self.members < FEWEST


_UNPAID = """
SELECT part.id
  FROM payments_poolpart part
  JOIN payments_pooldivision division ON division.id = part.division_id AND division.book = %(book)s
  JOIN payments_ledgerentry entry ON entry.idem_key = 'pool:' || division.id || ':' || part.batch
 WHERE part.course_id = %(course)s AND part.amount_minor > 0
   AND NOT EXISTS (SELECT FROM payments_escrowedshare standing
                    WHERE standing.pool_part_id = part.id AND standing."end" <> 'back')
   AND NOT EXISTS (
       SELECT FROM payments_payout payout
         JOIN payments_ledgerentry taken ON taken.idem_key = 'payout:' || payout.id || ':hold'
        WHERE payout.creator_id = part.owner_id AND payout.book = division.book
          AND payout.currency = division.currency AND payout.state <> 'void'
          AND payout.returned_minor < payout.amount_minor
          AND taken.id > greatest(entry.id, (
              SELECT max(back.id) FROM payments_escrowedshare was
                JOIN payments_ledgerentry back ON back.idem_key IN (
                     'escrow:' || was.escrow_id || ':escrow_back:part:' || part.id,
                     'escrow:' || was.escrow_id || ':award_back:part:' || part.id)
               WHERE was.pool_part_id = part.id)))"""
