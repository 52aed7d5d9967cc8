"""Smaller measures than a takedown: a course that is sold but not recommended, a lesson or a clip that nobody opens."""

from typing import Self
from uuid import UUID

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from accounts.models.restraint import Restraint
from marketplace.lib import window
from marketplace.lib.errors import DomainError, NotAllowed

from .course import Course


class AlreadyRestricted(DomainError):
    code = "already_restricted"
    message = _("This is in force already.")


class AlreadyFreed(DomainError):
    code = "already_freed"
    message = _("This is lifted already.")


class RestrictionQuerySet(models.QuerySet["Restriction"]):
    def open(self) -> Self:
        return self.filter(lifted_at=None)

    def hiding_clips(self) -> Self:
        """Clips that only their creator and moderators see."""
        return self.open().filter(kind=Restriction.Kind.CLIP)

    def hiding(self) -> Self:
        """Lessons that only their creator and moderators see."""
        return self.open().filter(kind=Restriction.Kind.HIDE)

    def hidden_keys(self) -> models.QuerySet["Restriction", UUID]:
        """Keys of those lessons, for a subquery."""
        return self.hiding().values_list("lesson_key", flat=True)

    @transaction.atomic
    def impose(
        self, kind: str, course: Course, *, by: User, rule_code: str, rule_version: int, reason: str,
        lesson_key: UUID | None = None, clip_key: UUID | None = None,
    ) -> "Restriction":  # fmt: skip
        """Raises AlreadyRestricted, NotAllowed."""
        if not by.has_role("moderator") or course.belongs_to(by):
            raise NotAllowed
        held = course.hold()
        if self.open().filter(kind=kind, course=course, lesson_key=lesson_key, clip_key=clip_key).exists():
            raise AlreadyRestricted
        row = self.create(
            kind=kind, course=course, lesson_key=lesson_key, imposed_by=by, rule_code=rule_code,
            rule_version=rule_version, reason=reason, clip_key=clip_key,
        )  # fmt: skip
        row._follow(held)
        audit.record(by, f"course.{kind}", course, rule=rule_code, reason=reason, lesson=lesson_key or clip_key)
        return row


class Restriction(Restraint):
    """A course, or one lesson or clip of it, was kept back from `imposed_at` until `lifted_at`."""

    class Kind(models.TextChoices):
        LIMIT = "limit", _("Not recommended")
        HIDE = "hide", _("Lesson hidden")
        CLIP = "clip", _("Clip hidden")

    kind = models.CharField(max_length=8, choices=Kind.choices)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="restrictions")
    lesson_key = models.UUIDField(null=True, blank=True)
    clip_key = models.UUIDField(null=True, blank=True)
    imposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    imposed_at = models.DateTimeField(default=timezone.now)

    objects = RestrictionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["course"], condition=Q(lifted_at=None, kind="limit"), name="one_open_limit_a_course"
            ),
            models.UniqueConstraint(
                fields=["lesson_key"], condition=Q(lifted_at=None, kind="hide"), name="one_open_hiding_a_lesson"
            ),
            models.UniqueConstraint(
                fields=["clip_key"], condition=Q(lifted_at=None, kind="clip"), name="one_open_hiding_a_clip"
            ),
            models.CheckConstraint(
                condition=Q(kind="limit", lesson_key=None, clip_key=None)
                | Q(kind="hide", lesson_key__isnull=False, clip_key=None)
                | Q(kind="clip", lesson_key=None, clip_key__isnull=False),
                name="a_restriction_names_its_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course}: {self.kind}"

    @transaction.atomic
    def lift(self, *, by: User | None, reason: str) -> None:
        """As before; by nobody when its time has run out. Raises AlreadyFreed, NotAllowed."""
        if by is not None and (not by.has_role("moderator") or self.course.belongs_to(by)):
            raise NotAllowed
        held = self.course.hold()
        self.end(by=by, reason=reason, refusal=AlreadyFreed)
        self._follow(held)
        audit.record(by, f"course.lift_{self.kind}", self.course, reason=reason, lesson=self.lesson_key)

    def _follow(self, held: Course) -> None:
        if self.kind == self.Kind.LIMIT:
            held.follow(is_limited=self.lifted_at is None)
        else:
            window.change()
