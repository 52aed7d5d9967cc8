"""Two batches of reports in hand at once come to what they come to one after the other, whatever fails."""

import gc
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import OperationalError, connection

from accounts.models import User
from courses.models import Lesson
from learners import intervals, merger, stream
from learners.ahead import Ahead
from learners.lanes import Lanes
from learners.models import LessonProgress, WatchReport, WatchSession
from learners.reports import Received
from tests.courses.factories import make_course
from tests.faults.test_transcoding_killed import wait_for
from tests.learners.factories import enroll, settle_reports, token_of
from tests.learners.test_stream import assert_all_is_settled, report, reported_in_turn
from tests.payments.crash import dies_at

pytestmark = pytest.mark.django_db(transaction=True)
Held = Callable[[], None]


@pytest.fixture
def lessons(ada: User, lin: User) -> list[Lesson]:
    course = make_course(lessons=3)
    enroll(lin, course)
    return list(course.live_lessons().select_related("version", "video", "section"))


@contextmanager
def by_twos(settle: Any = merger.settle) -> Iterator[tuple[Ahead, Lanes]]:
    ahead, lanes = Ahead(2), Lanes(settle)
    try:
        yield ahead, lanes
    finally:
        lanes.close()
        ahead.close()


def merge(ahead: Ahead, lanes: Lanes) -> None:
    while merger.merge_waiting(ahead, lanes):
        pass


def watched(lin: User, lessons: list[Lesson], times: int = 6) -> None:
    """As many reports of one learner, each of which tells three seconds more."""
    token = token_of(lin, lessons[0], 400)
    for number in range(times):
        report(token, 3 * (number + 1))


def assert_settled_once(times: int = 6) -> None:
    assert LessonProgress.objects.get().covered_s == 3 * times
    assert intervals.seconds(WatchSession.objects.get().played) == 3 * times
    assert list(WatchReport.objects.order_by("pk").values_list("accepted_s", flat=True)) == [3] * times
    assert (stream.figures().waiting, stream.figures().merged) == (0, times)


def test_one_batch_is_begun_while_the_one_before_is_open(lin: User, lessons: list[Lesson]) -> None:
    watched(lin, lessons)
    begun = [threading.Event() for _ in range(3)]
    numbers = iter(range(3))

    def settle(received: Sequence[Received], held: Held) -> list[Any]:
        number = next(numbers)
        begun[number].set()

        def locked() -> None:
            held()
            assert number == 2 or begun[number + 1].wait(30), "nobody begins before this one has ended"

        return merger.settle(received, locked)

    with by_twos(settle) as (ahead, lanes):
        merge(ahead, lanes)
        assert len(lanes) == 0
    assert_settled_once()


def test_a_batch_begins_when_the_rows_of_the_one_before_are_locked(lin: User, lessons: list[Lesson]) -> None:
    watched(lin, lessons)
    locked: list[str] = []
    seen: list[int] = []

    def settle(received: Sequence[Received], held: Held) -> list[Any]:
        seen.append(len(locked))

        def hold() -> None:
            locked.append(received[0].number)
            held()

        return merger.settle(received, hold)

    with by_twos(settle) as (ahead, lanes):
        merge(ahead, lanes)
    assert seen == [0, 1, 2]
    assert locked == sorted(locked)
    assert_settled_once()


def test_begun_sooner_the_later_one_could_be_settled_first(lin: User, lessons: list[Lesson]) -> None:
    """The control: it has all that the earlier reports say, so that nothing of them is left to believe."""
    watched(lin, lessons, 4)
    second_ended, numbers = threading.Event(), iter(range(2))

    def settle(received: Sequence[Received], held: Held) -> list[Any]:
        number = next(numbers)
        held()  # too soon
        assert number == 1 or second_ended.wait(30)
        try:
            return merger.settle(received)
        finally:
            if number == 1:
                second_ended.set()

    with by_twos(settle) as (ahead, lanes):
        merge(ahead, lanes)
    assert WatchReport.objects.order_by("pk").values_list("accepted_s", flat=True)[0] == 9


def test_what_failed_is_taken_again_with_what_came_behind_it(lin: User, lessons: list[Lesson]) -> None:
    watched(lin, lessons)
    numbers = iter(range(9))

    def settle(received: Sequence[Received], held: Held) -> list[Any]:
        if next(numbers) == 0:
            raise OperationalError("the line is gone")
        return merger.settle(received, held)

    with by_twos(settle) as (ahead, lanes):
        with pytest.raises(OperationalError):
            merge(ahead, lanes)
        ahead.forget()
        lanes.forget()
        assert stream.figures().waiting == 6
        merge(ahead, lanes)
    assert LessonProgress.objects.get().covered_s == 18
    assert sum(WatchReport.objects.values_list("accepted_s", flat=True)) == 18
    assert stream.figures().waiting == 0


def test_closed_lanes_leave_no_line_to_the_database(lin: User, lessons: list[Lesson]) -> None:
    watched(lin, lessons)
    lines: set[int] = set()

    def settle(received: Sequence[Received], held: Held) -> list[Any]:
        outcomes = merger.settle(received, held)
        lines.add(connection.connection.info.backend_pid)
        return outcomes

    with by_twos(settle) as (ahead, lanes):
        merge(ahead, lanes)
        assert len(lines & alive()) == 2
    wait_for(lambda: not lines & alive())


def test_asked_to_end_a_merger_tells_of_what_it_has_begun(lin: User, lessons: list[Lesson], monkeypatch: Any) -> None:
    watched(lin, lessons)
    one = merger.Merger()
    one.ahead.batch = 2
    merger.merge_waiting(one.ahead, one.lanes)
    assert len(one.lanes) == 1
    for name in ("freeze", "disable"):
        monkeypatch.setattr(gc, name, lambda: None)
    monkeypatch.setattr(sys, "setswitchinterval", lambda _seconds: None)
    one.run(lambda: True)
    assert (stream.figures().waiting, stream.figures().merged) == (4, 2)
    settle_reports()
    assert_settled_once()


def alive() -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity")
        return {pid for (pid,) in cursor.fetchall()}


@pytest.mark.parametrize("place", ["watch.taken", "watch.committed"])
@pytest.mark.parametrize("rounds", [0, 1, 2])
def test_killed_with_two_batches_in_hand_a_merger_loses_and_doubles_nothing(
    lin: User, lessons: list[Lesson], place: str, rounds: int
) -> None:
    reported_in_turn(lin, lessons)

    def merge_some() -> None:
        ahead, lanes = Ahead(2), Lanes(merger.settle)
        os.environ["KEZHAN_FAILPOINTS"] = ""
        for _ in range(rounds):
            assert merger.merge_waiting(ahead, lanes) == 2
        os.environ["KEZHAN_FAILPOINTS"] = place
        while merger.merge_waiting(ahead, lanes):
            pass

    assert dies_at(place, merge_some)
    assert_all_is_settled(lessons)
