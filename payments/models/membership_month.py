"""The months of memberships that were paid."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from courses.models import Course

if TYPE_CHECKING:
    from .membership import Membership


class MembershipMonthQuerySet(models.QuerySet["MembershipMonth"]):
    def kept(self) -> Self:
        """Something of their money was kept."""
        return self.filter(order__items__refund_asked_minor__lt=F("order__items__price_minor"))


class MembershipMonth(models.Model):
    """One month that was paid: no two of a membership are the same."""

    membership = models.ForeignKey("payments.Membership", on_delete=models.PROTECT, related_name="months")
    number = models.PositiveSmallIntegerField()
    order = models.OneToOneField("payments.Order", on_delete=models.PROTECT, related_name="paid_month")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    paid_at = models.DateTimeField()
    # By the clock on the wall, as what is watched is noted: the sandbox may move that of money.
    noted_at = models.DateTimeField(default=timezone.now)

    objects = MembershipMonthQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["membership", "number"], name="a_month_is_paid_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="a_month_ends_after_it_began"),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id}: month {self.number}"


class MembershipOpeningQuerySet(models.QuerySet["MembershipOpening"]):
    def note(self, membership: "Membership", courses: Mapping[int, datetime | None]) -> None:
        """These are open by it from now on, each with since when what is hers by itself is paused. Where they were open
        by it already nothing is written. Called by who holds the membership, and what else of its member runs.
        """
        newest = self.newest(membership).filter(course__in=courses)
        standing = {row.course_id for row in newest if row.stands(membership, courses[row.course_id])}
        rows = [self.model(membership=membership, course_id=course) for course in courses if course not in standing]
        self.bulk_create(rows)

    def newest(self, membership: "Membership") -> Self:
        """Of each course of its member the one that says by which membership it was opened last."""
        of_member = self.filter(membership__member=membership.member_id)
        return of_member.order_by("course_id", "-opened_at", "-pk").distinct("course_id")

    def asked(self, membership: "Membership") -> dict[int, datetime]:
        """The courses that this one opened last, each with since when."""
        newest = self.newest(membership)
        return {row.course_id: row.opened_at for row in newest if row.stands(membership, None)}

    def end_of(self, member: Any, course: Course) -> None:
        """It is hers by itself again: what she watches from now on is by that."""
        self.filter(membership__member=member, course=course, ended_at=None).update(ended_at=timezone.now())


class MembershipOpening(models.Model):
    """From `opened_at` on a membership opens a course to its member: what she watches of it counts for its months.
    Until another row says that another one does, or until `ended_at`: what she buys in parts is not paused any more.
    """

    membership = models.ForeignKey("payments.Membership", on_delete=models.PROTECT, related_name="openings")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    objects = MembershipOpeningQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["membership", "course", "opened_at"], name="opening_of_membership")]

    def __str__(self) -> str:
        return f"{self.membership_id}: {self.course_id}"

    def stands(self, membership: "Membership", paused_at: datetime | None) -> bool:
        """The newest of its course: that is open by this membership, since its purchase was paused."""
        if self.membership_id != membership.pk or self.ended_at is not None:
            return False
        return paused_at is None or self.opened_at >= paused_at
