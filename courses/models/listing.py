"""Courses under an institution's name: each listing is a row with who and when."""

from typing import Any, Self

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from creators.models import Institution
from marketplace.lib import window
from marketplace.lib.errors import DomainError, NotAllowed

from .course import Course


class AlreadyListed(DomainError):
    code = "already_listed"
    message = _("This course stands under an institution's name already.")


class ListingQuerySet(models.QuerySet["Listing"]):
    def open(self) -> Self:
        return self.filter(ended_at=None).select_related("course__creator", "institution")

    def found_by(self, user: Any) -> Self:
        """Open ones of her own courses, wherever they stand, and of her institutions. `end` judges who ends one."""
        mine = Q(course__in=Course.objects.editable_by(user)) | Q(institution__in=Institution.objects.of(user))
        return self.open().filter(mine)

    def left_by(self, user: Any) -> Self:
        """Open ones of her own courses, under the name of an institution of which she is no member any more."""
        hers = self.open().filter(course__in=Course.objects.editable_by(user))
        return hers.exclude(institution__in=Institution.objects.of(user)).order_by("-id")

    @transaction.atomic
    def list_course(self, course: Course, institution: Institution, *, by: User) -> "Listing":
        """Her own course, by a member who may. Raises NotAllowed, AlreadyListed."""
        institution.must(by, "list")
        if not course.belongs_to(by):
            raise NotAllowed
        held = course.hold()
        if self.filter(course=course, ended_at=None).exists():
            raise AlreadyListed
        row = self.create(course=course, institution=institution, listed_by=by)
        held.follow(institution_id=institution.pk)
        audit.record(by, "institution.list", institution, course=course.pk)
        return row


class Listing(models.Model):
    """A course stood under an institution's name from `listed_at` until `ended_at`."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="listings")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="listings")
    listed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    listed_at = models.DateTimeField(default=timezone.now)
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ListingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course"], condition=Q(ended_at=None), name="one_listing_a_course")
        ]

    def __str__(self) -> str:
        return f"{self.course}: {self.institution}"

    @transaction.atomic
    def end(self, *, by: User) -> None:
        """By the course's creator, who may always leave, or by an owner. Raises NotAllowed."""
        if not self.course.belongs_to(by):
            self.institution.must(by, "unlist_any")
        held = self.course.hold()
        self.refresh_from_db(fields=["ended_at"])
        if self.ended_at:
            raise NotAllowed
        self.ended_by, self.ended_at = by, timezone.now()
        self.save(update_fields=["ended_by", "ended_at"])
        held.follow(institution_id=None)
        window.change()
        audit.record(by, "institution.unlist", self.institution, course=self.course_id)
