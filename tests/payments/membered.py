"""Memberships in tests: the creator's offer, the member, the clock, the charger and its worker."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

from accounts.models import User
from courses.models import Course
from creators.models import Creator
from learners.models import Enrollment
from marketplace.lib import clock, work
from marketplace.lib.money import Money
from payments.gateway import GatewayError
from payments.memberships import agreeing, rights
from payments.memberships.agreeing import Agreed
from payments.models import Membership, MembershipCharge, MembershipOffer, MembershipRelease, Order
from tests import cast
from tests.courses.factories import make_course
from tests.payments import shop

NINE = Money(900, "USD")


def offer_of(creator: Creator | None, price: Money = NINE, **told: Any) -> MembershipOffer:
    by = creator.user if creator else cast.fay()
    values = {"name": "The kiln club", "description": "", "opens": "all", "is_open": True} | told
    return MembershipOffer.objects.choose(creator, by=by, price=price, **values)


def club(price: Money = NINE, **told: Any) -> tuple[MembershipOffer, Course]:
    """Ada's membership, which opens a course of hers of two lessons."""
    course = make_course(price=Money(10_000, price.currency), lessons=2)
    return offer_of(course.creator, price, **told), course


def start(person: User, offer: MembershipOffer, **asked: Any) -> Order:
    seen = agreeing.proposed(person, offer)
    return agreeing.start(person, offer, Agreed(seen.quote.total, seen.first_on), **asked)


def join(person: User, offer: MembershipOffer, **asked: Any) -> Membership:
    """With the first month paid."""
    order = start(person, offer, **asked)
    shop.pay(order)
    shop.deliver_all()
    return Membership.objects.of(person).select_related("offer__creator__user").latest("pk")


def open_course(person: User, course: Course) -> Enrollment:
    return rights.open_course(person, Course.objects.select_related("creator__user").get(pk=course.pk))


def fresh(membership: Membership) -> Membership:
    return Membership.objects.select_related("offer__creator__user", "member").get(pk=membership.pk)


def comes(membership: Membership) -> None:
    """Until something is to be done for it."""
    membership.refresh_from_db()
    assert membership.next_at is not None
    left = membership.next_at - clock.now()
    if left > timedelta(0):
        clock.advance(left + timedelta(minutes=1))


def charge_all() -> None:
    """What beat rings, and the workers."""
    from payments.memberships import charging

    charging.look_after()
    work_off()


def work_off() -> None:
    """Those of whose work nobody knows what became stay open."""
    from payments.memberships import charging

    for pk in MembershipCharge.open_work().values_list("pk", flat=True):
        with suppress(GatewayError):
            work.run(MembershipCharge, pk, charging.carry_out)
    for pk in MembershipRelease.open_work().values_list("pk", flat=True):
        work.run(MembershipRelease, pk, charging.release_means)
    shop.deliver_all()


def due_again() -> None:
    """What time does: leases end, and what was given back is due."""
    for kind in (MembershipCharge, MembershipRelease):
        kind.objects.filter(finished_at=None).update(lease_until=None, due_at=clock.now() - timedelta(days=400))


def next_month(membership: Membership) -> Membership:
    comes(membership)
    charge_all()
    return fresh(membership)
