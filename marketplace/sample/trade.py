"""The sample's purchases: orders paid in the sandbox, free enrollments, one creator ready to be paid."""

import random
from collections.abc import Callable

from accounts.models import User
from courses.models import Course
from creators.models import Creator
from learners.models import Enrollment
from payments import after_sale, checkout, onboarding
from payments.sandbox import cashier

ORDERS_A_LEARNER = 2


def fill(courses: list[Course], learners: list[User], say: Callable[[str], None]) -> None:
    """Let every learner who has nothing yet buy and enroll, out of `courses` on sale. The sandbox keeps its own record of each payment."""
    dice, bought = random.Random(8), 0
    free = [course for course in courses if course.is_free]
    priced = [course for course in courses if not course.is_free]
    for number, learner in enumerate(learners):
        if Enrollment.objects.of(learner).exists():
            continue
        # The first learner is the one that people log in as: she has a little to go on with, and much to buy.
        for course in dice.sample(priced, 1 if number == 0 else dice.randint(1, ORDERS_A_LEARNER)):
            buy(learner, course)
            bought += 1
        for course in free[:1] if number == 0 else dice.sample(free, dice.randint(0, len(free))):
            Enrollment.objects.enroll_free(learner=learner, course=course)
    after_sale.catch_up()
    say(f"  {bought} purchases")


def buy(learner: User, course: Course) -> None:
    """One course, paid on the sandbox's page. What others would wait for follows with `after_sale.catch_up`."""
    order = checkout.start(buyer=learner, courses=[course])
    assert order.checkout_session_id is not None  # written by start()
    cashier.act(order.checkout_session_id, "pay")
    checkout.complete(order.checkout_session_id)


def onboard(creator: Creator) -> None:
    """Let the sandbox know where to send this creator's money."""
    account = onboarding.start(creator).account
    cashier.onboard(account.provider_account_id)
    onboarding.refresh(account)
