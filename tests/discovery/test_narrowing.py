"""Filters are words of the index: they find what the courses' own rows say, and never speak against them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from courses.facets import MONTH, YEAR
from courses.models import Course
from discovery import asking, finding, index, narrowing
from discovery.models import Entry
from discovery.models.entry import TIERS
from marketplace.lib.money import Money
from tests.courses.factories import make_category, make_course

pytestmark = pytest.mark.django_db
BEST_FIRST = ("-rank", "-id")


def found(words: str, **chosen: object) -> list[str]:
    answer = asking.ask(words, asking.Wish(chosen, BEST_FIRST))
    titles = dict(Course.objects.values_list("pk", "title"))
    return [titles[hit.course_id] for hit in answer.hits]


def test_a_filter_finds_what_stands_behind_the_hits_that_are_taken(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "MOST_RANKED", 2)
    for number in range(4):
        make_course(title=f"Bowl {number}", lessons=1)
    make_course(title="Free bowl", price=Money(0, "USD"), lessons=1)
    index.refresh()
    assert len(found("bowl")) == 2
    assert found("bowl", price="free") == ["Free bowl"]


def test_hits_come_from_every_tier_and_from_the_most_popular_first(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    courses = [make_course(title=f"Bowl {tier}", lessons=1) for tier in reversed(TIERS)]
    index.refresh()
    # The other way round than they lie in the table.
    for tier, course in zip(reversed(TIERS), courses, strict=True):
        Entry.objects.filter(pk=course.pk).update(tier=tier)
    assert len(found("bowl")) == len(TIERS)
    monkeypatch.setattr(asking, "MOST_RANKED", 2)
    assert set(found("bowl")) == {f"Bowl {tier}" for tier in list(TIERS)[:2]}
    assert Course.objects.filter(pk__in=finding.matching(Course.objects.all(), "bowl").values("pk")).count() == 2


def test_what_no_course_has_is_looked_for_once_whatever_the_filters(ada: User) -> None:
    for number in range(4):
        make_course(title=f"Bowl {number}", lessons=1)
    index.refresh()
    chosen = {"price": "free", "level": "beginner", "updated": "year"}
    # Where no course has both of two words, and nothing else is meant, any of them will do.
    for words, needs_all, statements in (("bowl", True, 1), ("bowl kettle", False, 3)):
        with CaptureQueriesContext(connection) as asked:
            answer = asking.ask(words, asking.Wish(chosen, BEST_FIRST))
        assert (answer.total, answer.whole, answer.question.needs_all) == (0, 3, needs_all)
        searches = [each["sql"] for each in asked if "discovery_found" in each["sql"]]
        assert len(searches) == statements, "none of its own counts them"
        assert all("CASE WHEN (SELECT found FROM whole) > 0" in sql for sql in searches)


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("js", ("JavaScript at noon", "JavaScript at dusk", "JavaScript at dawn")),
        ("js", ("JS at noon", "JavaScript at dusk", "JavaScript at dawn")),
        ("軟體", ("软件入门", "软件测试", "软件大全")),
    ],
)
def test_what_has_only_other_words_for_it_is_no_vain_question(ada: User, words: str, titles: tuple[str, ...]) -> None:
    """Synonyms, and what regions write otherwise, whatever filters leave of them."""
    for title in titles:
        make_course(title=title, lessons=1)
    index.refresh()
    chosen = {"price": "free", "level": "advanced"}
    with CaptureQueriesContext(connection) as asked:
        answer = asking.ask(words, asking.Wish(chosen, BEST_FIRST))
    assert (answer.total, answer.whole, answer.question.is_vain, answer.question.instead) == (0, 3, False, "")
    assert sum("discovery_found" in each["sql"] for each in asked) == 1, "nothing else was meant"


def test_a_new_price_is_followed_by_the_next_refresh(ada: User) -> None:
    course = make_course(title="Bowl", lessons=1)
    index.refresh()
    course.set_price(Money(0, "USD"), by=ada)
    index.refresh()
    assert "=pfree" in Entry.objects.get(pk=course.pk).facts
    assert found("bowl", price="free") == ["Bowl"]
    assert found("bowl", price="paid") == []


def test_a_word_that_is_out_of_date_shows_nothing_that_does_not_fit(ada: User) -> None:
    course = make_course(title="Bowl", price=Money(0, "USD"), lessons=1)
    index.refresh()
    course.set_price(Money(900, "USD"), by=ada)
    assert "=pfree" in Entry.objects.get(pk=course.pk).facts
    assert found("bowl", price="free") == []


def test_the_hourly_job_brings_every_facet_up_to_date(ada: User) -> None:
    course = make_course(title="Bowl", lessons=1)
    index.refresh()
    Course.objects.filter(pk=course.pk).update(category=make_category("design"), captions=["zh"], level="advanced")
    index.refresh(everything=True)
    entry = Entry.objects.get(pk=course.pk)
    told = {"=ladvanced", f"=c{make_category('design').pk}", "=kzh"}
    assert told <= set(entry.facts)
    assert set(entry.facts) <= {lexeme.strip("'") for lexeme in str(entry.words).split()}
    assert "=lall" not in str(entry.words)


def test_nobody_asks_for_a_facet_by_words(ada: User) -> None:
    make_course(title="Bowl", price=Money(0, "USD"), lessons=1)
    index.refresh()
    assert found("=pfree") == found("'=pfree'") == found("=0") == []


def test_the_last_month_and_year_touch_these_months() -> None:
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert narrowing._months("month", now) == ["=m202601", "=m202602", "=m202603"]
    assert len(narrowing._months("year", now)) == 13
    for name, span in (("month", MONTH), ("year", YEAR)):
        days = {f"=m{now - timedelta(days=number):%Y%m}" for number in range(span.days)}
        assert days <= set(narrowing._months(name, now))
