"""Which courses their creators let be paid in monthly parts."""

from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from marketplace.lib.errors import DomainError, NotAllowed
from operating import switches

from ..instalments import schedule


class NotInParts(DomainError):
    code = "not_in_parts"
    message = _("This course cannot be paid in parts now. Look at its page again.")


class InstalmentOfferQuerySet(models.QuerySet["InstalmentOffer"]):
    def months_of(self, course: Course) -> int:
        """In how many parts its creator lets it be paid; 0: at once only."""
        return self.filter(course=course).order_by("-pk").values_list("months", flat=True).first() or 0

    @transaction.atomic
    def choose(self, course: Course, months: int, *, by: Any) -> bool:
        """From now on, for new buyers; 0 ends it. False where it stands so already. Raises NotAllowed, NotInParts."""
        if not course.belongs_to(by):
            raise NotAllowed
        if months and not schedule.FEWEST <= months <= schedule.MOST:
            raise NotInParts(_("A price falls into two to six parts."))
        if months and not switches.is_on("instalments"):
            raise NotInParts
        course.hold()
        if self.months_of(course) == months:
            return False
        self.create(course=course, months=months, chosen_by=by)
        return True


class InstalmentOffer(models.Model):
    """A creator lets new buyers pay a course in so many monthly parts (0: not any more). The last row counts."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="instalment_offers")
    months = models.PositiveSmallIntegerField()
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField(auto_now_add=True)

    objects = InstalmentOfferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(months=0) | Q(months__gte=schedule.FEWEST, months__lte=schedule.MOST),
                name="instalments_are_two_to_six",
            )
        ]

    def __str__(self) -> str:
        return f"{self.course_id}: {self.months}"
