"""Evidence: what a player says is believed as far as the learner's own wall time goes."""

import uuid
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from courses.models import Course, Lesson
from learners import bound, evidence, intervals, report_tokens
from learners.models import LessonProgress, WatchMeter, WatchReport, WatchSession
from learners.report_tokens import ReportTokenRefused
from marketplace.lib.emails import Mail
from marketplace.sample import watching
from tests.courses.factories import make_course
from tests.faults.taken_away import meeting, taken_away, triggers
from tests.learners.factories import enroll, token_of, watch
from tests.payments.crowd import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(ada: User, lin: User) -> Course:
    course = make_course(lessons=3)
    enroll(lin, course)
    return course


@pytest.fixture
def lesson(course: Course) -> Lesson:
    return lessons_of(course)[0]


def lessons_of(course: Course) -> list[Lesson]:
    return list(course.live_lessons().select_related("version", "video", "section"))


def progress_of(learner: User, lesson: Lesson) -> LessonProgress:
    return LessonProgress.objects.get(learner=learner, lesson_key=lesson.key)


def test_played_seconds_are_covered_and_the_place_is_kept(lin: User, lesson: Lesson) -> None:
    standing = watch(lin, lesson, 12.3)
    assert (standing.covered_s, standing.length_s, standing.is_done) == (12, 30, False)
    assert progress_of(lin, lesson).resume_at == 12.3


def test_a_repeated_report_adds_nothing_and_leaves_no_row(lin: User, lesson: Lesson) -> None:
    told: dict[str, Any] = {"intervals": [[0, 10]], "position": 10}
    token = token_of(lin, lesson, opened_ago=60)
    for _again in range(5):
        evidence.accept(token=token, **told)
    assert WatchReport.objects.count() == 1
    assert WatchMeter.objects.get(learner=lin).spent_until < timezone.now()


def test_a_lost_report_is_healed_by_the_next_one(lin: User, lesson: Lesson) -> None:
    token = token_of(lin, lesson, opened_ago=25)
    evidence.accept(token=token, intervals=[[0, 8]], position=8)
    standing = evidence.accept(token=token, intervals=[[0, 8], [8, 24]], position=24)
    assert standing.covered_s == 24


def test_a_jump_to_the_end_covers_no_more_than_time_has_passed(lin: User, lesson: Lesson) -> None:
    standing = watch(lin, lesson, 30, opened_ago=5, speed=16)
    assert standing.accepted_s <= bound.FASTEST * (5 + 2)
    assert not standing.is_done


def test_twenty_tabs_share_one_wall_clock(lin: User, course: Course) -> None:
    films = lessons_of(course)
    tokens = [token_of(lin, films[tab % 3], opened_ago=6) for tab in range(20)]
    accepted = sum(
        evidence.accept(token=token, intervals=[[0, 30]], position=30, speed=2).accepted_s for token in tokens
    )
    assert accepted <= bound.FASTEST * (6 + 2)


def test_watching_again_costs_time_too(lin: User, course: Course) -> None:
    first, second, _third = lessons_of(course)
    watch(lin, first, 20)
    again = token_of(lin, first, opened_ago=0)
    assert evidence.accept(token=again, intervals=[[0, 20]], position=20, speed=2).accepted_s <= 4
    other = token_of(lin, second, opened_ago=0)
    assert evidence.accept(token=other, intervals=[[0, 20]], position=20, speed=2).accepted_s <= 2


def test_double_speed_covers_whole_seconds_and_spends_half(lin: User, lesson: Lesson) -> None:
    watch(lin, lesson, 28, opened_ago=15, speed=2)
    session = WatchSession.objects.get()
    assert intervals.seconds(session.played) == 28
    assert session.spent_s == pytest.approx(14)


def test_ninety_percent_of_unique_seconds_make_a_lesson_done(lin: User, lesson: Lesson) -> None:
    token = token_of(lin, lesson, opened_ago=90)
    assert not evidence.accept(token=token, intervals=[[0, 10], [0, 10], [12, 28]], position=28).is_done
    assert evidence.accept(token=token, intervals=[[0, 11], [12, 28]], position=28).is_done


def test_a_finished_film_starts_at_its_beginning(lin: User, lesson: Lesson) -> None:
    watch(lin, lesson, 30)
    assert progress_of(lin, lesson).resume_at == 0


def test_the_later_event_says_where_to_go_on_whatever_arrives_last(lin: User, lesson: Lesson) -> None:
    phone, laptop = token_of(lin, lesson, opened_ago=300), token_of(lin, lesson, opened_ago=300)
    evidence.accept(token=laptop, intervals=[[0, 20]], position=20, elapsed=200)
    evidence.accept(token=phone, intervals=[[0, 9]], position=9, elapsed=100)
    assert progress_of(lin, lesson).resume_at == 20
    evidence.accept(token=phone, intervals=[[0, 10]], position=10, elapsed=299)
    assert progress_of(lin, lesson).resume_at == 10


def test_the_last_lesson_completes_the_course_and_is_told_once(lin: User, course: Course) -> None:
    films = lessons_of(course)
    standings = []
    for film in films:
        WatchMeter.objects.all().delete()
        standings.append(watch(lin, film, 30))
    assert [standing.is_course_complete for standing in standings] == [False, False, True]
    WatchMeter.objects.all().delete()
    watch(lin, films[0], 30)
    assert Mail.objects.filter(key__startswith="course-complete:").count() == 1


def test_a_replaced_film_starts_anew_and_what_was_done_stays_done(lin: User, course: Course, lesson: Lesson) -> None:
    old_page = token_of(lin, lesson, opened_ago=50)
    watch(lin, lesson, 30, opened_ago=40)
    lesson.video.asset = uuid.uuid4()
    watch(lin, lesson, 5, opened_ago=8)
    row = progress_of(lin, lesson)
    assert (row.covered_s, row.is_done) == (5, True)
    evidence.accept(token=old_page, intervals=[[0, 30]], position=30)
    assert progress_of(lin, lesson).covered_s == 5


def test_nothing_is_taken_after_the_enrollment_has_ended(lin: User, course: Course, lesson: Lesson) -> None:
    lin.enrollments.get(course=course).end("refunded")
    with pytest.raises(evidence.WatchingEnded):
        watch(lin, lesson, 10)


def test_an_altered_token_is_refused(lin: User, lesson: Lesson) -> None:
    token = token_of(lin, lesson)
    altered = ("A" if token[0] != "A" else "B") + token[1:]
    with pytest.raises(ReportTokenRefused):
        report_tokens.read(altered)


def test_the_reports_of_record_cannot_be_changed(lin: User, lesson: Lesson) -> None:
    watch(lin, lesson, 10)
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        WatchReport.objects.update(accepted_s=9999)


cheats = st.lists(
    st.tuples(
        st.integers(0, 5),  # which of six sessions
        st.lists(st.tuples(st.floats(-10, 40), st.floats(-10, 40)), max_size=5),
        st.floats(-1, 16),
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cheats)
def test_no_mix_of_sessions_intervals_and_speeds_goes_above_the_bound(lin: User, course: Course, mix: list) -> None:
    WatchMeter.objects.all().delete()
    opened_ago = 7.0
    began = timezone.now()
    films = lessons_of(course)
    tokens = [token_of(lin, films[number % 3], opened_ago=opened_ago) for number in range(6)]
    total = 0
    for number, told, speed in mix:
        standing = evidence.accept(token=tokens[number], intervals=told, position=3, speed=speed)
        total += standing.accepted_s
    passed = opened_ago + (timezone.now() - began).total_seconds()
    assert total <= bound.FASTEST * (passed + bound.GRACE.total_seconds()) + 1e-6


# Whoever writes a report stays inside the transaction until all others have come in.
AT_REPORTS = meeting("learners_watchreport", "AFTER INSERT")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_locked", [True, False])
def test_reports_at_once_are_settled_one_by_one(lin: User, course: Course, is_locked: bool) -> None:
    """The negative control: without the lock on the meter, tabs that report at once all spend the same seconds."""
    films = lessons_of(course)
    tabs, began = 8, timezone.now()
    tokens = [token_of(lin, films[tab % 3], opened_ago=10) for tab in range(tabs)]
    WatchMeter.objects.create(learner=lin)

    def report(tab: int) -> int:
        return evidence.accept(token=tokens[tab], intervals=[[0, 18]], position=18, speed=2.0).accepted_s

    # The database itself refuses a mark that goes back, which would stop some of them.
    fence = () if is_locked else (triggers("learners_watchmeter", "learners_watchmeter_only_spends"),)
    with taken_away(AT_REPORTS, *fence):
        accepted = at_once(report, tabs, without_locks=not is_locked)
    limit = bound.FASTEST * (10 + bound.GRACE.total_seconds() + (timezone.now() - began).total_seconds())
    assert sum(accepted) <= limit if is_locked else accepted == [18] * tabs


def test_the_sample_s_learners_watch_within_the_bound(lin: User, course: Course) -> None:
    watching.fill([lin])
    watching.fill([lin])
    rows = LessonProgress.objects.of(lin)
    assert rows.done().exists()
    assert all(row.touched_at < timezone.now() for row in rows)
    assert WatchMeter.objects.get(learner=lin).spent_until < timezone.now()
