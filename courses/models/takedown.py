"""Taking a course off the sale, and putting it back: both are history."""

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from accounts.models.restraint import Restraint
from marketplace.lib.errors import DomainError, NotAllowed

from .course import Course


class AlreadyTakenDown(DomainError):
    code = "already_taken_down"
    message = _("This course is taken down already.")


class AlreadyLifted(DomainError):
    code = "already_lifted"
    message = _("This takedown is lifted already.")


class TakedownQuerySet(models.QuerySet["Takedown"]):
    @transaction.atomic
    def take_down(
        self, *, course: Course, by: User, rule_code: str, reason: str, rule_version: int = 1
    ) -> "Takedown":  # fmt: skip
        if not by.has_role("moderator") or course.belongs_to(by):
            raise NotAllowed
        if course.hold().is_taken_down:
            raise AlreadyTakenDown
        row = self.create(
            course=course, taken_down_by=by, rule_code=rule_code, rule_version=rule_version, reason=reason
        )  # fmt: skip
        course.follow(is_taken_down=True)
        audit.record(by, "course.take_down", course, rule=rule_code, reason=reason)
        return row


class Takedown(Restraint):
    """A course was off the sale from `taken_down_at` until `lifted_at`."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="takedowns")
    taken_down_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    taken_down_at = models.DateTimeField(default=timezone.now)
    rule_version = models.PositiveSmallIntegerField(default=1, db_default=1)

    objects = TakedownQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["course"], condition=models.Q(lifted_at=None), name="one_open_takedown_a_course"
            )
        ]

    def __str__(self) -> str:
        return f"{self.course}: {self.rule_code}"

    @transaction.atomic
    def lift(self, *, by: User | None, reason: str) -> None:
        """Back on the sale; by nobody when its time has run out. Raises AlreadyLifted, NotAllowed."""
        if by is not None and (not by.has_role("moderator") or self.course.belongs_to(by)):
            raise NotAllowed
        self.course.hold()
        self.end(by=by, reason=reason, refusal=AlreadyLifted)
        self.course.follow(is_taken_down=False)
        audit.record(by, "course.lift_takedown", self.course, reason=reason)
