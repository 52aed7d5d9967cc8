"""Which courses a creator has put into something: a row from when until when, and who said so."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q

from accounts import audit
from courses.models import Course
from marketplace.lib import clock, window
from marketplace.lib.errors import NotAllowed


class ListingQuerySet(models.QuerySet[Any]):
    def open(self) -> Self:
        return self.filter(lifted_at=None)

    @transaction.atomic
    def place(self, course: Course, *, by: Any) -> bool:
        """From now on. False where it stands so already. Raises NotAllowed."""
        _only_its_creator(course, by)
        try:
            with transaction.atomic():
                self.create(course=course, placed_by=by, placed_at=clock.now())
        except IntegrityError:
            return False
        audit.record(by, f"{self.model.OF}.place", course)
        window.change()
        return True

    @transaction.atomic
    def lift(self, course: Course, *, by: Any) -> bool:
        """No longer. False where it did not stand. Raises NotAllowed."""
        _only_its_creator(course, by)
        if not self.open().filter(course=course).update(lifted_at=clock.now(), lifted_by=by):
            return False
        audit.record(by, f"{self.model.OF}.lift", course)
        window.change()
        return True


class Listing(models.Model):
    """It counts from `placed_at` until `lifted_at`. `OF`: into what, in the log."""

    OF: ClassVar[str]

    course_id: int  # of each kind's own key, which has its name among a course's rows
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.course_id} from {self.placed_at:%Y-%m-%d}"


class MembershipCourse(Listing):
    """Its creator's membership opens this course, where it opens only those that she marked."""

    OF = "membership.course"

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="membership_courses")

    objects = ListingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course"], condition=Q(lifted_at=None), name="one_open_membership_course")
        ]


class PassListing(Listing):
    """Its creator lets the pass of the whole site open this course."""

    OF = "pass.course"

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="pass_listings")

    objects = ListingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course"], condition=Q(lifted_at=None), name="one_open_pass_listing")
        ]


def _only_its_creator(course: Course, by: Any) -> None:
    if not course.belongs_to(by):
        raise NotAllowed
