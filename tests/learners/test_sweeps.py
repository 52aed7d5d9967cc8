"""What the beat rings in learners goes on past a row that fails: who stands behind it is served, and the task fails."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from courses.models import Course, Lesson
from learners import attempts, audience, freshness, goal, made_up
from learners.assignments import looking_after, peers, results
from learners.models import LessonAudience, LessonProgress, QuizResult, WeeklyGoal
from marketplace.lib.sweeps import SweepFailed
from tests.courses.factories import make_course
from tests.courses.quizzes import make_quiz_course, quiz_of, right_answers
from tests.learners.factories import enroll
from tests.learners.test_attempts import set_clock_back

pytestmark = pytest.mark.django_db
Fail = Callable[[Any, str, Callable[..., bool]], None]


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Fail:
    """Make an act fail for some of its rows."""

    def fail(module: Any, name: str, is_bad: Callable[..., bool]) -> None:
        act = getattr(module, name)

        def acted(*told: Any) -> Any:
            if is_bad(*told):
                raise ZeroDivisionError
            return act(*told)

        monkeypatch.setattr(module, name, acted)

    return fail


def overdue(learner: User, course: Course) -> Lesson:
    """All is answered, nothing handed in, and the time is over."""
    lesson = quiz_of(course)
    enroll(learner, course)
    attempt = attempts.start(learner, lesson)
    attempts.keep(learner, attempt.pk, right_answers(lesson))
    set_clock_back(attempt, minutes=11)
    return lesson


def test_attempts_whose_time_is_over(lin: User, cole: User, failing: Fail) -> None:
    course = make_quiz_course(limit_minutes=10)
    for learner in (lin, cole):
        overdue(learner, course)
    failing(attempts, "_close_overdue_of", lambda learner_id, _now: learner_id == lin.pk)
    with pytest.raises(SweepFailed, match="1 failed, 1 done"):
        attempts.close_all_overdue(timezone.now(), most=1)
    assert QuizResult.objects.get().attempt.learner == cole


def test_what_was_passed_without_the_course(lin: User, cole: User, failing: Fail) -> None:
    course = make_quiz_course(limit_minutes=10)
    for learner in (lin, cole):
        overdue(learner, course)
        learner.enrollments.get().end("refunded")
    attempts.close_all_overdue(timezone.now())
    for learner in (lin, cole):
        enroll(learner, course)
    failing(made_up, "_make_up", lambda place: place[0] == lin.pk)
    with pytest.raises(SweepFailed):
        made_up.make_up()
    assert LessonProgress.objects.done().get().learner == cole


def test_each_step_of_looking_after_assignments(failing: Fail, monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[str] = []
    monkeypatch.setattr(peers, "give_to_creators", lambda _now: rung.append("creators") or 0)
    monkeypatch.setattr(results, "show_all_due", lambda _now: rung.append("results") or 0)
    failing(peers, "expire_overdue", lambda _now: True)
    with pytest.raises(SweepFailed):
        looking_after.look_after(timezone.now())
    assert rung == ["creators", "results"]


@pytest.fixture
def courses(ada: User, lin: User) -> list[Course]:
    made = [make_course(title=title) for title in ("Bowls", "Cups")]
    for course in made:
        enroll(lin, course)
    return made


def test_audiences_are_counted(courses: list[Course], failing: Fail) -> None:
    failing(audience, "count", lambda course, _now: course.pk == courses[0].pk)
    with pytest.raises(SweepFailed):
        audience.roll_up()
    assert set(LessonAudience.objects.values_list("course_id", flat=True)) == {courses[1].pk}


def test_freshness_is_judged(courses: list[Course], failing: Fail) -> None:
    Course.objects.update(stale_at=timezone.now(), stale_reason="age")
    failing(freshness, "judge", lambda course, _now: course.pk == courses[0].pk)
    with pytest.raises(SweepFailed):
        freshness.judge_all(timezone.now())
    assert [Course.objects.get(pk=course.pk).stale_at is None for course in courses] == [False, True]


def test_weeks_are_kept(lin: User, cole: User, failing: Fail) -> None:
    for learner in (lin, cole):
        WeeklyGoal.objects.put(learner, 60)
    failing(goal, "_keep", lambda kept, _now: kept.learner_id == lin.pk)
    with pytest.raises(SweepFailed):
        goal.keep_due(timezone.now())
    assert [WeeklyGoal.objects.get(learner=one).kept_until is None for one in (lin, cole)] == [True, False]
