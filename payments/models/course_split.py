"""How a course's creators share their side of a sale: proposed by the course's creator, agreed to by everybody in it.

A split holds from the moment when the last one accepted (or later, if it says so); earlier sales keep theirs. Who has a
part now and would lose it is asked as well: nobody's part is taken away behind her back.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from accounts import audit
from courses.models import Course
from creators.models import Creator
from marketplace.lib import clock
from marketplace.lib.errors import DomainError, NotAllowed

from .revenue_rule import percent_text

WHOLE = 10_000
MOST = 10  # co-authors of a course


class SplitIsOpen(DomainError):
    code = "split_is_open"
    message = _("A proposal for this course waits for an answer already. Withdraw it to make another one.")


class SplitClosed(DomainError):
    code = "split_closed"
    message = _("This proposal has been answered already.")


class SplitUnchanged(DomainError):
    code = "split_unchanged"
    message = _("The course is shared like this already.")


class CourseSplitQuerySet(models.QuerySet["CourseSplit"]):
    def open(self) -> "CourseSplitQuerySet":
        """Proposals that wait for an answer."""
        return self.filter(agreed_at=None, closed_at=None)

    def in_force(self, courses: Iterable[int], at: datetime) -> "CourseSplitQuerySet":
        """The split of each of these courses (by id) that holds at `at`."""
        agreed = self.filter(course__in=list(courses), holds_from__lte=at)
        return agreed.order_by("course", "-holds_from", "-id").distinct("course")

    @transaction.atomic
    def propose(
        self, course: Course, parts: Sequence[tuple[Creator, int]], *, by: Any, starts_at: datetime | None = None
    ) -> "CourseSplit":
        """Ask everybody named (creator, basis points of the creators' side), and everybody who has a part now.

        Raises NotAllowed, SplitIsOpen, SplitUnchanged, ValidationError.
        """
        if course.creator.user_id != by.pk:
            raise NotAllowed
        course.hold()
        now = clock.now()
        _must_fit(course, parts)
        present = {line.creator_id: line.bps for line in SplitLine.objects.present(course, at=now)}
        wanted = {creator.pk: bps for creator, bps in parts}
        if wanted == present:
            raise SplitUnchanged
        try:
            with transaction.atomic():
                split = self.create(course=course, made_by=by, made_at=now, starts_at=max(starts_at or now, now))
        except IntegrityError:
            raise SplitIsOpen from None
        leaving = dict.fromkeys(present.keys() - wanted.keys(), 0)
        SplitLine.objects.bulk_create(
            SplitLine(split=split, creator_id=pk, bps=bps) for pk, bps in sorted({**leaving, **wanted}.items())
        )
        audit.record(by, "split.propose", course, parts=wanted)
        return split

    def hold(self, pk: int) -> "CourseSplit":
        """Lock one split for the rest of the transaction."""
        return self.select_for_update(no_key=True, of=("self",)).select_related("course__creator").get(pk=pk)


class CourseSplit(models.Model):
    """One way to share the creators' side of a course's sales. The course's creator has what the lines leave.

    `holds_from` is set when everybody has accepted; `closed_at` when somebody declined or the creator withdrew it.
    """

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="splits")
    starts_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True)
    holds_from = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    objects = CourseSplitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["course"], condition=Q(agreed_at=None, closed_at=None), name="one_open_split_a_course"
            ),
            models.CheckConstraint(
                condition=Q(agreed_at=None, holds_from=None)
                | Q(agreed_at__isnull=False, holds_from__gte=models.F("agreed_at"), closed_at=None),
                name="split_holds_once_agreed",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None) | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="split_closed_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["course", "-holds_from", "-id"], name="split_of_course")]

    def __str__(self) -> str:
        return f"{self.course_id} from {self.holds_from or self.starts_at:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        return self.agreed_at is None and self.closed_at is None

    @property
    def own_bps(self) -> int:
        """What is left for the course's creator."""
        return WHOLE - sum(line.bps for line in self.lines.all())

    @transaction.atomic
    def accept(self, *, by: Any) -> bool:
        """`by` agrees to her line; True when she was the last. Raises NotAllowed, SplitClosed."""
        held, line = self._answered_by(by)
        if line.accepted_at is None:
            line.accept()
            audit.record(by, "split.accept", held.course, split=held.pk, bps=line.bps)
        if held.lines.filter(accepted_at=None).exists():
            return False
        held.agreed_at = clock.now()
        held.holds_from = max(held.starts_at, held.agreed_at)
        held.save(update_fields=["agreed_at", "holds_from"])
        return True

    @transaction.atomic
    def decline(self, *, by: Any) -> None:
        """`by` does not agree: the proposal is over, and everything stays as it is. Raises NotAllowed, SplitClosed."""
        held, line = self._answered_by(by)
        line.decline()
        held._close(by)
        audit.record(by, "split.decline", held.course, split=held.pk)

    @transaction.atomic
    def withdraw(self, *, by: Any) -> None:
        """The course's creator takes her proposal back. Raises NotAllowed, SplitClosed."""
        held = CourseSplit.objects.hold(self.pk)
        if held.course.creator.user_id != by.pk:
            raise NotAllowed
        if not held.is_open:
            raise SplitClosed
        held._close(by)
        audit.record(by, "split.withdraw", held.course, split=held.pk)

    def _answered_by(self, by: Any) -> "tuple[CourseSplit, SplitLine]":
        held = CourseSplit.objects.hold(self.pk)
        line = held.lines.filter(creator__user=by).first()
        if line is None:
            raise NotAllowed
        if not held.is_open:
            raise SplitClosed
        return held, line

    def _close(self, by: Any) -> None:
        self.closed_at, self.closed_by = clock.now(), by
        self.save(update_fields=["closed_at", "closed_by"])


class SplitLineQuerySet(models.QuerySet["SplitLine"]):
    def present(self, *courses: Course, at: datetime) -> "SplitLineQuerySet":
        """What holds of these courses at `at`, without those who have left."""
        holding = CourseSplit.objects.in_force([course.pk for course in courses], at)
        return self.filter(split__in=holding.values("pk"), bps__gt=0).order_by("id")

    def shared_now(self) -> models.QuerySet[Any, Any]:
        """The keys of all courses that co-authors share in now."""
        agreed = CourseSplit.objects.filter(course=OuterRef("split__course"), holds_from__lte=clock.expression())
        newest = Subquery(agreed.order_by("-holds_from", "-id").values("pk")[:1])
        return self.filter(split=newest, bps__gt=0).values("split__course_id")


class SplitLine(models.Model):
    """One co-author's part in a split. The database refuses to change the part once it is written."""

    split = models.ForeignKey(CourseSplit, on_delete=models.PROTECT, related_name="lines")
    creator = models.ForeignKey(Creator, on_delete=models.PROTECT, related_name="split_lines")
    bps = models.PositiveIntegerField()
    accepted_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)

    objects = SplitLineQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["split", "creator"], name="one_line_a_coauthor"),
            models.CheckConstraint(condition=Q(bps__lte=WHOLE), name="split_bps_to_10000"),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(declined_at=None), name="split_line_answered_one_way"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.split_id}: {self.creator_id} {self.bps} bps"

    @property
    def percent(self) -> str:
        """Its part as a percentage without the sign."""
        return percent_text(self.bps)

    def accept(self) -> None:
        self.accepted_at = clock.now()
        self.save(update_fields=["accepted_at"])

    def decline(self) -> None:
        self.declined_at = clock.now()
        self.save(update_fields=["declined_at"])


def _must_fit(course: Course, parts: Sequence[tuple[Creator, int]]) -> None:
    wrong: object = ""
    owners = [creator.pk for creator, _bps in parts]
    if len(parts) > MOST:
        wrong = _("A course has at most %(most)d co-authors.") % {"most": MOST}
    elif course.creator_id in owners:
        wrong = _("You have what is left; name the others only.")
    elif len(set(owners)) != len(owners):
        wrong = _("Name each co-author once.")
    elif any(bps <= 0 for _creator, bps in parts) or sum(bps for _creator, bps in parts) > WHOLE:
        wrong = _("The parts are more than 0, and together at most 100 percent.")
    if wrong:
        raise ValidationError({"parts": wrong})
