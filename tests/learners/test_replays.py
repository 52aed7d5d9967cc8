"""What is played more than once in one sitting: figures for the creator, by the player's word, and nothing else."""

import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from courses.models import Course, Lesson
from learners import audience, audience_shown, reports
from learners.models import LessonProgress, WatchMeter, WatchReport, WatchSession
from tests import cast
from tests.courses.factories import make_course
from tests.learners.factories import enroll, settle_reports, token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(ada: User, lin: User) -> Course:
    course = make_course(lessons=2)
    enroll(lin, course)
    return course


@pytest.fixture
def lesson(course: Course) -> Lesson:
    return course.live_lessons().select_related("version", "video")[0]


def report(token: str, until: int, again: Any = None) -> Any:
    told = {"token": token, "intervals": [[0, until]], "position": until}
    body = json.dumps(told if again is None else {**told, "again": again})
    return Client().generic("POST", "/api/v1/watch/reports/", body, "text/plain")


def replayed() -> Any:
    settle_reports()
    return WatchSession.objects.values_list("replayed", flat=True).get()


def test_it_is_kept_once_of_what_was_believed_and_stays(lin: User, lesson: Lesson) -> None:
    token = token_of(lin, lesson, 60)
    report(token, 10)
    assert replayed() == ()
    report(token, 20, [[5, 9], [8, 12.4]])
    assert replayed() == ((5, 12),)
    report(token, 22, [[5, 12]])
    report(token, 24, [[15, 17], [22, 30]])  # it was not played so far
    assert replayed() == ((5, 12), (15, 17), (22, 24))
    report(token, 25)
    assert replayed() == ((5, 12), (15, 17), (22, 24))


def test_an_older_report_in_the_same_batch_takes_nothing_away(lin: User, lesson: Lesson) -> None:
    token = token_of(lin, lesson, 60)
    report(token, 20, [[3, 7], [10, 14]])
    report(token, 16, [[3, 7]])  # held back on the device, it arrives behind the one that was made after it
    assert replayed() == ((3, 7), (10, 14))


def test_it_comes_too_when_nothing_else_is_new(lin: User, lesson: Lesson) -> None:
    token = token_of(lin, lesson, 60)
    report(token, 20)
    report(token, 20, [[3, 7]])
    assert replayed() == ((3, 7),)
    assert WatchReport.objects.count() == 1


def test_it_gives_no_second_and_costs_none(lin: User, lesson: Lesson) -> None:
    token = token_of(lin, lesson, 60)
    report(token, 20)
    settle_reports()
    before = (WatchMeter.objects.values().get(), WatchSession.objects.values_list("played", "spent_s").get())
    report(token, 20, [[0, 20]])
    settle_reports()
    assert (WatchMeter.objects.values().get(), WatchSession.objects.values_list("played", "spent_s").get()) == before
    assert LessonProgress.objects.get().covered_s == 20


def test_more_than_there_was_time_for_is_not_believed(lin: User, lesson: Lesson) -> None:
    """At the fastest speed six seconds play 18, and a second of grace three more: not twelve, and ten again."""
    token = token_of(lin, lesson, 6)
    told = {"token": token, "intervals": [[0, 12]], "position": 12, "speed": 3, "again": [[0, 12]]}
    Client().generic("POST", "/api/v1/watch/reports/", json.dumps(told), "text/plain")
    assert replayed() == ()
    assert LessonProgress.objects.get().covered_s == 12
    told["again"] = [[0, 5]]
    Client().generic("POST", "/api/v1/watch/reports/", json.dumps(told), "text/plain")
    assert replayed() == ((0, 5),)


@pytest.mark.parametrize("again", ["all", [[1]], [["a", "b"]], [[0, 1]] * 101, {}, None])
def test_what_is_no_list_of_stretches_is_refused(lin: User, lesson: Lesson, again: Any) -> None:
    token = token_of(lin, lesson, 60)
    told = {"token": token, "intervals": [[0, 5]], "position": 5, "again": again}
    answer = Client().generic("POST", "/api/v1/watch/reports/", json.dumps(told), "text/plain")
    assert (answer.status_code, answer.json()["code"]) == (400, "report_unreadable")


def test_a_line_of_before_is_read_as_ever(lin: User, lesson: Lesson) -> None:
    """While the code is renewed, web and merger are of two versions."""
    plain = reports.compose(token=token_of(lin, lesson, 60), intervals=[[0, 5]], position=5)
    line = json.loads(plain.as_line())
    assert len(line) == 11
    assert reports.Report.of_line(line) == plain
    more = plain._replace(again=((1, 3),))
    assert reports.Report.of_line(json.loads(more.as_line())) == more


def test_the_creator_sees_where_people_go_back_in_one_sitting(course: Course, lesson: Lesson) -> None:
    for number in range(6):
        person = cast.person(f"Pupil{number}")
        enroll(person, course)
        report(token_of(person, lesson, 60), 20, [[8, 10]] if number else None)
    settle_reports()
    audience.roll_up()
    shown = audience_shown.of(course).lessons[0]
    assert [(step.seen, step.again) for step in shown.steps[7:11]] == [(6, None), (6, 5), (6, 5), (6, None)]
    assert [(peak.start_s, peak.again) for peak in shown.peaks] == [(8, 5)]
