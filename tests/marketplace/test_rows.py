"""A query that is written once: each time it answers what was asked this time, as the query itself would."""

from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet, Value
from django.db.models.functions import Concat
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from courses import outline
from courses.models import Course, PriceChange, Version
from courses.views.catalogue import _shown
from marketplace.lib.money import Money
from marketplace.lib.rows import written_once
from tests.courses.factories import make_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def courses(ada: User) -> list[Course]:
    made = [make_course(title=title, lessons=2) for title in ("Kilns", "Glazes")]
    made[1].set_price(Money(2500, "USD"), by=ada)
    return made


def plain(slug: Any) -> QuerySet[Course]:
    prices = PriceChange.objects.rows_of("pk")
    return Course.objects.on_sale().filter(slug=slug).select_related("creator").annotate(prices=prices)


def test_it_answers_as_the_query_does_with_what_comes_along(courses: list[Course]) -> None:
    ask = written_once(plain)
    for course in [*courses, *courses]:
        (found,), (as_ever,) = ask(course.slug), plain(course.slug)
        assert vars(found).keys() == vars(as_ever).keys()
        assert (found, found.prices, found.creator.name) == (as_ever, as_ever.prices, as_ever.creator.name)
        with CaptureQueriesContext(connection) as asked:
            assert found.creator.slug
        assert not asked.captured_queries
    assert ask("nowhere") == []


def test_it_is_put_together_once_and_asked_each_time(courses: list[Course]) -> None:
    put_together = []

    @written_once
    def ask(slug: Any) -> QuerySet[Course]:
        put_together.append(slug)
        return plain(slug)

    assert [len(ask(course.slug)[0].prices) for course in courses] == [1, 2]
    Course.objects.filter(pk=courses[0].pk).update(title="Other kilns")
    assert ask(courses[0].slug)[0].title == "Other kilns"
    assert len(put_together) == 1


def test_what_is_written_into_it_is_as_it_was(courses: list[Course]) -> None:
    told = "100 % of %s and %% 'quoted' \\ 课"

    @written_once
    def ask(slug: Any, other: Any) -> QuerySet[Course]:
        rows = Course.objects.filter(slug__in=[slug, other]).exclude(title__contains="%s")
        return rows.annotate(told=Value(told), asked=Concat(Value("100 % "), "title")).order_by("pk")

    first, second = (course.slug for course in courses)
    for _plain_then_prepared in range(6):
        assert [(row.slug, row.told, row.asked) for row in ask(second, first)] == [
            (first, told, "100 % Kilns"),
            (second, told, "100 % Glazes"),
        ]


def test_a_value_is_a_value_and_never_a_part_of_the_statement(courses: list[Course]) -> None:
    ask = written_once(plain)
    for hostile in ("' OR '1'='1", "%s", '"', "kilns'; --", "%(slug)s"):
        assert ask(hostile) == []


def test_several_values_each_stand_where_they_belong(courses: list[Course]) -> None:
    ask = written_once(lambda slug, title: Course.objects.filter(title=title, slug=slug))
    first, second = courses
    assert ask(first.slug, first.title) == [first]
    assert ask(second.slug, second.title) == [second]
    assert ask(first.slug, second.title) == []


@pytest.mark.django_db(transaction=True)
def test_another_thread_asks_by_its_own_connection(ada: User) -> None:
    course, ask, found = make_course(title="Kilns"), written_once(plain), []
    ask(course.slug)

    def elsewhere() -> None:
        found.extend(ask(course.slug))
        connection.close()

    other = Thread(target=elsewhere)
    other.start()
    other.join()
    assert found == [course]
    assert ask(course.slug) == [course]  # this thread's connection is as it was


def test_pages_of_courses_have_their_own_prices_and_lessons(courses: list[Course]) -> None:
    for _twice in range(2):
        for course, prices in zip(courses, ([1999], [1999, 2500]), strict=True):
            (version,) = _shown(course.slug)
            assert [row["minor"] for row in version.prices] == prices
            lessons = [lesson for chapter in outline.chapters(version) for lesson in chapter.lessons]
            assert [lesson.version for lesson in lessons] == [version, version]
            assert {lesson.pk for lesson in lessons} == set(
                Version.objects.get(pk=version.pk).lessons.values_list("pk", flat=True)
            )
