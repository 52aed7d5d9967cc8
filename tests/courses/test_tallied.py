"""The numbers beside filters where courses are many: counted by a worker, taken by pages, and honest in between."""

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from courses import facets, paging, skill_shelves, tallied, tallying, tasks, wide_facets
from courses.models import Course, Listing
from courses.tallying import ALL, VALUES, WHOLE
from marketplace.lib import window
from marketplace.lib.money import Money
from tests.courses.factories import make_course, make_skill
from tests.creators.institutions import make_institution

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four courses, of which the house counts two while somebody waits."""
    python, sql = make_skill("python"), make_skill("databases-sql")
    make_course(title="One", skills={python: 1, sql: 1})
    make_course(title="Two", skills={python: 1})
    make_course(title="Three", skills={python: 1}, price=Money(0, "USD"))
    make_course(title="Four")
    monkeypatch.setattr(tallying, "FEW", 2)
    monkeypatch.setattr(tallying, "ARE_FEW", tallying.are_few(2))
    monkeypatch.setattr(tallied, "FEW", 2)
    tallied._held.clear()


def prices(client: Client, **asked: str) -> dict[str, tuple[int | None, bool]]:
    context: Any = client.get("/courses/", asked).context
    options = next(options for label, options in context["boxes"] if str(label) == "Price")
    return {str(option.label): (option.count, option.has_more) for option in options}


def tallies(queries: CaptureQueriesContext) -> int:
    return sum("GROUP BY" in query["sql"] for query in queries)


def test_few_are_counted_as_they_are(client: Client, ada: User) -> None:
    make_course(title="One")
    assert not tasks.count_courses()
    counted = wide_facets.counted({})
    assert (counted.total, counted.partly) == (1, frozenset())
    make_course(title="Two")
    assert wide_facets.counted({}).total == 2


def test_sums_of_few_say_what_their_cells_say(client: Client, ada: User) -> None:
    python, school = make_skill("python"), make_institution(ada)
    make_course(title="One", skills={python: 1, make_skill("databases-sql"): 1}, price=Money(0, "USD"))
    Listing.objects.list_course(make_course(title="Two", skills={python: 1}, language="zh-hans"), school, by=ada)
    course = make_course(title="Three")
    Course.objects.filter(pk=course.pk).update(captions=["en", "zh"], rating_count=5, rating_score=4_700)
    window.change()
    sums, cells = tallied.sums(), tallied.whole()
    assert sums is not None
    total, found = wide_facets.add_up(cells[ALL][WHOLE], {name: cells[name] for name in VALUES}, {})
    assert sums == (total, +found)
    assert (total, found["skill", python.pk], found["institution", school.pk], found["rating", "4"]) == (3, 2, 1, 1)
    assert (found["captions", "en"], found["captions", "zh"], found["price", "free"]) == (1, 1, 1)


def test_no_page_counts_many(client: Client, many: None) -> None:
    assert tasks.count_courses()
    with CaptureQueriesContext(connection) as queries:
        assert prices(client) == {"Free": (1, False), "Paid": (3, False)}
        page: Any = client.get("/courses/", {"level": "beginner", "price": "paid"}).context["page"]
        client.get("/skills/")
    assert tallies(queries) == 0
    assert (page.total, page.has_more_than_counted) == (3, False)


def test_the_last_tally_is_shown_while_a_worker_counts_anew(client: Client, many: None) -> None:
    assert tasks.count_courses()
    assert not tasks.count_courses()  # not so soon
    make_course(title="Five")
    assert wide_facets.counted({}).total == 4
    cache.delete(tallied._DUE)
    assert tasks.count_courses()
    window.forget()
    assert wide_facets.counted({}).total == 5


def told(client: Client, **asked: str) -> tuple[int, int, bool]:
    """Cards of a list, and the number above them."""
    page: Any = client.get("/courses/", asked).context["page"]
    return len(page.cards), page.total, page.has_more_than_counted


def test_the_number_above_cards_never_contradicts_them(
    client: Client, many: None, sam: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks.count_courses()
    signed = make_course(title="The first in sign language", language="sgn")
    assert wide_facets.counted({"language": "sgn"}).total == 0  # as the worker knew it
    assert told(client, language="sgn") == (1, 1, False)
    assert told(client) == (5, 5, False)
    monkeypatch.setattr(paging, "PAGE_ROWS", 4)
    window.change()
    assert told(client) == (4, 5, True)  # the tally says four, and there is another page
    assert told(client, price="paid") == (4, 4, False)
    window.change()
    assert told(client, after=client.get("/courses/").context["page"].after) == (1, 4, False)
    cache.delete(tallied._DUE)
    tasks.count_courses()
    window.change()
    signed.take_down(by=sam, rule_code="spam", reason="Spam")
    assert wide_facets.counted({"language": "sgn"}).total == 1
    assert told(client, language="sgn") == (0, 0, False)


def test_what_was_added_up_is_remembered_until_the_next_tally(many: None, monkeypatch: pytest.MonkeyPatch) -> None:
    tasks.count_courses()
    added, counts = [], facets.counts
    monkeypatch.setattr(facets, "counts", lambda *asked: added.append(asked) or counts(*asked))
    skill = make_skill("python").pk
    for asked in ({}, {"price": "free"}, {"skill": skill}, {"skill": skill, "price": "free"}):
        first, cells = wide_facets.counted(asked), tallied.whole()
        first.by_choice["price", "free"] += 7  # her copy
        added.clear()
        again = wide_facets.counted(asked)
        assert added == []
        own = cells["skill"][skill] if "skill" in asked else cells[ALL][WHOLE]
        total, found = counts(own, {name: value for name, value in asked.items() if name == "price"})
        assert (again.total, {key: again.by_choice[key] for key in found}) == (total, dict(found))
    window.change()
    wide_facets.counted({})
    assert added == []
    monkeypatch.setattr(tallied, "MOST_NUMBERS", 1)
    assert wide_facets.counted({"price": "paid"}).total == 3
    assert wide_facets.counted({"price": "paid"}) == wide_facets.counted({"price": "paid"})
    assert len(tallied.whole()._sums) == 1  # each takes the place of the one before
    make_course(title="Five")
    cache.delete(tallied._DUE)
    tasks.count_courses()
    window.forget()
    assert wide_facets.counted({"price": "paid"}).total == 4


def test_a_skills_shelf_is_what_a_worker_found_and_is_true_now(
    client: Client, many: None, sam: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = make_skill("python").get_absolute_url()

    def shelf() -> tuple[Any, list[int], int]:
        window.change()
        with CaptureQueriesContext(connection) as queries:
            context: Any = client.get(address).context
        asked = sum("courses_taughtskill" in query["sql"] for query in queries)
        return context["total"], [len(row) for _level, _words, row in context["shelves"]], asked

    assert shelf() == (None, [3], 2)
    tasks.count_courses()
    assert shelf() == (3, [3], 1)
    make_course(title="Five", skills={make_skill("python"): 2})
    assert shelf() == (3, [3], 1)  # as the worker found it
    Course.objects.get(title="Two").take_down(by=sam, rule_code="spam", reason="Spam")
    assert shelf() == (2, [2], 1)  # never what is off the sale
    cache.delete(tallied._DUE)
    tasks.count_courses()
    assert shelf() == (3, [2, 1], 1)
    monkeypatch.setattr(skill_shelves, "SHELF_ROWS", 1)
    assert shelf() == (3, [1, 1], 1)


def test_a_full_shelf_that_a_course_has_left_is_not_all_that_there_is(
    client: Client, many: None, sam: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = make_skill("python")
    monkeypatch.setattr(tallying, "_SHELVES", tallying._SHELVES.replace("place <= 12", "place <= 2"))
    monkeypatch.setattr(skill_shelves, "SHELF_ROWS", 2)

    def said() -> tuple[Any, int]:
        window.change()
        context: Any = client.get(python.get_absolute_url()).context
        return context["total"], sum(len(row) for _level, _words, row in context["shelves"])

    tasks.count_courses()
    assert said() == (3, 2)
    first = Course.objects.get(pk=tallied.shelf_of(python.pk).courses[0])
    first.take_down(by=sam, rule_code="spam", reason="Spam")
    assert said() == (3, 1)  # as the worker counted: of those left some wait for the next shelf
    cache.delete(tallied._DUE)
    tasks.count_courses()
    assert said() == (2, 2)
    Course.objects.get(pk=tallied.shelf_of(python.pk).courses[0]).take_down(by=sam, rule_code="spam", reason="Spam")
    assert said() == (1, 1)  # all of them stood there


def test_a_shelf_has_the_most_popular_of_each_level(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    python = make_skill("python")
    made = [make_course(title=f"Course {at}", skills={python: 1 + at % 2}) for at in range(4)]
    Course.objects.count_learners([made[0].pk, made[1].pk], 5)
    monkeypatch.setattr(tallying, "_SHELVES", tallying._SHELVES.replace("place <= 12", "place <= 1"))
    assert sorted(tallying.shelves_of(Course.objects.listed())[python.pk]) == [made[0].pk, made[1].pk]


def test_a_list_with_a_filter_asks_for_the_tally_once(
    client: Client, many: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, asked = tallied.whole, list[bool]()
    monkeypatch.setattr(tallied, "whole", lambda: asked.append(True) or held())
    for is_sample in (True, False):
        for count in (wide_facets.counted, wide_facets.left):
            asked.clear()
            found = count({"price": "paid"})
            assert (len(asked), found.of, found.is_sample) == (1, held().number, is_sample)
        tasks.count_courses()
        window.forget()


def test_a_total_alone_is_remembered_until_the_next_tally(many: None, monkeypatch: pytest.MonkeyPatch) -> None:
    tasks.count_courses()
    added, sifted = list[Any](), facets.sifted
    monkeypatch.setattr(facets, "sifted", lambda *asked: added.append(asked) or sifted(*asked))
    python, other = make_skill("python").pk, make_skill("databases-sql").pk
    wished: list[tuple[dict[str, Any], int]] = [
        ({"price": "paid"}, 3), ({"skill": python, "price": "paid"}, 2), ({"skill": other, "price": "paid"}, 1),
        ({"price": "free"}, 1), ({"language": "sgn"}, 0),
    ]  # fmt: skip
    assert [wide_facets.left(asked).total for asked, _total in wished] == [total for _asked, total in wished]
    added.clear()
    assert [wide_facets.left(asked).total for asked, _total in wished] == [total for _asked, total in wished]
    assert added == []


def test_before_a_worker_has_counted_numbers_say_at_least(client: Client, many: None) -> None:
    counted = wide_facets.counted({})
    assert (counted.total, counted.is_part) == (3, True)  # two, and one more that says there are others
    assert {"price", "skill", ALL} <= counted.partly
    context: Any = client.get("/courses/").context
    page = context["page"]
    assert (len(page.cards), page.total, page.has_more_than_counted) == (4, 4, False)  # all of them stand there
    assert all(option.has_more for _label, options in context["boxes"] for option in options)
    skill = client.get(make_skill("python").get_absolute_url()).context
    assert skill["total"] is None
    assert len(skill["shelves"]) == 1


def test_a_filter_that_the_counted_part_lacks_is_offered_and_finds(client: Client, many: None) -> None:
    newest_first = wide_facets.counted({}).by_choice
    assert newest_first["price", "free"] == 1
    assert told(client, skill="databases-sql") == (1, 1, False)  # all of them stand there


def test_beside_a_skill_only_the_first_are_counted(client: Client, many: None, ada: User, monkeypatch: Any) -> None:
    school = make_institution(ada)
    for course in ada.creator.courses.order_by("pk")[:3]:
        Listing.objects.list_course(course, school, by=ada)
    tasks.count_courses()
    asked = {"skill": make_skill("python").pk}
    whole = wide_facets.counted(asked)
    assert (whole.total, whole.by_choice["institution", school.pk], whole.partly) == (3, 3, frozenset())
    monkeypatch.setattr(wide_facets, "BESIDE", 1)
    window.change()
    part = wide_facets.counted(asked)
    assert (part.total, part.partly) == (3, frozenset({"institution"}))
    assert 0 < part.by_choice["institution", school.pk] < 3
    both = wide_facets.counted({**asked, "institution": school.pk})
    assert both.is_part


def test_what_was_lost_is_counted_anew(client: Client, many: None) -> None:
    tasks.count_courses()
    cache.clear()
    window.forget()
    tallied._held.clear()
    assert wide_facets.counted({}).is_part
    assert tasks.count_courses()
    window.forget()
    assert not wide_facets.counted({}).is_part


def test_fewer_than_many_are_counted_by_pages_again(client: Client, many: None, monkeypatch: Any) -> None:
    tasks.count_courses()
    monkeypatch.setattr(tallied, "FEW", 10)
    monkeypatch.setattr(tallying, "ARE_FEW", tallying.are_few(10))
    assert not tasks.count_courses()
    window.forget()
    make_course(title="Five")
    assert wide_facets.counted({}).total == 5


@pytest.mark.django_db(transaction=True)
def test_two_workers_count_once(many: None) -> None:
    other = connections.create_connection("default")
    try:
        with other.cursor() as another:
            another.execute("SELECT pg_advisory_lock(%s)", [tallied._LOCK])
            assert not tasks.count_courses()
            another.execute("SELECT pg_advisory_unlock(%s)", [tallied._LOCK])
        assert tasks.count_courses()
    finally:
        other.close()
