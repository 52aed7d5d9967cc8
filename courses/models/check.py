"""What a course was checked with, and when: "Django 5.2 on 2026-11-01". Each saying is a row, the newest one counts."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from marketplace.lib import window
from marketplace.lib.errors import DomainError, NotAllowed

from .course import Course

SUBJECT_LENGTH, VERSION_LENGTH = 40, 24
MOST_SUBJECTS = 20
FIRST_DAY = date(2000, 1, 1)


class TooManySubjects(DomainError):
    code = "too_many_subjects"
    message = _("A course says at most of 20 things what it was checked with. Take one away first.")


class SubjectCheckQuerySet(models.QuerySet["SubjectCheck"]):
    def present(self, course: Course) -> list["SubjectCheck"]:
        """The newest saying about each thing, those that were taken away left out; the last checked first."""
        return _present(self.filter(course=course).order_by("id"))

    def rows_of(self, course: str) -> ArraySubquery:
        """All sayings of the course that the field `course` names, as `present_of` reads them: for whoever wants them
        in a query of its own.
        """
        rows = self.filter(course=OuterRef(course)).order_by("pk")
        told = JSONObject(
            id="pk", subject="subject", version="version", checked_on="checked_on", is_dropped="is_dropped"
        )
        return ArraySubquery(rows.values(row=told))

    @transaction.atomic
    def note(self, course: Course, *, subject: str, version: str, checked_on: date, by: User) -> "SubjectCheck":
        """The creator says so, at once for everybody; the course is fresh from now on.
        Raises NotAllowed, TooManySubjects, ValidationError.
        """
        subject, version = _line(subject), _line(version)
        _must_hold(subject, version, checked_on)
        held = self._held(course, by)
        known = {row.subject.casefold() for row in self.present(held)}
        if subject.casefold() not in known and len(known) >= MOST_SUBJECTS:
            raise TooManySubjects
        held.grow_stale("")
        window.change()
        return self.create(course=held, subject=subject, version=version, checked_on=checked_on, noted_by=by)

    @transaction.atomic
    def drop(self, course: Course, *, subject: str, by: User) -> None:
        """It is said of this thing no longer; what was said stays on record. Raises NotAllowed."""
        held = self._held(course, by)
        for row in self.present(held):
            if row.subject.casefold() == subject.strip().casefold():
                self.create(
                    course=held, subject=row.subject, version=row.version, checked_on=row.checked_on, noted_by=by,
                    is_dropped=True,
                )  # fmt: skip
                window.change()

    def _held(self, course: Course, by: User) -> Course:
        if not course.belongs_to(by):
            raise NotAllowed
        return course.hold()

    def of(self, course: Course) -> Self:
        """All that was ever said, the newest first."""
        return self.filter(course=course).select_related("noted_by").order_by("-id")


class SubjectCheck(models.Model):
    """Its creator checked the course with this version of `subject` on that day. The database refuses changes."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="checks")
    subject = models.CharField(max_length=SUBJECT_LENGTH)
    version = models.CharField(max_length=VERSION_LENGTH, blank=True)
    checked_on = models.DateField()
    is_dropped = models.BooleanField(default=False)
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(default=timezone.now)

    objects = SubjectCheckQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["course", "id"], name="check_of_course")]
        constraints = [
            models.CheckConstraint(condition=~Q(subject=""), name="check_names_a_thing"),
            models.CheckConstraint(condition=Q(checked_on__gte=FIRST_DAY), name="check_has_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.version} ({self.checked_on})"

    @property
    def name(self) -> str:
        return f"{self.subject} {self.version}".strip()


class ReminderChoice(models.Model):
    """After how many days without a check or a new version its creator wants to be reminded; None: never.

    The database refuses changes to these rows.
    """

    DAYS = (90, 180, 365)

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="reminder_choices")
    after_days = models.PositiveSmallIntegerField(null=True)
    chosen_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField(default=timezone.now)

    objects: Any = models.Manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(after_days=None) | Q(after_days__in=[90, 180, 365]), name="reminder_days"
            )
        ]

    def __str__(self) -> str:
        return f"{self.course}: {self.after_days}"

    @classmethod
    @transaction.atomic
    def choose(cls, course: Course, after_days: int | None, by: User) -> "ReminderChoice":
        """Raises NotAllowed, ValidationError."""
        if not course.belongs_to(by):
            raise NotAllowed
        if after_days not in (None, *cls.DAYS):
            raise ValidationError({"after_days": _("Choose 90, 180 or 365 days, or never.")})
        Course.objects.filter(pk=course.hold().pk).update(remind_after_days=after_days)
        row: ReminderChoice = cls.objects.create(course=course, after_days=after_days, chosen_by=by)
        return row


def present_of(rows: list[dict[str, Any]]) -> list[SubjectCheck]:
    """What counts now, from `SubjectCheckQuerySet.rows_of`."""
    return _present(SubjectCheck(**{**row, "checked_on": date.fromisoformat(row["checked_on"])}) for row in rows)


def _present(rows: Iterable[SubjectCheck]) -> list[SubjectCheck]:
    newest = {row.subject.casefold(): row for row in rows}
    shown = [row for row in newest.values() if not row.is_dropped]
    return sorted(shown, key=lambda row: (row.checked_on, row.pk), reverse=True)


def _line(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _must_hold(subject: str, version: str, checked_on: date) -> None:
    if not subject or len(subject) > SUBJECT_LENGTH:
        raise ValidationError({"subject": _("Name what you checked it with, in at most 40 characters.")})
    if len(version) > VERSION_LENGTH:
        raise ValidationError({"version": _("A version has at most 24 characters.")})
    # Somewhere the next day has begun already.
    if not FIRST_DAY <= checked_on <= timezone.now().date() + timedelta(days=1):
        raise ValidationError({"checked_on": _("Choose a day from the year 2000 until today.")})
