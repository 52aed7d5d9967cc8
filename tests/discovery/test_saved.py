"""Saving a course for later, and what people are told of: new courses of whom they follow, prices that truly fell."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail as outbox
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import unsubscribing
from accounts.models import Notice, User
from courses.models import Course, PriceChange
from discovery import news, saving
from discovery.models import Follow, NewsLine, NewsStop, SavedCourse
from discovery.models import saved as saved_rows
from discovery.models.saved import SavedFull
from marketplace.lib.emails import Mail
from marketplace.lib.money import Money
from marketplace.lib.sweeps import SweepFailed
from tests.courses.factories import make_course
from tests.faults.taken_away import meeting, take_away, taken_away, triggers
from tests.learners.factories import enroll
from tests.payments.crowd import at_once

pytestmark = pytest.mark.django_db
SLOW = meeting("discovery_newsline")  # so that the two meet
BOTH = {"new_courses": True, "price_drops": True}


@pytest.fixture
def course(ada: User) -> Course:
    """On sale for a year, at 19.99."""
    course = make_course(title="Kilns")
    Course.objects.filter(pk=course.pk).update(published_at=timezone.now() - timedelta(days=365))
    course.refresh_from_db()
    return course


def prices(course: Course, *asked: tuple[float, int] | tuple[float, int, str]) -> None:
    """The whole history of its prices: so many days ago, so many cents, of dollars where nothing else is said."""
    take_away(triggers("courses_pricechange"))
    PriceChange.objects.filter(course=course).delete()
    for days, minor, *code in asked:
        price = {"price_minor": minor, "currency": code[0] if code else "USD"}
        at = timezone.now() - timedelta(days=days)
        course.price_changes.create(**price, changed_by=course.creator.user, changed_at=at)
    Course.objects.filter(pk=course.pk).update(**price)
    course.refresh_from_db()


def saved(learner: User, course: Course, days_ago: float, minor: int, currency: str = "USD") -> None:
    SavedCourse.objects.create(
        learner=learner, course=course, price_minor=minor, currency=currency,
        saved_at=timezone.now() - timedelta(days=days_ago),
    )  # fmt: skip


def later(**passed: float) -> datetime:
    return timezone.now() + timedelta(**passed)


def mails() -> list[Mail]:
    return list(Mail.objects.filter(key__startswith="news:").order_by("pk"))


class TestANewCourse:
    def test_is_told_once_by_mail_and_notice(self, lin: User, course: Course) -> None:
        Follow.objects.follow(lin, course.creator)
        fresh = make_course(title="Glazes")
        assert [news.send_due(later(hours=hours)) for hours in (0, 1, 25, 24 * 6)] == [1, 0, 0, 0]
        (mail,) = mails()
        assert (mail.to, mail.subject) == (lin.email, f"{course.creator.name} has a new course: “Glazes”")
        assert "Kilns" not in mail.text
        notice = Notice.objects.get(person=lin)
        assert (notice.kind, notice.link) == ("discovery/news", fresh.get_absolute_url())
        assert "/mails/news/" not in notice.text

    def test_several_are_one_message_and_the_next_comes_a_day_later(self, lin: User, course: Course) -> None:
        Follow.objects.follow(lin, course.creator)
        make_course(title="Glazes")
        make_course(title="Wheels")
        assert news.send_due(later()) == 1
        make_course(title="Clay")
        assert [news.send_due(later(hours=hours)) for hours in (1, 23, 24.1)] == [0, 0, 1]
        assert [mail.subject for mail in mails()] == [
            "2 news of what you follow and saved",
            f"{course.creator.name} has a new course: “Clay”",
        ]

    def test_is_no_new_version_of_an_old_one(self, lin: User, sam: User, course: Course) -> None:
        Follow.objects.follow(lin, course.creator)
        Course.objects.filter(pk=course.pk).update(renewed_at=timezone.now())
        assert news.send_due(later()) == 0

    def test_was_first_published_after_she_began_to_follow(self, lin: User, course: Course) -> None:
        Follow.objects.follow(lin, course.creator)
        fresh = make_course(title="Glazes")
        Course.objects.filter(pk=fresh.pk).update(published_at=timezone.now() - timedelta(hours=2))
        assert news.send_due(later()) == 0
        Follow.objects.update(followed_at=timezone.now() - timedelta(hours=3))
        assert news.send_due(later()) == 1

    @pytest.mark.parametrize("change", [{"is_taken_down": True}, {"is_limited": True}])
    def test_is_one_that_lists_show(self, lin: User, course: Course, change: dict[str, bool]) -> None:
        Follow.objects.follow(lin, course.creator)
        fresh = make_course(title="Glazes")
        Course.objects.filter(pk=fresh.pk).update(**change)
        assert news.send_due(later()) == 0

    def test_is_not_told_to_who_has_it(self, lin: User, cole: User, course: Course) -> None:
        for person in (lin, cole):
            Follow.objects.follow(person, course.creator)
        enroll(lin, make_course(title="Glazes"))
        assert news.send_due(later()) == 1
        assert [mail.to for mail in mails()] == [cole.email]

    def test_is_not_told_to_who_stopped_it_or_made_it(self, lin: User, ada: User, course: Course) -> None:
        for person in (lin, ada):
            Follow.objects.follow(person, course.creator)
        NewsStop.objects.choose(lin, {**BOTH, "new_courses": False})
        make_course(title="Glazes")
        assert news.send_due(later()) == 0
        NewsStop.objects.choose(lin, BOTH)
        assert news.send_due(later()) == 1


class TestALowerPrice:
    def test_is_told_once_with_what_it_was(self, lin: User, course: Course) -> None:
        saved(lin, course, 20, 2000)
        prices(course, (365, 2000), (1, 1500))
        assert [news.send_due(later(hours=hours)) for hours in (0, 25)] == [1, 0]
        (mail,) = mails()
        assert mail.subject == "“Kilns” costs less"
        assert (
            "now costs $15.00. When you saved it, it cost $20.00; its lowest price of the 30 days before was $20.00"
            in (mail.text)
        )

    @pytest.mark.parametrize(
        ("asked", "is_told"),
        [
            ([(365, 2000), (3, 3000), (1, 2000)], False),  # raised first, then back
            ([(365, 2000), (28, 1400), (10, 2000), (1, 1500)], False),  # it was lower within the thirty days
            ([(365, 2000), (60, 1400), (40, 2000), (1, 1500)], True),  # that was longer ago
            ([(365, 2000), (2, 1500), (1, 1800)], False),  # up again: what stands counts
            ([(365, 2000), (1, 2500)], False),
            ([(365, 2000), (9, 1500)], False),  # a week ago is no news
            ([(365, 2000), (25, 1500)], False),  # before she saved it
        ],
    )
    def test_is_one_of_stored_prices_alone(
        self, lin: User, course: Course, asked: list[tuple[float, int]], is_told: bool
    ) -> None:
        saved(lin, course, 20, 2000)
        prices(course, *asked)
        assert news.send_due(later()) == is_told

    def test_is_no_old_one_where_only_the_suggestion_changed_of_late(
        self, lin: User, ada: User, course: Course
    ) -> None:
        saved(lin, course, 20, 2000)
        prices(course, (365, 2000), (10, 1500))
        course.set_price(Money(1500, "USD"), by=ada, suggested=Money(2500, "USD"))
        assert news.send_due(later()) == 0

    def test_to_a_least_price_says_from(self, lin: User, ada: User, course: Course) -> None:
        saved(lin, course, 20, 2000)
        prices(course, (365, 2000))
        course.set_price(Money(1500, "USD"), by=ada, suggested=Money(2500, "USD"))
        assert news.send_due(later()) == 1
        assert "now costs from $15.00." in mails()[0].text

    def test_is_below_what_she_saved_it_at(self, lin: User, course: Course) -> None:
        saved(lin, course, 20, 1200)
        prices(course, (365, 2000), (1, 1500))
        assert news.send_due(later()) == 0

    def test_is_not_compared_over_currencies(self, lin: User, course: Course) -> None:
        saved(lin, course, 20, 2000)
        prices(course, (365, 2000))
        course.set_price(Money(1500, "EUR"), by=course.creator.user)
        assert news.send_due(later()) == 0

    def test_is_none_where_two_changes_of_currency_hid_a_lower_one(self, lin: User, course: Course) -> None:
        saved(lin, course, 20, 5000)
        prices(course, (365, 1000))
        for price in (Money(7000, "CNY"), Money(4999, "USD"), Money(3000, "USD")):
            course.set_price(price, by=course.creator.user)
        assert news.send_due(later()) == 0

    def test_is_none_where_the_thirty_days_before_have_another_currency(self, lin: User, course: Course) -> None:
        """It cost $15, which is less than £14: no amount may be said, not even "about"."""
        saved(lin, course, 20, 2000, "GBP")
        prices(course, (50, 2000, "GBP"), (3, 1500), (1, 1400, "GBP"))
        assert news.send_due(later()) == 0

    def test_is_one_again_when_the_other_currency_is_thirty_days_past(self, lin: User, course: Course) -> None:
        saved(lin, course, 20, 2000, "GBP")
        prices(course, (60, 1500), (40, 2000, "GBP"), (1, 1400, "GBP"))
        assert news.send_due(later()) == 1
        assert "its lowest price of the 30 days before was £20.00" in mails()[0].text

    def test_does_not_matter_to_who_has_the_course_or_stopped_it(self, lin: User, cole: User, course: Course) -> None:
        for person in (lin, cole):
            saved(person, course, 20, 2000)
        prices(course, (365, 2000), (1, 1500))
        enroll(lin, course)
        NewsStop.objects.choose(cole, {**BOTH, "price_drops": False})
        assert news.send_due(later()) == 0

    def test_falls_again_and_is_told_again(self, lin: User, course: Course) -> None:
        saved(lin, course, 20, 2000)
        prices(course, (365, 2000), (1, 1500))
        assert news.send_due(later()) == 1
        course.set_price(Money(1200, "USD"), by=course.creator.user)
        assert [news.send_due(later(hours=hours)) for hours in (1, 25)] == [0, 1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_locked", [True, False])
def test_two_bells_tell_once(lin: User, ada: User, is_locked: bool) -> None:
    """The negative control: without the lock both write, and only the database's own rule stops the second."""
    course = make_course(title="Kilns")
    Follow.objects.follow(lin, course.creator)
    make_course(title="Glazes")

    def ring(_n: int) -> Any:
        return news.send_due(later())

    with taken_away(SLOW):
        if is_locked:
            assert sorted(at_once(ring, 2)) == [0, 1]
        else:
            with pytest.raises(SweepFailed) as failed:
                at_once(ring, 2, without_locks=True)
            assert "one_news_of_a_new_course" in str(failed.value.__cause__)
        assert NewsLine.objects.count() == 1
        assert len(mails()) == 1


class TestSaving:
    def test_keeps_the_first_price_and_goes_again(self, lin: User, course: Course) -> None:
        SavedCourse.objects.save_for_later(lin, course)
        course.set_price(Money(999, "USD"), by=course.creator.user)
        SavedCourse.objects.save_for_later(lin, course)
        (one,) = saving.of(lin)
        assert (one.then, one.is_lower) == (Money(1999, "USD"), True)
        SavedCourse.objects.take_away(lin, course)
        assert saving.of(lin) == []

    def test_has_an_end(self, lin: User, course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(saved_rows, "MOST", 1)
        SavedCourse.objects.save_for_later(lin, course)
        with pytest.raises(SavedFull):
            SavedCourse.objects.save_for_later(lin, make_course(title="Glazes"))

    def test_leaves_out_what_she_has_or_nobody_can_buy(self, lin: User, course: Course) -> None:
        bought, gone = make_course(title="Glazes"), make_course(title="Wheels")
        for one in (course, bought, gone):
            SavedCourse.objects.save_for_later(lin, one)
        enroll(lin, bought)
        Course.objects.filter(pk=gone.pk).update(is_taken_down=True)
        assert [one.course.title for one in saving.of(lin)] == ["Kilns"]

    def test_is_a_button_on_the_course_page_a_page_and_a_shelf(self, lin: User, client: Client, course: Course) -> None:
        client.force_login(lin)
        page = client.get(course.get_absolute_url()).content.decode()
        assert "Save for later" in page
        answer = client.post(reverse("discovery:save", args=[course.slug]), follow=True)
        assert "Saved for later" in answer.content.decode()
        assert "Kilns" in client.get(reverse("discovery:saved")).content.decode()
        assert "All that you saved" in client.get(reverse("learners:library")).content.decode()
        client.post(reverse("discovery:save", args=[course.slug]), {"stop": "1", "to": "list"})
        assert "Nothing saved yet" in client.get(reverse("discovery:saved")).content.decode()

    def test_asks_strangers_to_log_in_and_come_back(self, client: Client, course: Course) -> None:
        page = client.get(course.get_absolute_url()).content.decode()
        assert f"{reverse('account_login')}?next={course.get_absolute_url()}" in page

    def test_costs_the_list_one_query(self, lin: User, course: Course, django_assert_num_queries: Any) -> None:
        for title in ("Glazes", "Wheels", "Clay"):
            SavedCourse.objects.save_for_later(lin, make_course(title=title))
        name = course.creator.name
        with django_assert_num_queries(1):
            assert [one.course.creator.name for one in saving.of(lin)] == [name] * 3


class TestChoosing:
    def test_one_click_in_the_mail_ends_all_of_it(self, lin: User, client: Client) -> None:
        address = unsubscribing.page(lin, news.KIND)
        assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert NewsStop.objects.wishes(lin) == {"new_courses": False, "price_drops": False}
        client.post(address, {"price_drops": "1"})
        assert NewsStop.objects.wishes(lin) == {"new_courses": False, "price_drops": True}
        assert client.get(address + "x/").status_code == 404

    def test_the_mail_says_where_that_is(self, lin: User, course: Course) -> None:
        Follow.objects.follow(lin, course.creator)
        make_course(title="Glazes")
        news.send_due(later())
        (mail,) = mails()
        mail.send()
        assert mail.unsubscribe_url.endswith(unsubscribing.page(lin, news.KIND))
        assert outbox.outbox[-1].extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    def test_the_api_does_the_same(self, lin: User, course: Course) -> None:
        api = APIClient()
        api.force_authenticate(lin)
        assert api.put(reverse("api-save-course", args=[course.slug])).status_code == 204
        (told,) = api.get(reverse("api-saved")).json()
        assert (told["course"]["slug"], told["is_lower"]) == (course.slug, False)
        assert api.put(reverse("api-save-course", args=["nothing"])).status_code == 404
        assert api.put(reverse("api-news"), {**BOTH, "new_courses": False}).json() == {**BOTH, "new_courses": False}
        assert api.put(reverse("api-news"), {"new_courses": "maybe"}).status_code == 400
        assert api.delete(reverse("api-save-course", args=[course.slug])).status_code == 204
        assert api.get(reverse("api-saved")).json() == []
