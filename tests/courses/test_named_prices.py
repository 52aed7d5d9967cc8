"""A creator lets buyers name their price: what she may set, what her studio keeps, what everybody is told of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from courses.models import Course, PriceChange
from courses.price_history import history
from courses.pricing import PriceOutOfBounds, SuggestionOutOfBounds
from discovery.price_drops import fall
from marketplace.lib.errors import NotAllowed
from marketplace.lib.money import Money
from tests.courses.factories import make_course
from tests.faults.taken_away import meeting, taken_away
from tests.payments.crowd import at_once

pytestmark = pytest.mark.django_db


def usd(minor: int) -> Money:
    return Money(minor, "USD")


@pytest.fixture
def course(ada: User) -> Course:
    return make_course(title="Kilns", price=usd(2000), lessons=1)


class TestSettingIt:
    def test_keeps_the_least_and_what_is_suggested(self, course: Course, ada: User) -> None:
        change = course.set_price(usd(1000), by=ada, suggested=usd(1500))
        assert change is not None
        assert (change.price, change.suggested) == (usd(1000), usd(1500))
        course.refresh_from_db()
        assert (course.price, course.suggested, course.is_price_named) == (usd(1000), usd(1500), True)

    def test_the_suggestion_alone_is_a_row_and_the_same_again_is_none(self, course: Course, ada: User) -> None:
        course.set_price(usd(2000), by=ada, suggested=usd(2000))
        assert course.set_price(usd(2000), by=ada, suggested=usd(2000)) is None
        assert course.set_price(usd(2000), by=ada, suggested=usd(2500)) is not None
        assert course.price_changes.count() == 3

    def test_a_fixed_price_ends_it(self, course: Course, ada: User) -> None:
        course.set_price(usd(1000), by=ada, suggested=usd(1500))
        course.set_price(usd(1000), by=ada)
        course.refresh_from_db()
        assert (course.price, course.suggested) == (usd(1000), None)

    @pytest.mark.parametrize(
        ("least", "suggested"),
        [
            (usd(1000), usd(999)),
            (usd(0), usd(1000)),
            (usd(1000), usd(9_999_999)),
            (usd(1000), Money(1000, "EUR")),
            (Money(150_000, "TWD"), Money(150_050, "TWD")),
        ],
    )
    def test_refuses_a_suggestion_that_nobody_could_pay(
        self, course: Course, ada: User, least: Money, suggested: Money
    ) -> None:
        with pytest.raises(SuggestionOutOfBounds):
            course.set_price(least, by=ada, suggested=suggested)
        course.refresh_from_db()
        assert (course.price, course.suggested) == (usd(2000), None)

    def test_the_least_is_what_the_provider_charges(self, course: Course, ada: User) -> None:
        with pytest.raises(PriceOutOfBounds):
            course.set_price(usd(49), by=ada, suggested=usd(1000))

    def test_is_its_creators_alone(self, course: Course, cole: User) -> None:
        with pytest.raises(NotAllowed):
            course.set_price(usd(1000), by=cole, suggested=usd(1500))

    def test_the_database_keeps_no_suggestion_below_the_least(self, course: Course) -> None:
        with pytest.raises(IntegrityError, match="course_suggests_no_less"):
            Course.objects.filter(pk=course.pk).update(suggested_minor=1999)


@pytest.mark.django_db(transaction=True)
class TestTwoTabs:
    SLOW = meeting("courses_pricechange")

    def rows(self, ada: User, **how: Any) -> int:
        course = make_course(title="Kilns", price=usd(2000), lessons=1)

        def act(_n: int) -> object:
            return Course.objects.get(pk=course.pk).set_price(usd(1000), by=ada, suggested=usd(1500))

        with taken_away(self.SLOW):
            at_once(act, 2, **how)
            return PriceChange.objects.filter(course=course, suggested_minor=1500).count()

    def test_that_set_the_same_leave_one_row(self, ada: User) -> None:
        assert self.rows(ada) == 1

    def test_without_the_lock_leave_two(self, ada: User) -> None:
        assert self.rows(ada, without_locks=True) == 2


class TestTheHistory:
    NOW = datetime(2026, 11, 28, tzinfo=UTC)

    def ago(self, days: int) -> datetime:
        return self.NOW - timedelta(days=days)

    def test_of_a_price_that_stayed_while_the_suggestion_changed_has_one_step(self) -> None:
        asked = [(usd(2000), self.ago(90)), (usd(1000), self.ago(60)), (usd(1000), self.ago(5))]
        known = history(asked, self.ago(80), self.NOW)
        assert known is not None
        assert [(step.price.minor, step.since, step.until) for step in known.steps] == [
            (2000, self.ago(80), self.ago(60)),
            (1000, self.ago(60), None),
        ]
        assert not known.has_changed_lately

    def test_of_what_is_suggested_makes_no_news_of_a_lower_price(self, course: Course, ada: User) -> None:
        at = [self.ago(days) for days in (300, 200, 10)]
        told = [(2000, None), (1000, None), (1000, 1500)]
        changes = [
            PriceChange(course=course, price_minor=least, suggested_minor=more, currency="USD", changed_at=when)
            for (least, more), when in zip(told, at, strict=True)
        ]
        asked = {"first_sold_at": at[0], "saved": usd(2000)}
        before, after = (fall(rows, saved_at=self.ago(250), **asked) for rows in (changes[:2], changes))
        assert before is not None
        assert after is not None
        assert before.change is after.change, "told of once"
        assert fall(changes, saved_at=self.ago(20), **asked) is None


class TestTheStudio:
    def post(self, ada: User, course: Course, **form: str) -> Any:
        client = Client()
        client.force_login(ada)
        asked = {"is_free": "paid", "amount": "10", "currency": "USD", **form}
        return client.post(reverse("studio:pricing", args=[course.slug]), asked, follow=True)

    def test_sets_it_and_shows_its_history(self, ada: User, course: Course) -> None:
        page = self.post(ada, course, is_named="on", suggested="15").content.decode()
        assert "from $10.00" in page
        assert "suggested $15.00" in page
        assert "A learner pays at least" in page
        course.refresh_from_db()
        assert (course.price, course.suggested) == (usd(1000), usd(1500))

    @pytest.mark.parametrize("suggested", ["", "9.99", "abc", "15.001", "0", "99999999"])
    def test_refuses_a_wrong_suggestion_and_keeps_it_written(self, ada: User, course: Course, suggested: str) -> None:
        answer = self.post(ada, course, is_named="on", suggested=suggested)
        assert answer.status_code == 422
        assert "suggested" in answer.context["form"].errors
        assert f'value="{suggested}"' in answer.content.decode() or not suggested
        course.refresh_from_db()
        assert (course.price, course.suggested) == (usd(2000), None)

    def test_without_the_tick_the_price_is_fixed(self, ada: User, course: Course) -> None:
        self.post(ada, course, suggested="15")
        course.refresh_from_db()
        assert (course.price, course.suggested) == (usd(1000), None)

    def test_the_api_sets_it_and_says_it(self, ada: User, course: Course) -> None:
        api = APIClient()
        api.force_authenticate(ada)
        path = f"/api/v1/studio/courses/{course.slug}/"
        asked = {"amount": usd(1000).as_json(), "suggested": usd(1500).as_json()}
        assert api.post(f"{path}price/", asked, format="json").json() == asked
        assert api.get(path).json()["suggested_price"] == usd(1500).as_json()
        low = {**asked, "suggested": usd(999).as_json()}
        assert api.post(f"{path}price/", low, format="json").json()["code"] == "suggestion_out_of_bounds"
        fixed = {"amount": usd(1000).as_json()}
        assert api.post(f"{path}price/", fixed, format="json").json() == {**fixed, "suggested": None}


def test_everybody_reads_from_where_on(client: Client, course: Course, ada: User) -> None:
    course.set_price(usd(1000), by=ada, suggested=usd(1500))
    assert "from $10.00" in client.get("/courses/").content.decode()
    page = client.get(course.get_absolute_url())
    assert "from $10.00" in page.content.decode()
    (offer,) = page.context["structured"]["offers"]
    assert (offer["price"], offer["priceSpecification"]["minPrice"]) == ("10.00", "10.00")
    told = client.get(f"/api/v1/courses/{course.slug}/").json()
    assert (told["price"], told["suggested_price"]) == (usd(1000).as_json(), usd(1500).as_json())
    assert told["price_history"]["lowest_of_30_days"] == usd(1000).as_json()
    assert [step["is_price_named"] for step in told["price_history"]["steps"]] == [False, True]
    assert '<td class="num">from $10.00</td>' in page.content.decode()
    assert "US$10.00 起" in client.get("/courses/", headers={"accept-language": "zh-hans"}).content.decode()
