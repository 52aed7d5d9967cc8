"""The right to watch a course: who has it, since when, by what, and how it ended."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Self

from django.db import IntegrityError, connection, models, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from courses.models import Course, Lesson, Restriction
from marketplace.lib import arrays
from marketplace.lib.errors import DomainError

from .lent import LentQuerySet


class AlreadyEnrolled(DomainError):
    code = "already_enrolled"
    message = _("You have this course already. It is in your library.")


class OwnCourse(DomainError):
    code = "own_course"
    message = _("This is your own course: you can watch it as it is.")


class CourseNotFree(DomainError):
    code = "course_not_free"
    message = _("This course has a price. Buy it to start.")


class EnrollmentQuerySet(LentQuerySet["Enrollment"]):
    def active(self) -> Self:
        return self.filter(ended_at=None)

    def of(self, learner: Any) -> Self:
        """This learner's, whether they still hold or not; nobody's for a stranger."""
        return self.filter(learner_id=learner.pk) if learner.pk else self.none()

    def on_shelf(self) -> Self:
        """With course, creator, `lessons_count` and `lessons_done` (of the live version, without what a moderator has
        hidden), `touched_at`; what to go on with comes first.
        """
        from .progress import LessonProgress

        theirs = LessonProgress.objects.filter(learner_id=OuterRef("learner_id"), course_id=OuterRef("course_id"))
        version = OuterRef(OuterRef("course__live_version_id"))
        live = Lesson.objects.filter(version_id=version, key=OuterRef("lesson_key")).not_hidden()
        shown = Lesson.objects.filter(version_id=OuterRef("course__live_version_id"))
        hidden = shown.filter(key__in=Restriction.objects.hiding().values("lesson_key"))
        return (
            self.select_related("course__creator")
            .annotate(
                touched_at=Coalesce(Subquery(theirs.order_by("-touched_at").values("touched_at")[:1]), "granted_at"),
                lessons_done=_count_of(theirs.done().filter(Exists(live)), "learner_id"),
                lessons_count=F("course__lessons_count") - _count_of(hidden, "version_id"),
            )
            .order_by(F("completed_at").desc(nulls_first=True), "-touched_at", "-id")
        )

    def grant(self, *, learner: User, course: Course, source: str, reference: str = "") -> "Enrollment":
        """The right to watch `course`. Raises AlreadyEnrolled, OwnCourse.

        Two grants at once: the database's unique index lets one of them win.
        """
        if course.belongs_to(learner):
            raise OwnCourse
        # Who only looks in by a membership is no number that others choose courses by.
        counts = source != Enrollment.Source.MEMBERSHIP
        try:
            with transaction.atomic():
                enrollment = self.create(
                    learner=learner, course=course, source=Enrollment.Source(source), reference=reference,
                    is_counted=counts,
                )  # fmt: skip
                if counts:
                    course.count_learners(+1)
        except IntegrityError:
            standing = self._take_over(learner, course, source, reference)
            if standing is None:
                raise AlreadyEnrolled(course=course.slug) from None
            return standing
        return enrollment

    def _take_over(self, learner: User, course: Course, source: str, reference: str) -> "Enrollment | None":
        """What a membership opened is hers by itself from now on; None where she has it otherwise."""
        borrowed = self.active().of(learner).filter(course=course, source=Enrollment.Source.MEMBERSHIP)
        if source == Enrollment.Source.MEMBERSHIP:
            return None
        own = {"source": source, "reference": reference, "owned_at": timezone.now()}
        if not borrowed.update(**own, paused_at=None, is_counted=True):
            return None
        course.count_learners(+1)
        return self.active().of(learner).get(course=course)

    def grant_bought(self, wanted: Collection[tuple[str, int, int]]) -> set[tuple[str, int]]:
        """For each (reference, learner, course) the right to watch, unless the learner has one; (reference, course) of
        those that were given. Of two purchases of the same course the one named first gives it. What a membership had
        opened becomes the purchase's, with all that stands by it.

        One statement for the transaction that takes the money, in the order of learners and courses, for everybody the
        same: another transaction that grants the same right is waited for, and none in a circle. The courses' learners
        are counted afterwards, by `count_bought`.
        """
        if not wanted:
            return set()
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO learners_enrollment"
                " (learner_id, course_id, source, reference, granted_at, end_reason, is_counted)"
                " SELECT DISTINCT ON (learner, course) learner, course, 'purchase', reference, now(), '', false"
                " FROM unnest(%s::text[], %s::bigint[], %s::bigint[])"
                " WITH ORDINALITY AS wanted (reference, learner, course, place)"
                " ORDER BY learner, course, place ON CONFLICT (learner_id, course_id) WHERE ended_at IS NULL"
                " DO UPDATE SET source = 'purchase', reference = excluded.reference, paused_at = NULL,"
                " owned_at = clock_timestamp()"
                " WHERE learners_enrollment.source = 'membership' RETURNING reference, course_id",
                arrays.columns(wanted),
            )
            return set(cursor.fetchall())

    @transaction.atomic
    def count_bought(self, reference: str) -> None:
        """Count the learners of a purchase's courses, once; a right that has ended meanwhile is not counted."""
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE learners_enrollment SET is_counted = true"
                " WHERE reference = %s AND NOT is_counted AND ended_at IS NULL RETURNING course_id",
                [reference],
            )
            Course.objects.count_learners([course_id for (course_id,) in cursor.fetchall()])

    def pause(self, reference: str, at: datetime) -> None:
        """What a purchase gave is not watched until `resume`; all else of it stays."""
        self.active().filter(reference=reference, source=Enrollment.Source.PURCHASE).update(paused_at=at)

    def resume(self, reference: str) -> None:
        self.filter(reference=reference, source=Enrollment.Source.PURCHASE).update(paused_at=None, open_by="")

    @transaction.atomic
    def withdraw(self, learner: User) -> None:
        """All rights of a learner who leaves end at once. Those that are to be counted yet are not counted any more."""
        held = list(
            self.active().of(learner).select_for_update(of=("self",)).values_list("pk", "course_id", "is_counted")
        )
        ended = {"ended_at": timezone.now(), "end_reason": Enrollment.EndReason.WITHDRAWN, "ended_by": learner}
        self.filter(pk__in=[pk for pk, _course, _counted in held]).update(**ended)
        Course.objects.count_learners([course for _pk, course, counted in held if counted], more=-1)

    def enroll_free(self, *, learner: User, course: Course) -> "Enrollment":
        """Raises CourseNotFree, AlreadyEnrolled, OwnCourse."""
        if not course.is_on_sale or not course.is_free:
            raise CourseNotFree(course=course.slug)
        return self.grant(learner=learner, course=course, source=Enrollment.Source.FREE)


class Enrollment(models.Model):
    """A learner may watch a course from `granted_at` until `ended_at`. Bought again, it is a new row."""

    class Source(models.TextChoices):
        PURCHASE = "purchase", _("Bought")
        FREE = "free", _("Free")
        STAFF = "staff", _("Given")
        MEMBERSHIP = "membership", _("By a membership")

    class EndReason(models.TextChoices):
        REFUNDED = "refunded", _("Your purchase was refunded, so the course has left your library.")
        DISPUTED = "disputed", _("The payment for this course was disputed, so access is closed.")
        UNPAID = "unpaid", _("A part of its price was not paid for half a year, so access is closed.")
        WITHDRAWN = "withdrawn", _("Your access to this course was withdrawn.")

    learner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="enrollments")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="enrollments")
    source = models.CharField(max_length=12, choices=Source.choices)
    reference = models.CharField(
        max_length=64, blank=True, help_text="for a purchase, the number of the order; for a membership, its token"
    )
    granted_at = models.DateTimeField(default=timezone.now)
    # What a membership had opened became hers by itself then: watched before, it was watched by the membership.
    owned_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    end_reason = models.CharField(max_length=120, blank=True)
    # Since when it is not watched for a while, though it holds: a part of its price, or a month, did not come.
    paused_at = models.DateTimeField(null=True, blank=True)
    # Of what was bought in parts and is paused: the membership by which it is open meanwhile.
    open_by = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)
    # Whether the course's number of learners has it; a purchase is counted a moment after it was paid.
    is_counted = models.BooleanField(default=True, editable=False)
    # All lessons of the version that was live then were done. A later version does not take it back.
    completed_at = models.DateTimeField(null=True, blank=True)

    # Only on rows of on_shelf().
    lessons_done: int
    lessons_count: int
    touched_at: datetime

    objects = EnrollmentQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "course"], condition=Q(ended_at=None), name="one_active_enrollment"
            ),
            models.CheckConstraint(
                condition=Q(source__in=["purchase", "free", "staff", "membership"]), name="enrollment_source"
            ),
            models.CheckConstraint(
                condition=Q(owned_at=None) | ~Q(source="membership"), name="what_is_lent_is_not_owned"
            ),
            models.CheckConstraint(
                condition=Q(open_by="") | Q(paused_at__isnull=False) & ~Q(source="membership"),
                name="only_what_is_paused_is_open_meanwhile",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, end_reason="") | Q(ended_at__isnull=False) & ~Q(end_reason=""),
                name="an_ended_enrollment_says_why",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("granted_at")), name="enrollment_ends_after_it_begins"
            ),
        ]
        indexes = [
            models.Index(fields=["course", "-granted_at"], name="enrollment_of_course"),
            models.Index(fields=["reference"], condition=Q(is_counted=False), name="enrollment_to_be_counted"),
            models.Index(fields=["open_by"], condition=~Q(open_by=""), name="enrollment_open_meanwhile"),
        ]

    def __str__(self) -> str:
        return f"{self.learner}: {self.course}"

    @property
    def is_active(self) -> bool:
        return self.ended_at is None

    @property
    def is_paused(self) -> bool:
        return self.is_active and self.paused_at is not None and not self.open_by

    @property
    def end_text(self) -> str | Promise:
        """Why it ended, in words for the learner; a reason that is no code was written by a person."""
        return dict(self.EndReason.choices).get(self.end_reason, self.end_reason)

    @transaction.atomic
    def end(self, reason: str, by: User | None = None) -> bool:
        """Watching stops (films within 10 s); twice is as good as once. `reason`: an EndReason, or words.

        False where it had ended before.
        """
        row = Enrollment.objects.select_for_update(of=("self",)).get(pk=self.pk)
        if not row.is_active:
            return False
        self.ended_at, self.end_reason, self.ended_by = timezone.now(), reason[:120], by
        self.save(update_fields=["ended_at", "end_reason", "ended_by"])
        if row.is_counted:
            self.course.count_learners(-1)
        return True

    def complete(self) -> bool:
        """The course is finished. True the first time only."""
        now = timezone.now()
        is_first = bool(Enrollment.objects.filter(pk=self.pk, completed_at=None).update(completed_at=now))
        self.completed_at = self.completed_at or now
        return is_first


def _count_of(rows: QuerySet[Any], of: str) -> Coalesce:
    """How many `rows` there are, as a subquery; all of them have the same `of`."""
    counted = rows.order_by().values(of).annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0)
