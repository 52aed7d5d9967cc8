"""How lists are read: whichever way is taken, the same courses stand in the same order, and no list reads all."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from courses import listing, rare
from courses.filters import CAPTIONS, LENGTHS, ORDERS, PRICES, RATINGS, UPDATED, narrow
from courses.listing import Wish
from courses.models import Course
from courses.models.course import Language, Level
from courses.paging import Page
from courses.wide_facets import Counted
from marketplace.lib import window
from marketplace.lib.money import CURRENCIES
from tests.courses.factories import make_category, make_course, make_skill

pytestmark = pytest.mark.django_db
NOBODY_KNOWS = Counted(0, Counter())
CHOICES: dict[str, list[str]] = {
    "price": [key for key, _ in PRICES], "level": [key for key, _ in Level.choices], "skill": ["python", "none"],
    "language": [key for key, _ in Language.choices[:3]], "length": [key for key, _ in LENGTHS],
    "captions": [key for key, _ in CAPTIONS], "updated": [key for key, _ in UPDATED], "creator": ["ada", "nobody"],
    "rating": [key for key, _ in RATINGS], "category": ["programming", "crafts-heritage", "none"],
}  # fmt: skip


@pytest.fixture
def shop(ada: User) -> None:
    """Thirty courses by lot, many alike in what they are ordered by."""
    lot, now, python = Random(7), timezone.now(), make_skill("python")
    categories = [make_category("programming"), make_category("crafts-heritage")]
    for at in range(30):
        course, cost = make_course(title=f"Course {at}", lessons=1), lot.choice([0, 0, 900, 1999])
        Course.objects.filter(pk=course.pk).update(
            price_minor=cost, price_rank=cost * 20, level=lot.choice(Level.values), category=lot.choice(categories),
            language=lot.choice(Language.values[:3]), duration_s=lot.choice([60, 1_800, 10_800]),
            captions=lot.choice([[], ["en"], ["en", "zh"]]), skill_ids=lot.choice([[], [python.pk]]),
            renewed_at=now - timedelta(days=lot.choice([1, 29, 31, 200, 364, 366])),
            published_at=now - timedelta(days=lot.choice([1, 2])), learners_count=lot.choice([0, 0, 5]),
            rating_count=lot.choice([0, 2, 3]), rating_score=lot.choice([3000, 4000, 4500]),
            rating_low=lot.choice([0, 3900]), is_limited=lot.random() < 0.1,
        )  # fmt: skip


def asked(lot: Random) -> dict[str, str]:
    names = lot.sample(list(CHOICES), lot.randint(1, 3))
    return {**{name: lot.choice(CHOICES[name]) for name in names}, "sort": lot.choice(list(ORDERS))}


def read(chosen: dict[str, str], marks: dict[str, str], way: str, limits: tuple[int, int]) -> Page:
    rows, wish = narrow(Course.objects.listed(), chosen), Wish(chosen, marks, most=4)
    if way == "order":
        return listing.by_order(rows, wish, NOBODY_KNOWS)
    return listing.bounded(rows, wish, NOBODY_KNOWS, limits, are_many=way == "walk")


def told(page: Page) -> tuple[list[int], str, str]:
    return [row.pk for row in page.rows], page.before, page.after


def through(chosen: dict[str, str], way: str, limits: tuple[int, int], back: bool = False) -> list[Page]:
    """All pages from the first to the last; or from beyond the last, back to the first."""
    pages = [read(chosen, {}, way, limits)]
    name = "before" if back else "after"
    if back:
        last = through(chosen, way, limits)[-1]
        pages = [last]
    while mark := getattr(pages[-1], name):
        pages.append(read(chosen, {name: mark}, way, limits))
        assert len(pages) < 60
    return pages


def test_every_way_gives_the_same_pages(shop: None) -> None:
    lot = Random(1)
    for chosen in [asked(lot) for _ in range(60)]:
        pages = through(chosen, "order", (0, 0))
        for way, limits in (("walk", (100, 100)), ("walk", (6, 100)), ("index", (100, 100)), ("index", (100, 0))):
            assert [told(page) for page in through(chosen, way, limits)] == [told(page) for page in pages], chosen
            back = {"before": pages[-1].before}
            assert told(read(chosen, back, way, limits)) == told(read(chosen, back, "order", limits)), chosen


def test_where_neither_way_comes_to_an_end_pages_are_short_and_lead_on(shop: None) -> None:
    lot = Random(2)
    for chosen in [asked(lot) for _ in range(25)]:
        whole = [row.pk for page in through(chosen, "order", (0, 0)) for row in page.rows]
        for way in ("walk", "index"):
            forth = through(chosen, way, (5, -1))
            assert [row.pk for page in forth for row in page.rows] == whole, chosen
            back = through(chosen, way, (5, -1), back=True)
            assert [row.pk for page in reversed(back) for row in page.rows] == whole, chosen


def test_few_are_found_by_the_index_and_many_on_a_walk(shop: None) -> None:
    chosen = {"level": "beginner", "sort": "newest"}

    def statements(fit: int, of: int = 1_000_000, **more: Any) -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            listing.page(
                narrow(Course.objects.listed(), chosen), Wish(chosen, {}), Counted(fit, Counter(), of=of, **more)
            )
        return [query["sql"] for query in queries]

    statements(3)  # what is known of shelves is asked once
    by_index, by_walk = statements(3), statements(400_000)
    assert [rare.ONES in sql for sql in by_index] == [True, False]
    assert "LIMIT 10000" in by_walk[0]
    assert not any(rare.ONES in sql for sql in by_walk[:1])
    assert len(statements(3, of=50_000)) == 1  # so few that all may be walked
    # Seen in a sample: thirty of two thousand are many, three are no sign.
    assert "LIMIT 10000" in statements(30, of=2_001, is_sample=True, partly=frozenset({""}))[0]
    assert rare.ONES in statements(3, of=2_001, is_sample=True, partly=frozenset({""}))[0]


@pytest.mark.parametrize(
    "choice",
    [{"level": "beginner"}, {"updated": "year"}, {"captions": "en"}, {"skill": 1}, {"category": 1, "price": "free"}],
)
def test_what_is_asked_is_what_the_index_holds(shop: None, choice: dict[str, Any]) -> None:
    where, values = rare.conditions(choice)
    with connection.cursor() as cursor:
        # Of so few courses any index of what is live may be as cheap, by how long ago the table was analyzed.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = 'courses_course'::regclass"
            " AND indexrelid::regclass::text NOT IN ('course_facts', 'course_skills')"
            " AND indexrelid NOT IN (SELECT conindid FROM pg_constraint)"
        )
        cursor.execute(f"DROP INDEX {', '.join(name for (name,) in cursor.fetchall())}")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
        cursor.execute(f"EXPLAIN SELECT id FROM courses_course WHERE live_version_id IS NOT NULL AND {where}", values)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Bitmap Index Scan on course_facts" in plan or "Bitmap Index Scan on course_skills" in plan, plan


def test_what_costs_something_stands_beyond_what_is_free() -> None:
    """Lists by price begin their walk at a rank of 1 where free courses are not asked for."""
    least = {code: currency.min_charge for code, currency in CURRENCIES.items()}
    assert all(least[code] * 1000 // CURRENCIES[code].payout_minimum >= 1 for code in CURRENCIES)


def test_a_page_that_was_broken_off_says_so_and_leads_on(
    client: Client, shop: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("FEW", 0), ("MOST_WALKED", 2), ("_PART", 1)):
        monkeypatch.setattr(listing, name, value)
    monkeypatch.setattr(rare, "MOST", 0)
    window.change()
    fits = Course.objects.listed().filter(level="beginner", price_minor=0, language="en").count()
    assert fits
    address, seen, empty = "?level=beginner&price=free&language=en&sort=newest", 0, 0
    while address:
        answer = client.get(f"/courses/{address}")
        page, address = answer.context["page"], answer.context["after"]
        seen += len(page.rows)
        if not page.rows and address:
            empty += 1
            assert "None of the courses looked through" in answer.content.decode()
            assert "Nothing here answers" not in answer.content.decode()
    assert seen == fits
    assert empty


def test_the_api_reads_lists_in_the_same_way(client: Client, shop: None, monkeypatch: pytest.MonkeyPatch) -> None:
    asked_for = "/api/v1/courses/?level=beginner&sort=rating&page_size=2"
    monkeypatch.setattr(listing, "FEW", 0)
    monkeypatch.setattr(listing, "_PART", 1)
    expected = [course.slug for course in Course.objects.listed().filter(level="beginner").order_by(*ORDERS["rating"])]
    pages, address = [], asked_for
    while address:
        pages.append(client.get(address).json())
        address = pages[-1]["next"]
    assert [course["slug"] for page in pages for course in page["results"]] == expected
    assert len(pages) > 1
    assert pages[0]["previous"] is None
    for one, following in pairwise(pages):
        assert client.get(following["previous"]).json()["results"] == one["results"]
    for wrong in ("after.", "after.x", "x", "beside.MF8x", "cD0x"):
        assert client.get(asked_for, {"cursor": wrong}).status_code == 404
