"""Courses that are paid in parts: the buyer, the clock, the charger and its worker in tests."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

from accounts.models import User
from courses.models import Course
from learners.models import Enrollment
from marketplace.lib import clock, work
from marketplace.lib.money import Money
from payments import checkout
from payments.gateway import GatewayError
from payments.instalments import charging, forgetting, looking_after, plans
from payments.models import CustomerRelease, InstalmentCharge, InstalmentOffer, InstalmentPlan, MeansRelease, Order
from payments.sandbox.models import SandboxCustomer
from tests.courses.factories import make_course
from tests.payments import shop

PRICE = Money(10_000, "USD")


def course_in_parts(months: int = 3, price: Money = PRICE, **facts: Any) -> Course:
    course = make_course(price=price, lessons=2, **facts)
    InstalmentOffer.objects.choose(course, months, by=course.creator.user)
    return fresh(course)


def fresh(course: Course) -> Course:
    return Course.objects.select_related("creator__user").get(pk=course.pk)


def start(buyer: User, course: Course, **asked: Any) -> Order:
    seen = plans.Agreed(plans.months_of(fresh(course)), clock.now().date())
    return checkout.start(buyer=buyer, courses=[fresh(course)], **{"in_parts": seen, **asked})


def begin(buyer: User, course: Course, **asked: Any) -> InstalmentPlan:
    """The plan with its first part paid."""
    order = start(buyer, course, **asked)
    shop.pay(order)
    shop.deliver_all()
    return plan_of(buyer)


def plan_of(buyer: User) -> InstalmentPlan:
    return InstalmentPlan.objects.of(buyer).select_related("course__creator").latest("pk")


def a_month_passes(plan: InstalmentPlan) -> None:
    """Until the next part is due."""
    plan.refresh_from_db()
    assert plan.next_at is not None
    left = plan.next_at - clock.now()
    if left > timedelta(0):
        clock.advance(left + timedelta(minutes=1))


def charge_all() -> None:
    """What beat rings, and the workers."""
    looking_after.look_after()
    charging.begin_due()
    work_off()


def work_off() -> None:
    """Those of whose work nobody knows what became stay open."""
    for pk in InstalmentCharge.open_work().values_list("pk", flat=True):
        with suppress(GatewayError):
            work.run(InstalmentCharge, pk, charging.carry_out)
    for gone in CustomerRelease.open_work().values_list("pk", flat=True):
        work.run(CustomerRelease, gone, forgetting.forget)
    for pk in MeansRelease.open_work().values_list("pk", flat=True):
        work.run(MeansRelease, pk, charging.release_means)
    shop.deliver_all()


def due_again() -> None:
    """What time does: leases end, and what was given back is due."""
    for kind in (InstalmentCharge, MeansRelease, CustomerRelease):
        kind.objects.filter(finished_at=None).update(lease_until=None, due_at=clock.now() - timedelta(days=400))


def take_next(plan: InstalmentPlan) -> None:
    a_month_passes(plan)
    charge_all()
    plan.refresh_from_db()


def banks_answer(answer: str) -> None:
    SandboxCustomer.objects.update(answer=answer)


def right_of(buyer: User) -> Enrollment:
    return Enrollment.objects.of(buyer).latest("pk")
