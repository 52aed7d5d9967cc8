"""From the door to the tables: reports wait in the stream, and are settled by the time at which they came in."""

import json
import os
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import redis
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts.models import User
from courses.models import Course, Lesson
from learners import api, intervals, merger, reports, stream, watched
from learners.ahead import Ahead
from learners.models import LessonProgress, WatchMeter, WatchReport, WatchSession
from marketplace.lib import failpoints
from marketplace.local.ports import free_port
from marketplace.local.processes import end_all
from marketplace.local.valkey import Valkey
from tests import cast
from tests.courses.factories import make_course
from tests.faults.test_transcoding_killed import wait_for
from tests.learners.factories import enroll, settle_batch, settle_reports, token_of
from tests.payments.crash import dies_at

pytestmark = pytest.mark.django_db
REPORTS, STANDING = "/api/v1/watch/reports/", "/api/v1/watch/standing/"


@pytest.fixture(autouse=True)
def _no_rest() -> None:
    """What an earlier test's dead Valkey left behind."""
    stream._rests_until = 0.0


@pytest.fixture
def course(ada: User, lin: User) -> Course:
    course = make_course(lessons=3)
    enroll(lin, course)
    return course


@pytest.fixture
def lessons(course: Course) -> list[Lesson]:
    return list(course.live_lessons().select_related("version", "video", "section"))


def post(address: str, told: dict[str, Any]) -> Any:
    return Client().generic("POST", address, json.dumps(told), "text/plain;charset=UTF-8")


def report(token: str, until: float, **told: Any) -> Any:
    return post(REPORTS, {"token": token, "intervals": [[0, until]], "position": until, **told})


def standing(token: str) -> Any:
    return post(STANDING, {"token": token}).json()["standing"]


def test_the_door_asks_the_database_nothing(lin: User, lessons: list[Lesson], django_assert_num_queries: Any) -> None:
    token = token_of(lin, lessons[0], 20)
    with django_assert_num_queries(0):
        answer = report(token, 9)
        asked = post(STANDING, {"token": token})
    assert (answer.status_code, answer.json()["standing"], asked.json()) == (202, None, {"standing": None})
    assert not LessonProgress.objects.exists()


def test_what_came_of_a_report_is_told_once_it_is_settled(lin: User, lessons: list[Lesson]) -> None:
    token = token_of(lin, lessons[0], 20)
    number = report(token, 9).json()["received"]
    settle_reports()
    told = standing(token)
    assert (told["received"], told["covered_s"], told["length_s"], told["is_done"]) == (number, 9, 30, False)
    assert report(token, 10).json()["standing"] == told


def test_the_view_behind_the_door_says_the_same(lin: User, lessons: list[Lesson]) -> None:
    body = json.dumps({"token": token_of(lin, lessons[0], 20), "intervals": [[0, 9]], "position": 9})
    asked = RequestFactory().generic("POST", REPORTS, body, "text/plain")
    assert api.Reports.as_view()(asked).status_code == 202
    asked = RequestFactory().generic("POST", STANDING, body, "text/plain")
    assert api.WatchStanding.as_view()(asked).status_code == 200


@pytest.fixture
def moment() -> Iterator[float]:
    """Our clock stands still; Valkey's, which stamps reports, goes on."""
    with time_machine.travel(time.time(), tick=False):
        yield time.time()


def test_a_report_waits_without_costing_what_it_says(lin: User, lessons: list[Lesson], moment: float) -> None:
    """The bound goes by the time at which it came in: what passes until it is settled gives nobody seconds."""
    number = report(token_of(lin, lessons[0], opened_ago=2), 30).json()["received"]
    received_ms, opened_ms = int(number.partition("-")[0]), int((moment - 2) * 1000)
    with time_machine.travel(moment + 3_600, tick=False):
        settle_reports()
    assert LessonProgress.objects.get().covered_s == min(30, (received_ms - opened_ms) // 1000 + 1)


def test_if_it_went_by_the_time_of_settling_waiting_would_give_seconds(
    lin: User, lessons: list[Lesson], moment: float
) -> None:
    """The control of the test before."""
    report(token_of(lin, lessons[0], opened_ago=2), 30)
    with time_machine.travel(moment + 3_600, tick=False):
        late = [stream.Received(one.report, timezone.now(), one.number) for one in stream.take(100)]
        merger.settle(late)
    assert LessonProgress.objects.get().covered_s == 30


def test_nobody_can_say_when_a_report_came_in(lin: User, lessons: list[Lesson]) -> None:
    for said in ({"received": "1-0"}, {"received_at": "2001-01-01"}, {"at": 0}, {"elapsed": 0}):
        report(token_of(lin, lessons[0], 20), 3, **said)
    times = [one.at for one in stream.take(100)]
    assert times == sorted(times)
    assert all(abs((timezone.now() - at).total_seconds()) < 5 for at in times)


def test_a_valkey_whose_clock_is_ahead_gives_no_time_that_has_not_passed(
    lin: User, lessons: list[Lesson], moment: float
) -> None:
    report(token_of(lin, lessons[0], opened_ago=2), 30)
    entry = stream._line().xrange(stream.STREAM)[0]
    stream._line().delete(stream.STREAM)
    tomorrow = int((moment + 86_400) * 1000)
    stream._line().xadd(stream.STREAM, entry[1], id=f"{tomorrow}-0")
    settle_reports()
    assert LessonProgress.objects.get().covered_s == 2 + 1


def test_the_later_report_says_where_another_device_goes_on(lin: User, lessons: list[Lesson]) -> None:
    desk, phone = token_of(lin, lessons[0], 300), token_of(lin, lessons[0], 200)
    report(desk, 20)
    report(phone, 5)
    settle_reports()
    assert LessonProgress.objects.get().position_s == 5
    report(desk, 20, elapsed=250)  # what waited on the desk's disk is older than what the phone just said
    settle_reports()
    assert LessonProgress.objects.get().position_s == 5


def test_reports_are_settled_with_as_many_statements_for_many_as_for_one(
    lin: User, lessons: list[Lesson], django_assert_max_num_queries: Any
) -> None:
    people = [cast.person(f"Pupil{number}") for number in range(20)]
    for person in people:
        enroll(person, lessons[0].version.course)
        report(token_of(person, lessons[1], 25), 20)
    with django_assert_max_num_queries(13):
        assert settle_batch() == 20
    assert set(LessonProgress.objects.values_list("covered_s", flat=True)) == {20}


def test_who_may_no_longer_watch_is_told_so(lin: User, course: Course, lessons: list[Lesson]) -> None:
    token = token_of(lin, lessons[0], 20)
    lin.enrollments.get(course=course).end("refunded")
    assert report(token, 9).status_code == 202
    settle_reports()
    for answer in (post(STANDING, {"token": token}), report(token, 12)):
        assert (answer.status_code, answer.json()["code"]) == (403, "watching_ended")
    assert not LessonProgress.objects.exists()


def test_a_session_belongs_to_one_learner(lin: User, cole: User, course: Course, lessons: list[Lesson]) -> None:
    enroll(cole, course)
    session = uuid.uuid4()
    report(token_of(lin, lessons[0], 20, session), 5)
    report(token_of(cole, lessons[0], 20, session), 9)
    settle_reports()
    assert WatchSession.objects.get().learner_id == lin.pk
    assert not cole.lesson_progress.exists()


def test_before_money_goes_by_it_what_was_just_reported_is_settled(
    lin: User, course: Course, lessons: list[Lesson]
) -> None:
    token = token_of(lin, lessons[0], 40)
    report(token, 30)
    assert watched.of(lin, course).seconds == 0
    watched.hold(lin)
    assert watched.of(lin, course).seconds == 30
    settle_reports()
    assert WatchReport.objects.count() == 1
    assert standing(token)["is_done"]


def test_of_all_that_waits_only_hers_is_read_before_money_goes_by_it(
    lin: User, cole: User, course: Course, lessons: list[Lesson], monkeypatch: Any
) -> None:
    monkeypatch.setattr(stream, "PAGE", 2)
    enroll(cole, course)
    mine, his = token_of(lin, lessons[0], 60), token_of(cole, lessons[0], 60)
    for until in range(2, 8):
        report(mine if until % 3 == 0 else his, until)
    stream._line().xadd(stream.STREAM, {"r": "not a report"})
    read: list[int] = []
    of_line = reports.Report.of_line

    def looked(line: Any) -> reports.Report:
        read.append(line[1])
        return of_line(line)

    monkeypatch.setattr(reports.Report, "of_line", looked)
    watched.hold(lin)
    assert watched.of(lin, course).seconds == 6
    assert read == [lin.pk, lin.pk]
    assert not WatchSession.objects.filter(learner=cole).exists()
    assert stream.figures().waiting == 7


def test_an_emptied_valkey_is_healed_by_the_next_report(lin: User, lessons: list[Lesson]) -> None:
    token = token_of(lin, lessons[0], 60)
    report(token, 5)
    settle_reports()
    report(token, 12)
    stream._line().flushdb()
    settle_reports()
    assert LessonProgress.objects.get().covered_s == 5
    report(token, 20)
    settle_reports()
    assert LessonProgress.objects.get().covered_s == 20


def test_without_valkey_the_door_says_come_again_and_does_not_knock_each_time(
    settings: Any, lin: User, lessons: list[Lesson]
) -> None:
    token = token_of(lin, lessons[0], 60)
    right = settings.REDIS_URL
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    answer = report(token, 12)
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "reports_wait", "2")
    settings.REDIS_URL = right
    assert report(token, 12).status_code == 503  # it rests for a moment
    stream._rests_until = 0.0
    assert report(token, 13).status_code == 202
    settle_reports()
    assert LessonProgress.objects.get().covered_s == 13


def test_a_full_stream_is_not_filled_further(monkeypatch: Any, lin: User, lessons: list[Lesson]) -> None:
    monkeypatch.setattr(stream, "MOST_WAITING", 1)
    token = token_of(lin, lessons[0], 60)
    assert [report(token, until).status_code for until in (3, 4)] == [202, 503]
    settle_reports()
    assert report(token, 5).status_code == 202


def test_of_a_stream_that_fills_long_lines_are_refused_first(
    monkeypatch: Any, lin: User, lessons: list[Lesson]
) -> None:
    monkeypatch.setattr(stream, "FULL_BYTES", 1_000)
    tokens = [token_of(lin, lessons[0], 60) for _ in range(5)]
    many = [[start, start + 1] for start in range(0, 30, 2)]
    assert [report(token, 3).status_code for token in tokens[:4]] == [202, 202, 202, 202]
    assert post(REPORTS, {"token": tokens[4], "intervals": many, "position": 3}).status_code == 503
    assert report(tokens[4], 3).status_code == 202


def test_one_learner_s_tabs_together_fill_no_stream(
    lin: User, cole: User, course: Course, lessons: list[Lesson]
) -> None:
    enroll(cole, course)
    answers = [report(token_of(lin, lessons[0], 60), 3) for _ in range(stream.MOST_OFTEN + 1)]
    assert {answer.status_code for answer in answers[:-1]} == {202}
    assert (answers[-1].status_code, answers[-1].json()["code"]) == (429, "reports_too_often")
    assert answers[-1]["Retry-After"] == str(stream.OFTEN_S)
    assert stream.figures().waiting == stream.MOST_OFTEN
    assert report(token_of(cole, lessons[0], 60), 3).status_code == 202
    assert 0 < stream._line().ttl(f"{stream.OFTEN}{lin.pk}") <= stream.OFTEN_S


@pytest.fixture
def small_valkey(settings: Any, tmp_path: Path) -> Iterator[redis.Redis]:
    """One of our own, since its memory is for all its numbers."""
    (tmp_path / "valkey-log").mkdir()
    server = Valkey(tmp_path / "valkey", tmp_path / "valkey-log", "secret", durable=False)
    server.start()
    try:
        wait_for(server.is_ready, 60)
        settings.REDIS_URL = server.url
        yield redis.Redis.from_url(server.url)
    finally:
        end_all([server.process])


def test_a_full_valkey_is_emptied_by_the_merger(
    small_valkey: redis.Redis, lin: User, cole: User, course: Course, lessons: list[Lesson]
) -> None:
    """Also of what cannot be settled, and without a sign of life that it could not take."""
    enroll(cole, course)
    token = token_of(lin, lessons[0], 60)
    report(token, 8)
    small_valkey.xadd(stream.STREAM, {"r": "not a report"})
    small_valkey.config_set("maxmemory", 1)
    assert report(token, 9).status_code == 503
    with pytest.raises(redis.exceptions.OutOfMemoryError):  # the control: it is full
        small_valkey.set("one", "more")
    assert merger.Merger().round() == 1
    assert stream.figures() == stream.Figures(waiting=0, lag_s=0.0, merged=1, set_aside=1)
    assert LessonProgress.objects.get().covered_s == 8
    small_valkey.config_set("maxmemory", 0)
    stream._rests_until = 0.0
    assert standing(token)["covered_s"] == 8


def test_a_report_that_cannot_be_settled_is_set_aside_and_the_others_go_on(
    lin: User, lessons: list[Lesson], monkeypatch: Any
) -> None:
    report(token_of(lin, lessons[0], 60), 8)
    token = token_of(lin, lessons[1], 60)
    stream._line().xadd(stream.STREAM, {"r": "not a report"})
    stream._line().xadd(stream.STREAM, {"else": "nothing"})
    poison = stream._line().xrange(stream.STREAM)[0][1][b"r"].decode().replace(lessons[0].key.hex, uuid.uuid4().hex)
    stream._line().xadd(stream.STREAM, {"r": poison.replace("30,", f"{2**40},", 1)})
    report(token, 9)
    settle_reports()
    assert LessonProgress.objects.of(lin).filter(lesson_key__in=[lessons[0].key, lessons[1].key]).count() == 2
    assert standing(token)["covered_s"] == 9
    found = stream.figures()
    assert (found.waiting, found.lag_s, found.set_aside) == (0, 0, 3)


def test_operators_see_how_many_wait_and_since_when(lin: User, lessons: list[Lesson], client: Client) -> None:
    report(token_of(lin, lessons[0], 60), 8)
    time.sleep(0.2)
    assert "kezhan_watch_waiting 1.0" in client.get("/metrics").content.decode()
    assert 0.2 <= stream.figures().lag_s < 60
    settle_reports()
    text = client.get("/metrics").content.decode()
    assert "kezhan_watch_waiting 0.0" in text
    assert "kezhan_watch_merged_total 1.0" in text


def test_the_door_counts_under_its_route(lin: User, client: Client) -> None:
    report("forged", 8)
    counted = 'kezhan_requests_total{method="POST",route="api/v1/watch/reports/",status="403"}'
    assert counted in client.get("/metrics").content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("place", ["watch.taken", "watch.committed"])
def test_a_merger_killed_in_a_batch_loses_and_doubles_nothing(lin: User, lessons: list[Lesson], place: str) -> None:
    for lesson, until in ((lessons[0], 12), (lessons[1], 9), (lessons[0], 15)):
        report(token_of(lin, lesson, 400), until)
    assert dies_at(place, settle_batch)
    settle_reports()
    told = dict(LessonProgress.objects.values_list("lesson_key", "covered_s"))
    assert told == {lessons[0].key: 15, lessons[1].key: 9}
    assert sum(intervals.seconds(session.played) for session in WatchSession.objects.all()) == 12 + 9 + 15
    assert WatchReport.objects.count() == 3
    assert WatchMeter.objects.get().spent_until < timezone.now() - timedelta(seconds=300)
    assert stream.figures().waiting == 0


def reported_in_turn(lin: User, lessons: list[Lesson]) -> None:
    """Eight reports of two tabs, each of which tells what its last one told and more."""
    first, second = token_of(lin, lessons[0], 400), token_of(lin, lessons[1], 400)
    for until in (4, 8, 12, 16):
        report(first, until)
        report(second, until + 1)


def assert_all_is_settled(lessons: list[Lesson]) -> None:
    """Once somebody has gone on with it, those eight are lost nowhere and counted once."""
    settle_reports()
    told = dict(LessonProgress.objects.values_list("lesson_key", "covered_s"))
    assert told == {lessons[0].key: 16, lessons[1].key: 17}
    assert sum(WatchReport.objects.values_list("accepted_s", flat=True)) == 16 + 17
    assert stream.figures().waiting == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("place", ["watch.taken", "watch.committed"])
@pytest.mark.parametrize("rounds", [0, 1, 2])
def test_killed_while_it_reads_ahead_a_merger_loses_and_doubles_nothing(
    lin: User, lessons: list[Lesson], place: str, rounds: int
) -> None:
    """In hand are a batch that is told, one that is settled and one that was read for later."""
    reported_in_turn(lin, lessons)

    def merge() -> None:
        ahead = Ahead(2)
        os.environ["KEZHAN_FAILPOINTS"] = ""
        for _ in range(rounds):
            assert merger.merge_waiting(ahead) == 2
        os.environ["KEZHAN_FAILPOINTS"] = place
        merger.merge_waiting(ahead)

    assert dies_at(place, merge)
    assert_all_is_settled(lessons)
    assert WatchReport.objects.count() == 8


def test_batches_that_are_read_ahead_are_settled_in_order_and_each_once(lin: User, lessons: list[Lesson]) -> None:
    token = token_of(lin, lessons[0], 60)
    numbers = [report(token, until).json()["received"] for until in (3, 6, 9, 12, 15)]
    taken: list[list[str]] = []
    with closing(Ahead(2)) as ahead:
        while received := ahead.take():
            taken.append([one.number for one in received])
            outcomes = merger.settle(received)
            ahead.finish(partial(merger._finish, received, outcomes))
    assert taken == [numbers[:2], numbers[2:4], numbers[4:]]
    assert WatchReport.objects.count() == 5
    assert (stream.figures().waiting, stream.figures().merged, standing(token)["covered_s"]) == (0, 5, 15)


def test_after_a_failure_nothing_that_was_read_ahead_is_settled(lin: User, lessons: list[Lesson]) -> None:
    """Another process may have settled it, and more: the stream's beginning says what is next."""
    token = token_of(lin, lessons[0], 60)
    numbers = [report(token, until).json()["received"] for until in (3, 6, 9)]
    with closing(Ahead(1)) as ahead:
        assert [one.number for one in ahead.take()] == numbers[:1]
        settle_batch(2)
        ahead.forget()
        assert [one.number for one in ahead.take()] == numbers[2:]


def test_what_was_not_told_since_valkey_was_gone_stays_the_beginning(
    settings: Any, lin: User, lessons: list[Lesson]
) -> None:
    token = token_of(lin, lessons[0], 60)
    numbers = [report(token, until).json()["received"] for until in (3, 6, 9)]
    right = settings.REDIS_URL
    with closing(Ahead(1)) as ahead:
        assert [one.number for one in ahead.take()] == numbers[:1]
        settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
        ahead.finish(lambda: stream.finish({numbers[0]: ("0" * 32, stream.Told(numbers[0]))}))
        with pytest.raises(redis.exceptions.ConnectionError):
            ahead.finish(lambda: None)
        settings.REDIS_URL = right
        ahead.forget()
        assert [one.number for one in ahead.take()] == numbers[:1]


@pytest.mark.django_db(transaction=True)
def test_finished_before_it_is_committed_a_batch_would_be_lost(lin: User, lessons: list[Lesson]) -> None:
    """The control: a merger that lets go of reports first loses them when it is killed."""
    report(token_of(lin, lessons[0], 400), 12)

    def hasty() -> None:
        received = stream.take(10)
        ids = {one.number: (one.report.ticket.session_id, stream.Told(one.number)) for one in received}
        stream.finish(ids)
        failpoints.reach("watch.taken")

    assert dies_at("watch.taken", hasty)
    settle_reports()
    assert not LessonProgress.objects.exists()


def test_behind_a_pooler_nobody_merges(monkeypatch: Any) -> None:
    """The lock would stay on a line that others are lent: two would merge, or nobody."""
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    with pytest.raises(CommandError, match="DATABASE_URL of its own"):
        call_command("merge_reports")


@pytest.mark.django_db(transaction=True)
def test_of_two_mergers_one_works_and_the_other_takes_over(lin: User, lessons: list[Lesson]) -> None:
    first, second = merger.Merger(), merger.Merger()
    assert first.is_alone()
    alone: list[bool] = []

    def ask() -> None:
        alone.append(second.is_alone())
        connection.close()

    for _ in range(2):
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
        connection.close()  # the first one is gone
    assert alone == [False, True]
