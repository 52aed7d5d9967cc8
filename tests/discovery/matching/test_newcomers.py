"""The tally of new courses: who is in it, who is owed looks, and what a reader's page costs."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from courses.models import Course
from creators.models import Creator
from discovery.models import Attention, Newcomer
from discovery.models.attention import LOOKS_GRANTED
from tests.courses.factories import make_course

pytestmark = pytest.mark.django_db


def follow() -> int:
    return Newcomer.objects.follow(timezone.now())


def owed(reader: Any, *audiences: str) -> list[int]:
    return Newcomer.objects.owed(audiences or ("en", ""), timezone.now(), but=reader, count=12)


def test_a_course_is_new_for_thirty_days_from_its_first_on_sale(ada: User, lin: User) -> None:
    new, old, draft = (make_course(title=title) for title in ("New", "Old", "Draft"))
    Course.objects.filter(pk=old.pk).update(published_at=timezone.now() - timedelta(days=31))
    Course.objects.filter(pk=draft.pk).update(live_version=None)
    assert follow() == 1
    assert follow() == 0
    assert owed(lin) == [new.pk]
    assert owed(ada) == []
    later = timezone.now() + timedelta(days=31)
    assert Newcomer.objects.owed(["en"], later, but=lin, count=12) == []
    Newcomer.objects.follow(later)
    assert not Newcomer.objects.get().is_owed
    Newcomer.objects.follow(later + timedelta(days=60))
    assert not Newcomer.objects.exists()


def test_the_least_shown_stands_first_and_of_equals_a_creators_first(ada: User, lin: User, cole: User) -> None:
    first, second = make_course(title="First"), make_course(title="Second")
    Course.objects.filter(pk=first.pk).update(published_at=timezone.now() - timedelta(days=2))
    other = make_course(Creator.objects.create(user=lin, name="Bea", slug="bea"), title="Of Bea")
    follow()
    assert owed(cole) == [other.pk, first.pk, second.pk]
    Attention.objects.add(timezone.now().date(), {other.pk: 5, first.pk: 1})
    assert owed(cole) == [second.pk, first.pk, other.pk]
    Attention.objects.add(timezone.now().date(), {second.pk: LOOKS_GRANTED})
    assert owed(cole) == [first.pk, other.pk]
    assert Newcomer.objects.get(pk=second.pk).had_at


def test_what_leaves_the_lists_is_owed_nothing_until_it_is_back(ada: User, lin: User, sam: User) -> None:
    course = make_course(title="New")
    follow()
    course.take_down(by=sam, rule_code="spam", reason="Spam")
    follow()
    assert owed(lin) == []
    Course.objects.filter(pk=course.pk).update(is_taken_down=False)
    follow()
    assert owed(lin) == [course.pk]


def test_a_course_in_another_language_moves_to_its_readers(ada: User, lin: User) -> None:
    course = make_course(title="New")
    follow()
    for language, audience in (("zh-hans", "zh-hans"), ("ja", ""), ("en", "en")):
        Course.objects.filter(pk=course.pk).update(language=language)
        follow()
        assert Newcomer.objects.get().audience == audience


def test_looks_before_its_row_count_too(ada: User, lin: User) -> None:
    course = make_course(title="New")
    Attention.objects.add(timezone.now().date(), {course.pk: 7})
    follow()
    assert Newcomer.objects.get().looks == 7


def home(reader: Client) -> list[str]:
    reader.get("/")
    with CaptureQueriesContext(connection) as asked:
        assert "For you" in reader.get("/").content.decode()
    return [one["sql"] for one in asked]


def test_a_readers_home_costs_the_same_for_many_new_courses_and_adds_no_looks_up(
    client: Client, lin: User, ada: User
) -> None:
    make_course(title="New")
    follow()
    client.force_login(lin)
    few = home(client)
    for n in range(30):
        course = make_course(title=f"New {n}")
        Attention.objects.add(timezone.now().date(), {course.pk: n + 1})
    follow()
    many = home(client)
    assert len(many) <= len(few)
    assert not [sql for sql in many if "discovery_attention" in sql]


def test_who_is_owed_is_read_off_one_index(lin: User, ada: User) -> None:
    """Of five thousand new courses some dozen rows are read."""
    course = make_course(title="New")
    follow()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "INSERT INTO discovery_newcomer SELECT id, now() - id %% 29 * interval '1 day', id %% 3 = 0, 'en', 'en',"
            " id %% 190, NULL, true, %s FROM generate_series(1000000, 1004999) id",
            [course.creator_id],
        )
        cursor.execute("ANALYZE discovery_newcomer")
    with CaptureQueriesContext(connection) as asked:
        assert len(owed(lin)) == 12
    (statement,) = [one["sql"] for one in asked]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}")
        (found,) = cursor.fetchone()
    assert most_rows(found[0]["Plan"]) <= 100


def most_rows(plan: dict[str, Any]) -> float:
    own = plan["Actual Rows"] if plan.get("Relation Name") == "discovery_newcomer" else 0
    return max([own + plan.get("Rows Removed by Filter", 0), *(most_rows(one) for one in plan.get("Plans", []))])
