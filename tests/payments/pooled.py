"""The pass in tests: courses that take part, members, what they watch, and the days that pass."""

import uuid
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import User
from courses.models import Course
from learners.models import WatchReport, WatchSession
from marketplace.lib import clock
from marketplace.lib.money import Money
from payments.models import Membership, MembershipOffer, PassListing, PoolDivision
from payments.pool import dividing
from tests import cast
from tests.courses.factories import make_course
from tests.creators.factories import make_creator
from tests.payments.membered import NINE, charge_all, join, offer_of, open_course

DAY = timedelta(days=1)


def the_pass(price: Money = NINE) -> None:
    offer_of(None, price, name="The pass", opens="marked")


def listed(course: Course) -> Course:
    PassListing.objects.place(course, by=course.creator.user)
    return course


def course_of(name: str, title: str, price: Money | None = None) -> Course:
    """A course that takes part, of somebody who is a creator by that name."""
    user = cast.person(name)
    creator = user.creator if hasattr(user, "creator") else make_creator(user, f"{name} Works")
    return listed(make_course(creator, title=title, price=price or Money(10_000, "USD"), lessons=1))


def member(person: User) -> Membership:
    offer = MembershipOffer.objects.present(None)
    assert offer
    return join(person, offer)


def watches(
    person: User, course: Course, first: int, last: int, *, at: datetime | None = None, lesson: uuid.UUID | None = None
) -> None:
    """The seconds from `first` to `last` of one film of the course, as reported `at`; opened by the pass if need be."""
    if not person.enrollments.filter(course=course, ended_at=None).exists():
        open_course(person, course)
    at = at or timezone.now()
    spans = ((first, last),)
    session = WatchSession.objects.create(
        id=uuid.uuid4(), learner=person, course=course, lesson_key=lesson or uuid.UUID(int=course.pk),
        asset=uuid.UUID(int=course.pk), length_s=3_600, started_at=at - timedelta(seconds=1), reported_at=at,
        played=spans, spent_s=last - first, replayed=(),
    )  # fmt: skip
    WatchReport.objects.create(
        session=session, received_at=at, claimed_s=last - first, accepted_s=last - first, accepted=spans,
        spent_s=last - first, speed=1, position_s=last,
    )  # fmt: skip


def crowd(course: Course, many: int, seconds: int = 60) -> None:
    """So many members watch it, each so long."""
    for n in range(many):
        person = cast.person(f"Mem{n}")
        member(person)
        watches(person, course, 0, seconds)


def until_due() -> None:
    """So long that the month in which all paid months end is to be divided; nobody is asked for another one."""
    leave()
    clock.advance(80 * DAY)
    charge_all()


def leave() -> None:
    """All members cancel: what is paid goes on to its end."""
    for membership in Membership.objects.running().filter(canceled_at=None):
        membership.cancel(clock.now())


def divide() -> list[PoolDivision]:
    """What beat does, once time has passed."""
    until_due()
    dividing.follow()
    return list(PoolDivision.objects.here())
