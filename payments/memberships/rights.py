"""Which courses a member may open, and opening one: from then on it stands in her library while months are paid."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from learners.models import Enrollment
from learners.models.enrollment import EnrollmentQuerySet
from marketplace.lib import clock
from marketplace.lib.errors import DomainError

from ..models import Membership, MembershipOffer, MembershipOpening


class NotIncluded(DomainError):
    code = "not_included"
    message = _("None of your memberships opens this course now.")


def opening(member: Any, course: Course) -> Membership | None:
    """Her membership that opens this course now; her creator's own before the pass. None where there is none."""
    rows = Membership.objects.running().filter(member=member).select_related("offer__creator")
    hers = sorted(rows, key=lambda one: one.creator_id is None)
    if not hers:
        return None
    now = clock.now()
    return next((one for one in hers if one.is_open(now) and includes(one.offer, course)), None)


def includes(offer: MembershipOffer, course: Course) -> bool:
    if offer.creator_id not in (None, course.creator_id):
        return False
    return offer.courses().filter(pk=course.pk).exists()


@transaction.atomic
def open_course(member: Any, course: Course) -> Enrollment:
    """The course stands in her library from now on; opened again, it is the same. Raises NotIncluded, AlreadyEnrolled
    where it is hers otherwise and open, OwnCourse.
    """
    found = opening(member, course)
    if found is None:
        raise NotIncluded(course=course.slug)
    held = Membership.objects.hold_all([found.pk])[found.pk]
    if not held.is_open(clock.now()):
        raise NotIncluded(course=course.slug)
    return give(held, course)


def give(membership: Membership, course: Course) -> Enrollment:
    """The right itself, by a membership that its caller holds."""
    member, reference = membership.member, membership.reference
    this = Course.objects.filter(pk=course.pk)
    lent = Enrollment.objects.lend(member, this, reference)
    paused = {} if lent else Enrollment.objects.open_meanwhile(member, this, reference)
    # Before the right: what is opened after a right of hers began was bought in parts, and is paused.
    MembershipOpening.objects.note(membership, paused or {course.pk: None})
    if not lent and not paused:
        # Raises AlreadyEnrolled where it is hers by itself.
        Enrollment.objects.grant(
            learner=member, course=course, source=Enrollment.Source.MEMBERSHIP, reference=reference
        )
    return Enrollment.objects.of(member).active().get(course=course)


def held_of(member: Any) -> EnrollmentQuerySet:
    """Her rights, once her memberships are locked: these are locked before rights are."""
    running = Membership.objects.running().filter(member=member).values_list("pk", flat=True)
    if pks := list(running):
        Membership.objects.hold_all(pks)
    return Enrollment.objects.of(member)


def fall_back(member: Any, course: Course) -> None:
    """A purchase was given back: the course stays open by a membership that opens it. The caller holds her
    memberships.
    """
    if found := opening(member, course):
        give(found, course)
