"""The courses that a membership opens to its member: at the beginning of a month, and at its end."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from courses.models import Course
from learners.models import Enrollment
from marketplace.lib import clock

from .membership_month import MembershipOpening

if TYPE_CHECKING:
    from .membership import Membership


class OpensCourses(models.Model):
    """Mixed into Membership. Each is called by who holds it, and what else of its member runs."""

    if TYPE_CHECKING:
        member: Any
        member_id: Any
        creator_id: Any
        offer: Any
        is_live: Any
        paused_at: Any
        reference: Any
        openings: Any
        is_open: Any

    class Meta:
        abstract = True

    def align(self: Any) -> None:
        """Open the courses that it opens now, and close all others: at the beginning of a month, so that who has begun
        a course that left it keeps that to the end of the month which was paid. What another membership of hers opens
        stays open by that.
        """
        is_open = self.is_live and self.paused_at is None
        # What became free is open to everybody.
        free = Course.objects.on_sale().filter(price_minor=0)
        opened = Course.objects.filter(Q(pk__in=self.offer.courses().values("pk")) | Q(pk__in=free.values("pk")))
        if is_open:  # also what she owes a part of, where she has asked for it since that is paused
            asked = MembershipOpening.objects.asked(self)
            Enrollment.objects.open_meanwhile(self.member, self.offer.courses(), self.reference, asked=asked)
        if Enrollment.objects.align(self.reference, opened if is_open else Course.objects.none()):
            for other in self._others():
                other.take_over(closed_by=self.reference)

    def take_over(self: Any, *, closed_by: str = "") -> None:
        """What earlier ones had opened and this one opens is open by it from now on, and counts for its months; with
        `closed_by` what that one opens no more.
        """
        lent = Enrollment.objects.lend(self.member, self.offer.courses(), self.reference, closed_by=closed_by)
        MembershipOpening.objects.note(self, dict.fromkeys(lent))

    def _others(self: Any) -> list["Membership"]:
        """Hers that are open now, her creators' own before the pass."""
        rows = type(self).objects.running().filter(member=self.member_id, paused_at=None).exclude(pk=self.pk)
        now = clock.now()
        return sorted((one for one in rows.select_related("offer", "member") if one.is_open(now)), key=_is_pass)


def _is_pass(membership: "Membership") -> bool:
    return membership.creator_id is None
