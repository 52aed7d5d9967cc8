"""Statements that a connection has prepared: they answer as plain ones do; whatever takes them away costs nothing."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from courses.models import Course
from discovery import index
from marketplace.lib import prepared
from marketplace.lib.rows import written_once
from tests.courses.factories import make_course

pytestmark = pytest.mark.django_db(transaction=True)
SLUG = "SELECT slug FROM courses_course WHERE title = %s"


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """What other tests asked often is forgotten, and this connection knows nothing."""
    prepared._asked.clear()
    connection.close()
    connection.ensure_connection()
    yield
    prepared._asked.clear()
    connection.close()


def ask(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def prepared_now() -> list[str]:
    return [row[0] for row in ask("SELECT statement FROM pg_prepared_statements", [])]


def often(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    for _ in range(prepared.OFTEN):
        prepared.run(connection, sql, params, ask)
    return prepared.run(connection, sql, params, ask)


def test_what_is_asked_often_is_prepared_and_answers_the_same(ada: User) -> None:
    course = make_course(title="Kilns")
    for _ in range(prepared.OFTEN):
        assert prepared.run(connection, SLUG, ["Kilns"], ask) == [(course.slug,)]
        assert not prepared_now()
    assert prepared.run(connection, SLUG, ["Kilns"], ask) == [(course.slug,)]
    assert len(prepared_now()) == 1
    assert prepared.run(connection, SLUG, ["Glazes"], ask) == []
    for hostile in ("' OR '1'='1", "%s", "$1", "Kilns'; DROP TABLE courses_course; --"):
        assert prepared.run(connection, SLUG, [hostile], ask) == []


def test_values_keep_their_types(ada: User) -> None:
    course = make_course(title="Kilns")
    sql = "SELECT id FROM courses_course WHERE published_at > %s AND published_at > now() - %s AND id = ANY(%s)"
    params = [timezone.now() - timedelta(days=1), timedelta(days=1), [course.pk]]
    assert often(sql, params) == [(course.pk,)]
    assert len(prepared_now()) == 1
    assert often(sql, [params[0], timedelta(0), []]) == []


def test_in_a_transaction_nothing_is_prepared(ada: User) -> None:
    with transaction.atomic():
        often(SLUG, ["Kilns"])
        assert not prepared_now()


def test_through_a_pooler_nothing_is_prepared(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    often(SLUG, ["Kilns"])
    assert not prepared_now()


def test_what_cannot_be_prepared_is_asked_as_ever(ada: User) -> None:
    ambiguous = "SELECT json_build_array(%s)"
    assert often(ambiguous, ["Kilns"]) == [(["Kilns"],)]
    assert often(ambiguous, [3]) == [([3],)]
    assert not prepared_now()


@pytest.mark.parametrize("taken", ["DEALLOCATE ALL", "DISCARD ALL"])
def test_a_connection_that_has_lost_it_is_asked_plainly_and_prepares_anew(ada: User, taken: str) -> None:
    course = make_course(title="Kilns")
    often(SLUG, ["Kilns"])
    with connection.cursor() as cursor:
        cursor.execute(taken)
    assert prepared.run(connection, SLUG, ["Kilns"], ask) == [(course.slug,)]
    assert not prepared_now()
    assert prepared.run(connection, SLUG, ["Kilns"], ask) == [(course.slug,)]
    assert len(prepared_now()) == 1


def test_a_new_connection_prepares_its_own(ada: User) -> None:
    course = make_course(title="Kilns")
    often(SLUG, ["Kilns"])
    connection.close()
    connection.ensure_connection()
    assert prepared.run(connection, SLUG, ["Kilns"], ask) == [(course.slug,)]
    assert len(prepared_now()) == 1


def test_a_migration_that_changes_a_column_breaks_nothing(ada: User) -> None:
    ask("CREATE TABLE scratch_kilns AS SELECT 7 AS heat; SELECT 1", [])
    try:
        sql = "SELECT * FROM scratch_kilns WHERE heat > %s"
        assert often(sql, [1]) == [(7,)]
        ask("ALTER TABLE scratch_kilns ADD lid boolean; SELECT 1", [])
        assert prepared.run(connection, sql, [1], ask) == [(7, None)]
    finally:
        ask("DROP TABLE scratch_kilns; SELECT 1", [])


def test_a_number_that_no_column_holds_is_compared_as_ever(ada: User) -> None:
    make_course(title="Kilns")
    sql = "SELECT count(*) FROM courses_course WHERE (learners_count, id) < (%s, %s)"
    assert often(sql, [3, 1]) == [(1,)]
    assert prepared.run(connection, sql, [3_000_000_000, 1], ask) == [(1,)]
    assert len(prepared_now()) == 1
    assert prepared.run(connection, sql, [0, 1], ask) == [(0,)]


def test_so_many_forms_and_no_more(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "MOST_FORMS", 2)
    for number in range(4):
        often(f"SELECT {number} FROM courses_course WHERE title = %s", ["Kilns"])
    assert len(prepared_now()) == 2
    # The number is each connection's: what many forms were asked for once does not keep the next from its own.
    connection.close()
    connection.ensure_connection()
    often(SLUG, ["Kilns"])
    assert len(prepared_now()) == 1


def test_a_search_and_a_course_answer_the_same_once_they_are_prepared(ada: User, client: Client) -> None:
    course = make_course(title="Kilns and glazes", lessons=2)
    index.refresh()
    shown = [client.get(f"/search/?q={words}").content.count(b"Kilns and glazes") for words in ["kilns"] * 6]
    assert shown[0]
    assert len(set(shown)) == 1
    assert any("discovery_answers" in statement for statement in prepared_now())

    of_slug = written_once(lambda slug: Course.objects.listed().filter(slug=slug).select_related("creator"))
    assert [of_slug(course.slug) for _ in range(6)] == [[course]] * 6
    assert any("courses_course" in statement and "slug" in statement for statement in prepared_now())
    assert client.get(course.get_absolute_url()).status_code == 200
