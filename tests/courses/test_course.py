"""Course: price, sale, takedown, and what lists show."""

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from accounts.models import User
from courses.models import Course, PriceChange
from courses.models.takedown import AlreadyLifted, AlreadyTakenDown
from courses.pricing import PriceOutOfBounds
from creators.models import Suspension
from marketplace.lib.errors import NotAllowed
from marketplace.lib.money import InvalidAmount, Money
from tests.courses.factories import make_course

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("money", [Money(0, "USD"), Money(1999, "USD"), Money(12800, "CNY"), Money(2000, "JPY")])
def test_a_price_is_set_and_remembered(ada: User, money: Money) -> None:
    course = make_course(live=False, price=None)
    course.set_price(money, by=ada)
    assert Course.objects.get(pk=course.pk).price == money
    assert [change.price for change in PriceChange.objects.filter(course=course)] == [money]


@pytest.mark.parametrize(
    ("minor", "currency"), [(-1, "USD"), (1, "USD"), (10_000_000, "USD"), (49, "JPY"), (1550, "TWD"), (151, "KWD")]
)
def test_a_price_that_cannot_be_charged_is_refused(ada: User, minor: int, currency: str) -> None:
    course = make_course(live=False, price=None)
    with pytest.raises(PriceOutOfBounds):
        course.set_price(Money(minor, currency), by=ada)
    assert Course.objects.get(pk=course.pk).price is None


def test_a_currency_that_is_not_offered_is_refused() -> None:
    with pytest.raises(InvalidAmount):
        Money(1000, "XXX")


def test_the_same_price_again_is_no_change(ada: User) -> None:
    course = make_course(price=Money(1999, "USD"))
    course.set_price(Money(1999, "USD"), by=ada)
    assert PriceChange.objects.filter(course=course).count() == 1


def test_the_history_of_a_price_cannot_be_rewritten(ada: User) -> None:
    make_course()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        PriceChange.objects.update(price_minor=1)


def test_a_live_course_always_has_a_price(ada: User) -> None:
    make_course()
    with pytest.raises(IntegrityError), transaction.atomic():
        Course.objects.update(price_minor=None)


def test_prices_of_several_currencies_stand_in_one_order(ada: User) -> None:
    cheap = make_course(title="Cheap", price=Money(1500, "JPY"))
    dear = make_course(title="Dear", price=Money(30000, "CNY"))
    middle = make_course(title="Middle", price=Money(1999, "USD"))
    assert list(Course.objects.order_by("price_rank")) == [cheap, middle, dear]


def test_a_draft_is_not_on_sale(ada: User) -> None:
    assert not make_course(live=False).is_on_sale
    assert not Course.objects.on_sale().exists()


def test_a_course_taken_down_leaves_the_sale_and_comes_back(ada: User, sam: User) -> None:
    course = make_course()
    takedown = course.take_down(by=sam, rule_code="copyright", reason="Claimed by its owner")
    assert not course.is_on_sale
    assert not Course.objects.on_sale().exists()
    with pytest.raises(AlreadyTakenDown):
        course.take_down(by=sam, rule_code="copyright", reason="Again")
    takedown.lift(by=sam, reason="The claim was withdrawn")
    assert Course.objects.on_sale().get() == course
    with pytest.raises(AlreadyLifted):
        takedown.lift(by=sam, reason="Again")
    assert course.takedowns.get().reason == "Claimed by its owner"


def test_only_a_moderator_takes_down(ada: User, cole: User) -> None:
    with pytest.raises(NotAllowed):
        make_course().take_down(by=cole, rule_code="spam", reason="No")


def test_courses_of_a_suspended_creator_are_not_on_sale(ada: User, sam: User) -> None:
    course = make_course()
    suspension = Suspension.objects.suspend(creator=course.creator, by=sam, rule_code="fraud", reason="Stolen films")
    assert not Course.objects.on_sale().exists()
    suspension.lift(by=sam, reason="Mistaken")
    assert Course.objects.on_sale().exists()


def test_a_course_is_not_started_without_a_title(ada: User) -> None:
    with pytest.raises(ValidationError):
        Course.objects.start(creator=ada.creator, title="  ")


def test_two_courses_of_one_title_have_two_addresses(ada: User) -> None:
    one, two, chinese = (Course.objects.start(creator=ada.creator, title=t) for t in ("Salt", "Salt", "做菜入门"))
    assert one.slug == "salt"
    assert two.slug.startswith("salt-")
    assert chinese.slug.startswith("course-")


def test_a_list_of_courses_is_one_query(ada: User, django_assert_num_queries: object) -> None:
    for number in range(5):
        make_course(title=f"Course {number}", lessons=1)
    with django_assert_num_queries(1):
        shown = [(c.title, c.creator.name, c.category.name, c.price) for c in Course.objects.on_sale().cards()]
    assert len(shown) == 5
