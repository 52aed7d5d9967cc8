"""What creators see of watching: counted by a job from the evidence, and never of fewer than five people."""

import csv
import io
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from courses.models import Course
from learners import attempts, audience, audience_shown
from learners.models import Cohort, Enrollment, LessonAudience, WatchMeter, WatchReport
from marketplace.sample import crowd
from tests import cast
from tests.courses.factories import make_course
from tests.courses.quizzes import make_quiz_course, quiz_of, right_answers
from tests.learners.factories import enroll, watch

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(ada: User) -> Course:
    return make_course(lessons=3)


def pupils(course: Course, count: int, granted_at: datetime | None = None) -> list[User]:
    people = [cast.person(f"Pupil{number}x{count}") for number in range(count)]
    for person in people:
        enrollment = enroll(person, course)
        if granted_at:
            Enrollment.objects.filter(pk=enrollment.pk).update(granted_at=granted_at)
    return people


def play(person: User, course: Course, at: int, start: float, until: float) -> None:
    WatchMeter.objects.filter(learner=person).delete()
    lesson = course.live_lessons().select_related("version", "video")[at]
    watch(person, lesson, until, opened_ago=100, intervals=[[start, until]])


def half_stop(course: Course, count: int = 6) -> list[User]:
    """All see the first ten seconds of the first lesson, half of them all of it, and these begin the second."""
    people = pupils(course, count)
    for number, person in enumerate(people):
        play(person, course, 0, 0, 30 if number % 2 else 10)
        if number % 2:
            play(person, course, 1, 0, 5)
    return people


def test_the_curve_says_who_saw_each_second_and_what_was_played_again(course: Course) -> None:
    people = half_stop(course, 10)
    for person in people[:5]:
        play(person, course, 0, 2, 4)  # in another sitting
    audience.roll_up()
    first = audience_shown.of(course).lessons[0]
    assert (first.started, first.finished, first.percent) == (10, 5, 50)
    assert [(step.seen, step.again) for step in first.steps[1:5]] == [(10, None), (10, 5), (10, 5), (10, None)]
    assert {step.seen for step in first.steps[10:]} == {5}
    assert [step.percent for step in first.steps][9:11] == [100, 50]
    assert [(peak.start_s, peak.again) for peak in first.peaks] == [(2, 5)]


def test_within_a_larger_group_too_no_number_of_fewer_than_five_is_told(course: Course, ada: User) -> None:
    people = half_stop(course)  # six began, three finished and saw the end
    play(people[0], course, 0, 2, 4)
    audience.roll_up()
    kept = LessonAudience.objects.get(lesson_key=course.live_lessons()[0].key)
    assert (kept.finished, kept.seen[29], kept.plays[2]) == (3, 3, 7)
    first = audience_shown.of(course).lessons[0]
    assert (first.started, first.finished, first.percent, first.peaks) == (6, None, None, [])
    assert {(step.seen, step.percent, step.again) for step in first.steps[:10]} == {(6, 100, None)}
    assert {(step.seen, step.percent, step.again) for step in first.steps[10:]} == {(None, None, None)}
    assert (first.is_cut, len(audience_shown.curve(first).bars)) == (True, 10)
    client = Client()
    client.force_login(ada)
    page = client.get(reverse("learners:audience", args=[course.slug])).content.decode()
    assert "Parts without a bar were seen by fewer than 5" in page
    assert not re.search(r'<td class="num">\s*[1-4](?: %)?\s*</td>', page)
    lines = list(audience_shown.csv_lines(audience_shown.of(course)))
    assert [line.split(",", 3)[3].strip() for line in lines if line.startswith("step")][29] == "29,30,<5,,,<5,,"


def test_groups_of_fewer_than_five_are_not_told(course: Course) -> None:
    half_stop(course)  # three begin the second lesson, nobody the third
    audience.roll_up()
    second = audience_shown.of(course).lessons[1]
    assert LessonAudience.objects.get(lesson_key=second.lesson.key).started == 3
    assert (second.started, second.finished, second.percent, second.steps, second.peaks) == (None, None, None, [], [])
    assert not any(one.is_biggest_fall for one in audience_shown.of(course).lessons)


def test_cohorts_are_months_of_enrollment_and_small_ones_are_not_told(course: Course) -> None:
    long_ago = datetime(2026, 3, 5, 12, tzinfo=timezone.now().tzinfo)
    few = pupils(course, 4, granted_at=long_ago)
    many = pupils(course, 5, granted_at=long_ago + timedelta(days=40))
    play(few[0], course, 0, 0, 30)
    play(many[0], course, 0, 0, 30)
    Enrollment.objects.filter(learner=many[1]).update(completed_at=timezone.now())
    audience.roll_up()
    april, march = audience_shown.of(course).cohorts
    assert (april.month.month, april.enrolled, april.begun, april.finished, april.percent) == (4, 5, None, None, None)
    assert (march.month.month, march.enrolled, march.begun, march.finished) == (3, None, None, None)
    assert Cohort.objects.get(month=march.month).enrolled == 4


def test_where_most_stop_is_named(course: Course) -> None:
    for number, person in enumerate(pupils(course, 12)):
        play(person, course, 0, 0, 30)
        if number < 6:
            play(person, course, 1, 0, 30)
        if number < 5:
            play(person, course, 2, 0, 30)
    audience.roll_up()
    assert [one.is_biggest_fall for one in audience_shown.of(course).lessons] == [False, True, False]


def test_the_job_counts_again_what_was_watched_since_and_nothing_twice(course: Course) -> None:
    people = half_stop(course)
    audience.roll_up(timezone.now())
    before = LessonAudience.objects.get(lesson_key=course.live_lessons()[0].key)
    later = timezone.now() + timedelta(minutes=15)
    LessonAudience.objects.update(computed_at=later)
    assert audience.roll_up(later + timedelta(minutes=15)) == 0
    LessonAudience.objects.update(computed_at=timezone.now() - timedelta(seconds=5))
    play(people[0], course, 0, 10, 30)
    assert audience.roll_up() == 1
    assert LessonAudience.objects.get(lesson_key=before.lesson_key).finished == before.finished + 1


def test_the_page_counts_nothing_and_asks_as_much_for_many_as_for_few(
    course: Course, ada: User, django_assert_max_num_queries: Any
) -> None:
    half_stop(course, 12)
    audience.roll_up()
    client = Client()
    client.force_login(ada)
    with django_assert_max_num_queries(16) as asked:
        page = client.get(reverse("learners:audience", args=[course.slug])).content.decode()
    assert not any("learners_watch" in query["sql"] or "lessonprogress" in query["sql"] for query in asked)
    assert '<svg class="chart"' in page
    assert "50 %" in page


def test_the_file_and_the_api_say_what_the_page_says(course: Course, ada: User, cole: User) -> None:
    half_stop(course)
    audience.roll_up()
    api = APIClient()
    api.force_authenticate(ada)
    told = api.get(reverse("api-studio-audience", args=[course.slug])).json()
    assert [(one["started"], len(one["steps"])) for one in told["lessons"]] == [(6, 30), (None, 0), (None, 0)]
    client = Client()
    client.force_login(ada)
    answer = client.get(reverse("learners:audience_csv", args=[course.slug]))
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))  # type: ignore[attr-defined]
    assert [(row["people"], row["finished"]) for row in rows if row["what"] == "lesson"] == [
        ("6", "<5"), ("<5", "<5"), ("<5", "<5"),
    ]  # fmt: skip
    assert sum(row["what"] == "step" for row in rows) == 30
    assert [(row["people"], row["begun"], row["finished"]) for row in rows if row["what"] == "cohort"] == [
        ("6", "6", "<5"),
    ]  # fmt: skip


def test_the_questions_of_its_quizzes_stand_there_from_five_people_on(ada: User) -> None:
    course = make_quiz_course()
    lesson = quiz_of(course)
    answers = right_answers(lesson)
    known = list(answers)[:4]  # all but the last, for the first six; the last alone for the others
    people = [enroll(cast.person(f"Guess{number}"), course).learner for number in range(10)]
    for number, person in enumerate(people):
        assert bool(audience_shown.of(course).items) is (number >= 5)
        told = {key: answers[key] for key in answers if (key in known) == (number < 6)}
        attempts.submit(person, attempts.start(person, lesson).pk, told)
    client, api = Client(), APIClient()
    client.force_login(ada)
    api.force_authenticate(ada)
    shown = api.get(reverse("api-studio-audience", args=[course.slug])).json()["items"]
    assert [(one["question"], one["people"], one["right_share"], one["is_doubtful"]) for one in shown] == [
        *((key, 10, 0.6, False) for key in known), (list(answers)[4], 10, None, True),
    ]  # fmt: skip
    figures = api.get(reverse("api-item-figures", args=[lesson.key])).json()
    assert [one["right_share"] for one in figures] == [0.6] * 4 + [None]
    page = client.get(reverse("learners:audience", args=[course.slug])).content.decode()
    assert "Questions of the quizzes" in page
    assert page.count("look at its key") == 1
    assert '<td class="num">40 %</td>' not in page
    file = client.get(reverse("learners:audience_csv", args=[course.slug]))
    rows = list(csv.DictReader(io.StringIO(b"".join(file.streaming_content).decode())))  # type: ignore[attr-defined]
    asked = [row for row in rows if row["what"] == "question"]
    assert [row["title"] for row in asked] == [question.text for question in lesson.questions.questions]
    assert [(row["people"], row["percent"], row["fit"]) for row in asked[3:]] == [
        ("10", "60", "1.0"),
        ("10", "", "-1.0"),
    ]
    draft = course.open_draft(ada)
    edited = client.get(
        reverse("studio:lesson", args=[course.slug, draft.lessons.get(key=lesson.key).pk])
    ).content.decode()
    assert "60 % right of 10" in edited
    assert "fewer than 5 right of 10" in edited


def test_before_anything_is_counted_the_page_says_so(course: Course, ada: User) -> None:
    client = Client()
    client.force_login(ada)
    page = client.get(reverse("learners:audience", args=[course.slug])).content.decode()
    assert "Nothing to be counted yet" in page
    assert '<svg class="chart"' not in page


def test_the_sample_s_crowd_gives_its_creator_figures_to_look_at(course: Course) -> None:
    crowd.fill(course)
    crowd.fill(course)
    assert course.enrollments.count() == crowd.SIZE
    audience.roll_up()
    shown = audience_shown.of(course)
    films = [one for one in shown.lessons if one.lesson.video_id]
    assert films
    assert all(one.steps for one in films)
    assert any(one.is_biggest_fall for one in shown.lessons)
    assert sum(1 for month in shown.cohorts if month.enrolled) >= 2
    assert all(row.received_at < timezone.now() for row in WatchReport.objects.all())
