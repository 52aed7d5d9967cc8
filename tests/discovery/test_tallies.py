"""What a page of results counts, held against the courses' own rows; and what it may not count."""

import re
from datetime import timedelta
from itertools import combinations
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from community import hiding, reckoning
from courses.filters import CAPTIONS, OFFERED, RATINGS, narrow
from courses.models import Course, Restriction, Skill
from creators.models import Creator, Suspension
from discovery import asking, index, results, stale
from discovery.models import Entry
from marketplace.lib.money import Money
from tests.community.factories import crowd
from tests.courses.factories import make_category, make_course

pytestmark = pytest.mark.django_db
BEST_FIRST, NEWEST = ("-rank", "-id"), ("-published_at", "-id")
# By facet: what may be chosen, as an address says it.
CHOSEN = {
    "category": "design", "price": "free", "level": "beginner", "language": "en", "length": "short", "captions": "en",
    "updated": "month", "rating": "4", "skill": "cooking",
}  # fmt: skip


def ask(words: str = "bowl", order: tuple[str, str] = BEST_FIRST, **chosen: Any) -> asking.Answer:
    return asking.ask(words, asking.Wish(chosen, order))


@pytest.fixture
def shop(ada: User) -> dict[str, Any]:
    """Twelve courses, each facet split otherwise. The ids that words of an address stand for."""
    skill, other = Skill.objects.order_by("pk")[:2]
    categories = [make_category("design"), make_category("programming")]
    for at in range(12):
        course = make_course(title=f"Bowl {at}", price=Money(900 * (at % 2), "USD"), lessons=1)
        days = (3, 29, 31, 300, 364, 366)[at % 6]
        Course.objects.filter(pk=course.pk).update(
            category=categories[at % 3 == 0], level=("beginner", "advanced")[at % 4 == 1], rating_count=3,
            language=("en", "zh-hans")[at % 5 == 0], duration_s=(60, 3_600, 20_000)[at % 3], rating_low=1,
            rating_score=(3_900, 4_100, 4_600)[at // 4],
            renewed_at=timezone.now() - timedelta(days=days), skill_ids=[[skill.pk], [skill.pk, other.pk]][at % 2],
        )  # fmt: skip
    index.refresh()
    # As if films had them: the index takes away what no film has.
    courses = list(Course.objects.order_by("pk"))
    for at, course in enumerate(courses):
        Course.objects.filter(pk=course.pk).update(captions=[["en"], ["en", "zh"], []][at % 3])
    Entry.objects.follow([course.pk for course in courses])
    return {"design": categories[0].pk, "programming": categories[1].pk, "cooking": skill.pk, "slug": skill.slug}


def left(chosen: dict[str, str], shop: dict[str, Any]) -> int:
    rows = Course.objects.listed()
    named = {name: shop["slug"] if value == "cooking" else value for name, value in chosen.items()}
    return narrow(rows, named).count()


def test_every_choice_is_counted_as_the_rows_say(shop: dict[str, Any]) -> None:
    for names in [(), *((name,) for name in CHOSEN), *combinations(CHOSEN, 2)]:
        check(shop, {name: CHOSEN[name] for name in names})


def check(shop: dict[str, Any], words: dict[str, str]) -> None:
    asked = {name: shop.get(value, value) for name, value in words.items()}
    answer = ask(**asked)
    assert answer.total == len(answer.hits) == left(words, shop)
    offered = {name: [key for key, _label in choices] for name, choices in OFFERED.items()}
    assert {key for key, _label in (*CAPTIONS, *RATINGS)} <= {*offered["captions"], *offered["rating"]}
    for name, values in {**offered, "category": ["design", "programming"], "skill": ["cooking"]}.items():
        told = {value: answer.counted[name, shop.get(value, value)] for value in values}
        assert told == {value: left({**words, name: value}, shop) for value in values}, (words, name)


def test_what_lists_do_not_show_is_neither_found_nor_counted(ada: User, lin: User, sam: User) -> None:
    kept, taken, limited = (make_course(title=f"Bowl {name}", lessons=1) for name in ("kept", "taken", "limited"))
    other = Creator.objects.create(user=lin, name="Lin", slug="lin")
    theirs = make_course(other, title="Bowl theirs", lessons=1)
    index.refresh()
    assert ask().total == 4
    taken.take_down(by=sam, rule_code="spam", reason="Spam")
    Restriction.objects.impose("limit", limited, by=sam, rule_code="privacy", rule_version=1, reason="Looked at")
    Suspension.objects.suspend(creator=theirs.creator, by=sam, rule_code="fraud", reason="Stolen films")
    for answer in (ask(), ask(order=NEWEST), ask(price="paid"), ask(price="paid", level=kept.level)):
        assert [hit.course_id for hit in answer.hits] == [kept.pk]
        assert (answer.total, answer.found, answer.counted["price", "paid"]) == (1, 1, 1)


def test_a_page_is_filled_past_courses_that_no_longer_fit(ada: User) -> None:
    courses = [make_course(title=f"Bowl {at}", price=Money(0, "USD"), lessons=1) for at in range(asking.PAGE_ROWS + 4)]
    index.refresh()
    Course.objects.filter(pk__in=[course.pk for course in courses[-2:]]).update(price_minor=900)
    answer = ask(order=("-id", "-id"), price="free")
    assert len(answer.hits) == asking.PAGE_ROWS + 1
    assert answer.total == len(courses) - 2
    assert {hit.course_id for hit in answer.hits}.isdisjoint({course.pk for course in courses[-2:]})


@pytest.mark.parametrize("name", ["category", "skill", "institution"])
def test_what_nobody_knows_by_that_name_leaves_nothing(ada: User, name: str) -> None:
    for at in range(2):
        make_course(title=f"Bowl {at}", lessons=1)
    Course.objects.update(category=None, institution=None)
    index.refresh(everything=True)
    Entry.objects.follow(list(Course.objects.values_list("pk", flat=True)))
    answer = ask(**{name: 0})
    assert (answer.total, answer.hits) == (0, [])
    assert answer.counted["price", "paid"] == 0


@pytest.mark.parametrize("order", ["-rank", "-published_at", "-rating_low", "price_rank", "-learners_count"])
def test_pages_go_on_where_the_last_one_ended(ada: User, order: str) -> None:
    made = {make_course(title=f"Bowl {at}", lessons=1).pk for at in range(asking.PAGE_ROWS + 3)}
    index.refresh()
    by = (order, "id" if order == "price_rank" else "-id")
    first = ask(order=by).hits[: asking.PAGE_ROWS]
    rest = asking.ask("bowl", asking.Wish({}, by, (first[-1].key, first[-1].course_id))).hits
    assert {hit.course_id for hit in first} | {hit.course_id for hit in rest} == made
    assert len(rest) == 3


def test_a_page_is_full_however_many_of_the_first_no_longer_fit(ada: User) -> None:
    free = [make_course(title=f"Bowl {at}", price=Money(0, "USD"), lessons=1).pk for at in range(70)]
    index.refresh()
    # The index says "free" still of forty, which come first in this order.
    Course.objects.filter(pk__in=free[30:]).update(price_minor=900)
    answer = ask("bowl", NEWEST, price="free")
    assert [hit.course_id for hit in answer.hits] == free[:30][::-1][:25]
    assert [hit.course_id for hit in ask("bowl", NEWEST, price="free").hits][24:], "there is a further page"


def numbers(client: Client, query: str) -> dict[str, str]:
    """What the page says beside the choices of its filters, by label, and of all courses."""
    page = client.get(f"/search/?q=bowl&{query}").content.decode()
    told = re.findall(r'rel="nofollow">([^<]+)<span class="muted small">([0-9,+]+)<', page)
    return {**dict(told), "all": re.findall(r"(\d+\+?) courses?</p>", page)[0]}


def test_a_number_that_is_not_all_says_so_wherever_it_stands(
    client: Client, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in range(6):
        make_course(
            title=f"Bowl {at}", price=Money(900 * (at < 2), "USD"), level=("beginner", "all")[at == 5], lessons=1
        )
    index.refresh()
    assert (numbers(client, "")["all"], numbers(client, "")["Free"]) == ("6", "4")
    monkeypatch.setattr(asking, "MOST_RANKED", 4)
    monkeypatch.setattr(asking, "MOST_BESIDE", 2)
    monkeypatch.setattr(results, "MOST_TOLD", 3)
    # Of six the first four were taken, and two of them counted.
    told = numbers(client, "")
    assert told.pop("all") == "3+"
    assert set(told.values()) <= {"1+", "2+"}
    # Two are paid for, all of them looked at; of those at any price only the first two.
    paid = numbers(client, "price=paid")
    assert (paid["all"], paid["Beginner"]) == ("2", "2")
    boxes = dict(client.get("/search/?q=bowl&price=paid").context["results"].boxes)
    # Whatever those two are: nobody knows whether there is something for free, so it is offered.
    assert [(each.label, each.has_more) for each in boxes["Price"]] == [("Free", True), ("Paid", True)]


def test_a_total_is_no_exact_number_where_hits_were_left_out(
    client: Client, ada: User, sam: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    courses = [make_course(title=f"Bowl {at}", lessons=1) for at in range(6)]
    index.refresh()
    monkeypatch.setattr(asking, "MOST_RANKED", 4)
    for course in courses[2:]:
        course.take_down(by=sam, rule_code="spam", reason="Spam")
    answer = ask()
    assert answer.total < 4
    assert answer.has_more
    assert "price" in answer.partly
    for course in courses[:2]:
        course.take_down(by=sam, rule_code="spam", reason="Spam")
    assert "0+" not in client.get("/search/?q=bowl").content.decode()


@pytest.fixture
def praised(ada: User) -> Course:
    """Found by its stars, which three learners gave two days ago."""
    with time_machine.travel(timezone.now() - timedelta(days=2)):
        course = make_course(title="Bowl", lessons=1)
        crowd(course, 5, 5, 5)
    index.refresh()
    assert stars(course)
    assert course.pk not in stale.moved()
    return course


def stars(course: Course) -> set[str]:
    return {fact for fact in Entry.objects.get(pk=course.pk).facts if fact.startswith("=r")}


def test_a_rating_that_was_hidden_leaves_the_numbers_at_the_next_refresh(praised: Course, sam: User) -> None:
    told = {"by": sam, "rule_code": "respect", "rule_version": 1, "reason": "It insults the creator."}
    hiding.hide(praised.ratings.first(), **told)
    index.refresh()
    assert stars(praised) == set()


def test_what_a_night_of_reckoning_changes_is_found_so_at_the_next_refresh(praised: Course) -> None:
    praised.ratings.update(said_at=timezone.now() - timedelta(days=366))
    assert reckoning.reckon_all(timezone.now()) == 1
    index.refresh()
    assert stars(praised) == set()


def test_a_number_that_moves_within_the_same_stars_moves_no_entry(praised: Course) -> None:
    praised.refresh_from_db()
    counts = praised.rating_spread
    praised.be_rated(score=praised.rating_score + 1, low=1, high=5_000, counts=counts)
    assert stale.moved() == []
