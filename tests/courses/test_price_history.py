"""The history of a price: what was asked for, from the first sale on, and nothing else."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from courses.price_history import HEIGHT, MARGIN, WIDTH, history, lowest_of_late
from marketplace.lib.money import Money
from tests.courses.factories import make_course
from tests.learners.factories import enroll

NOW = datetime(2026, 11, 28, tzinfo=UTC)


def ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def cny(minor: int) -> Money:
    return Money(minor, "CNY")


def test_what_was_set_before_the_first_sale_was_never_asked_for() -> None:
    known = history([(usd(100), ago(90)), (usd(2000), ago(80)), (usd(1500), ago(10))], ago(70), NOW)
    assert known is not None
    assert [(step.price.minor, step.since, step.until) for step in known.steps] == [
        (2000, ago(70), ago(10)),
        (1500, ago(10), None),
    ]


def test_the_lowest_price_is_that_of_the_last_thirty_days() -> None:
    asked = [(usd(500), ago(90)), (usd(2000), ago(40)), (usd(1500), ago(20)), (usd(1800), ago(5))]
    known = history(asked, ago(90), NOW)
    assert known is not None
    assert (known.lowest.price, known.lowest.until) == (usd(1500), ago(5))
    assert known.was_lower
    assert known.has_changed_lately


def test_a_price_that_ended_within_the_thirty_days_counts() -> None:
    known = history([(usd(500), ago(90)), (usd(2000), ago(29))], ago(90), NOW)
    assert known is not None
    assert known.lowest.price == usd(500)


def test_a_price_that_stands_for_long_has_not_changed_lately() -> None:
    known = history([(usd(500), ago(90)), (usd(2000), ago(31))], ago(90), NOW)
    assert known is not None
    assert not known.has_changed_lately
    assert not known.was_lower


def test_who_changes_the_currency_twice_loses_no_step() -> None:
    asked = [(usd(1000), ago(90)), (cny(6300), ago(20)), (usd(4999), ago(3))]
    known = history(asked, ago(90), NOW)
    assert known is not None
    assert [step.price for step in known.steps] == [usd(1000), cny(6300), usd(4999)]
    assert [step.price for step in known.lowest_each] == [usd(1000), cny(6300)]


def test_of_each_currency_the_lowest_is_told_and_nothing_is_converted() -> None:
    asked = [(usd(2000), ago(25)), (usd(1500), ago(20)), (usd(1800), ago(10)), (cny(9900), ago(3))]
    known = history(asked, ago(30), NOW)
    assert known is not None
    assert known.has_changed_currency
    assert [(step.price, step.since) for step in known.lowest_each] == [(cny(9900), ago(3)), (usd(1500), ago(20))]
    known = history([(usd(2000), ago(90)), (cny(9900), ago(50)), (cny(9000), ago(3))], ago(90), NOW)
    assert known is not None
    assert not known.has_changed_currency, "dollars were asked for longer ago"
    assert [step.price for step in known.lowest_each] == [cny(9000)]


def test_the_line_is_of_the_present_currency_alone() -> None:
    known = history([(usd(5000), ago(90)), (cny(6300), ago(20)), (cny(9900), ago(3))], ago(90), NOW)
    same = history([(cny(6300), ago(20)), (cny(9900), ago(3))], ago(20), NOW)
    assert known is not None
    assert same is not None
    assert known.line == same.line


def test_without_a_price_there_is_no_history() -> None:
    assert history([], ago(3), NOW) is None


def test_the_line_stays_in_its_box() -> None:
    asked = [(usd(0), ago(900)), (usd(2000), ago(500)), (usd(1500), ago(20)), (usd(1800), ago(0))]
    known = history(asked, ago(800), NOW)
    assert known is not None
    points = [tuple(map(int, point.split(","))) for point in known.line.split()]
    assert all(MARGIN <= x <= WIDTH - MARGIN and MARGIN <= y <= HEIGHT - MARGIN for x, y in points)
    assert [x for x, _y in points] == sorted(x for x, _y in points)


@pytest.mark.django_db
def test_the_course_page_says_when_it_was_cheaper(client: Client, ada: User) -> None:
    course = make_course(title="Kilns")
    page = client.get(course.get_absolute_url()).content.decode()
    assert "Price history" not in page
    course.set_price(usd(2500), by=ada)
    page = client.get(course.get_absolute_url()).content.decode()
    assert "Price history" in page
    assert "Lowest price of the last 30 days: $19.99" in page
    course.set_price(usd(1500), by=ada)
    assert "This is the lowest price of the last 30 days" in client.get(course.get_absolute_url()).content.decode()
    told = client.get(f"/api/v1/courses/{course.slug}/").json()["price_history"]
    assert [step["price"]["minor"] for step in told["steps"]] == ["1999", "2500", "1500"]
    assert told["lowest_of_30_days"]["minor"] == "1500"


@pytest.mark.django_db
def test_a_change_of_currency_wipes_nothing_from_page_and_api(client: Client, ada: User) -> None:
    course = make_course(title="Kilns", price=usd(2000))
    course.set_price(cny(6300), by=ada)
    course.set_price(usd(4999), by=ada)
    page = client.get(course.get_absolute_url()).content.decode()
    said = "The currency has changed within the last 30 days. Lowest price in each: $20.00 · CN¥63.00"
    assert page.count(f'<p class="lowest-price">{said}</p>') == 3, "in the box, in the bar and in the history"
    chinese = client.get(course.get_absolute_url(), headers={"accept-language": "zh-hans"}).content.decode()
    assert "近 30 天内变更过币种，各币种最低价：US$20.00 · ¥63.00" in chinese
    shown = page[page.index('class="price-history') :]
    assert [tag in shown for tag in ("$20.00", "CN¥63.00", "$49.99")] == [True, True, True]
    told = client.get(f"/api/v1/courses/{course.slug}/").json()["price_history"]
    assert [step["price"] for step in told["steps"]] == [money.as_json() for money in (usd(2000), cny(6300), usd(4999))]
    assert told["lowest_of_30_days"] == usd(2000).as_json()
    assert [step["price"] for step in told["lowest_of_other_currencies"]] == [cny(6300).as_json()]


@pytest.mark.django_db
def test_the_box_and_the_bar_say_so_beside_the_price_and_nothing_of_a_price_that_stands(
    client: Client, ada: User, lin: User
) -> None:
    course, lowest = make_course(title="Kilns"), '<p class="lowest-price">'
    assert lowest not in client.get(course.get_absolute_url()).content.decode()
    course.set_price(usd(2500), by=ada)
    page = client.get(course.get_absolute_url()).content.decode()
    said = f"{lowest}Lowest price of the last 30 days: $19.99</p>"
    box = page[page.index('class="price-box') :]
    assert box.index(said) < box.index("Buy this course")
    assert said in page[page.index('class="buy-bar') :]
    enroll(lin, course)
    client.force_login(lin)
    course.set_price(usd(2000), by=ada)
    page = client.get(course.get_absolute_url()).content.decode()
    assert lowest not in page[: page.index('class="price-history')], "who has it buys nothing"


@pytest.mark.django_db
def test_a_price_that_was_asked_for_cannot_be_unsaid(ada: User) -> None:
    course = make_course(title="Kilns")
    with pytest.raises(Exception, match="append"), connection.cursor() as cursor:
        cursor.execute("UPDATE courses_pricechange SET price_minor = 1 WHERE course_id = %s", [course.pk])


def test_who_changes_the_currency_does_not_begin_anew() -> None:
    asked = [(usd(1000), ago(90)), (cny(7_000), ago(20)), (usd(499_900), ago(1))]
    assert lowest_of_late(asked, ago(90), NOW) == usd(1000)
    assert lowest_of_late(asked[:2], ago(90), NOW) == cny(7_000)
    assert lowest_of_late([*asked, (Money(29_999, "TWD"), ago(0))], ago(90), NOW) == Money(29_999, "TWD")
    assert lowest_of_late(asked[2:], ago(1), NOW) == usd(499_900)


COUNTDOWN = re.compile(
    r"countdown|offer ends|ends in|ends on|ends soon|only today|last chance|hurry|"
    r"left at this price|限时|倒计时|仅剩|最后一天|即将截止",
    re.IGNORECASE,
)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_nothing_counts_down_to_a_price_that_is_not_scheduled(client: Client, ada: User, language: str) -> None:
    """No price is scheduled here, so none may be said to end: not in words, not by a clock, not in what search engines
    are told.
    """
    course = make_course(price=Money(4900, "USD"))
    course.set_price(Money(1900, "USD"), by=ada)
    for address in (course.get_absolute_url(), "/", "/courses/", course.creator.get_absolute_url()):
        page = client.get(address, headers={"Accept-Language": language}).content.decode()
        assert not COUNTDOWN.search(page), (address, COUNTDOWN.search(page))
        assert "priceValidUntil" not in page
    page = client.get(course.get_absolute_url(), headers={"Accept-Language": language}).content.decode()
    box = page[page.index('class="price-box') : page.index("</aside>", page.index('class="price-box'))]
    moments = re.findall(r'<time[^>]*datetime="([^"]+)"', box)
    assert all(datetime.fromisoformat(moment) <= datetime.now(UTC) for moment in moments if "T" in moment)
    told = client.get(f"/api/v1/courses/{course.slug}/").json()
    assert told["price_history"]["steps"][-1]["until"] is None
