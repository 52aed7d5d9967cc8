"""The sample's codes, links and co-authors, and a few purchases that came by them."""

from collections.abc import Callable
from typing import TypedDict

from accounts.models import User
from courses.models import Course
from creators.models import Creator
from learners.models import Enrollment
from payments import after_sale, checkout, splits
from payments.models import Coupon, Referral
from payments.referrals import Followed
from payments.sandbox import cashier

CODE, WELCOME = "SPRING25", "WELCOME"


class Way(TypedDict, total=False):
    """How a buyer comes to a course."""

    coupon_code: str
    referral: Followed


def fill(
    courses: list[Course], owners: dict[str, Creator], finance: User, buyers: list[User], say: Callable[[str], None]
) -> None:
    """Ada gives a code and a link and shares a course with Noah, Mari promotes her; three buyers come so. Done once."""
    ada, noah, mari = owners["ada"], owners["noah"], owners["mari"]
    if Coupon.objects.filter(code=CODE).exists():
        return
    hers = [course for course in courses if course.creator_id == ada.pk and not course.is_free]
    Coupon.objects.make(by=ada.user, creator=ada, kind="percent", value=2500, code=CODE, cap_total=50)
    Coupon.objects.make(
        by=finance, kind="amount", value=500, currency="USD", code=WELCOME, cap_total=1000, min_amount_minor=1500
    )
    own = Referral.objects.make(owner=ada, by=ada.user, kind="own", label="Newsletter")
    promoted = Referral.objects.make(owner=mari, by=mari.user, kind="affiliate", course=hers[0], label="Blog")
    _share(hers[0], noah)
    ways: list[Way] = [{"coupon_code": CODE}, {"referral": Followed(own.code)}, {"referral": Followed(promoted.code)}]
    for buyer, way in zip(buyers, ways, strict=False):
        _buy(buyer, hers[0] if way.get("referral") == Followed(promoted.code) else hers[-1], way)
    after_sale.catch_up()
    say("  2 codes, 2 links, a shared course")


def _share(course: Course, coauthor: Creator) -> None:
    split = splits.propose(course, [(coauthor, 2000)], by=course.creator.user)
    splits.accept(split, by=coauthor.user)


def _buy(buyer: User, course: Course, way: Way) -> None:
    if Enrollment.objects.of(buyer).active().filter(course=course).exists():
        return
    order = checkout.start(buyer=buyer, courses=[course], **way)
    assert order.checkout_session_id is not None  # written by start()
    cashier.act(order.checkout_session_id, "pay")
    checkout.complete(order.checkout_session_id)
