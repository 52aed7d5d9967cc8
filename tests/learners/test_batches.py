"""A batch finds each of its rows by an index, however large the tables are; what follows is planned as ever."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from courses.models import Course
from learners import batches, evidence, watched
from learners.models import Enrollment, LessonProgress, WatchMeter, WatchReport, WatchSession
from learners.report_tokens import Ticket
from learners.reports import Received, Report
from marketplace.lib.arrays import Texts
from tests.courses.factories import make_course

pytestmark = pytest.mark.django_db
PEOPLE, IN_A_BATCH = 2_000, 200
LONG_AGO_S = 3_000
TABLES = ("learners_watchmeter", "learners_watchsession", "learners_lessonprogress", "learners_enrollment")


@pytest.fixture
def batch(ada: User) -> list[Received]:
    """Second reports of some of many people: their rows are there, and PostgreSQL knows how many there are."""
    course: Course = make_course(lessons=1)
    film = course.live_lessons().select_related("video")[0]
    at = timezone.now()
    started_ms = round((at - timedelta(seconds=LONG_AGO_S)).timestamp() * 1000)
    people = User.objects.bulk_create([User(email=f"pupil{number}@example.com") for number in range(PEOPLE)])
    Enrollment.objects.bulk_create([Enrollment(learner=one, course=course, source="free") for one in people])
    place = (course.pk, film.key.hex, film.video.asset.hex, 600)
    tickets = [Ticket(uuid.uuid4().hex, one.pk, *place, started_ms) for one in people]
    evidence.merge([Received(Report(ticket, ((0, 10),), 10.0, 1.0), at - timedelta(seconds=60)) for ticket in tickets])
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ANALYZE {table}")
    return [Received(Report(ticket, ((0, 20),), 20.0, 1.0), at) for ticket in tickets[::10]]


@contextmanager
def plans() -> Iterator[list[str]]:
    """How each statement that says what it looks for is gone about, before it is."""
    found: list[str] = []

    def look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "unnest" in sql or "ANY" in sql:
            with connection.cursor() as cursor:
                cursor.cursor.execute(f"EXPLAIN {sql}", params)
                found.append("\n".join(line for (line,) in cursor.cursor.fetchall()))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield found


def read_whole(told: list[str]) -> set[str]:
    return {table for plan in told for table in re.findall(r"Seq Scan on (\w+)", plan) if table in TABLES}


def test_each_row_is_found_by_an_index(batch: list[Received]) -> None:
    with plans() as told:
        evidence.merge(batch)
    assert len(told) == 5  # meters, what is known, marks, sessions, lessons
    assert read_whole(told) == set()
    assert WatchReport.objects.count() == PEOPLE + IN_A_BATCH
    assert LessonProgress.objects.filter(covered_s=20).count() == IN_A_BATCH
    assert WatchSession.objects.filter(spent_s=20).count() == IN_A_BATCH
    assert WatchMeter.objects.count() == PEOPLE


def test_left_to_itself_postgresql_would_read_tables_whole(batch: list[Received], monkeypatch: Any) -> None:
    """The control."""
    monkeypatch.setattr(batches, "_BY_INDEX", "SELECT 1")
    with plans() as told:
        evidence.merge(batch)
    assert read_whole(told)


def test_what_follows_in_the_same_transaction_is_planned_as_ever(batch: list[Received], lin: User) -> None:
    """Refunds settle reports in the middle of their own transaction."""
    evidence.merge(batch)
    watched.hold(lin)
    with connection.cursor() as cursor:
        for name in ("enable_seqscan", "enable_hashjoin", "enable_mergejoin"):
            cursor.execute(f"SHOW {name}")
            assert cursor.fetchone() == ("on",)


def test_a_moment_is_written_once_and_no_other_one_takes_its_place() -> None:
    texts = Texts()
    moments = [timezone.now() + timedelta(seconds=number) for number in range(100)]
    assert [texts.of(moment) for moment in moments] == [str(moment) for moment in moments]
    assert texts.of(moments[0]) is texts.of(moments[0])
    for number in range(1_000):  # these live one after the other, where the one before stood
        later = moments[0] + timedelta(microseconds=number)
        assert texts.of(later) == str(later)
    assert texts.of(None) is None
