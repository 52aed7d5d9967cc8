"""Attempts at quizzes: start, save, hand in, time over; what is counted, what is recorded, what is never shown."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import User
from courses import quiz_writing
from courses.models import Course, Lesson
from learners import attempts, privacy, way
from learners.attempts import AttemptClosed, AttemptTooSoon, NoAttemptsLeft, NotEnrolled
from learners.models import AttemptAnswers, ItemAnswer, LessonProgress, QuizAttempt, QuizResult
from tests.courses.factories import publish
from tests.courses.quizzes import make_quiz_course, quiz_of, right_answers
from tests.learners.factories import enroll, watch

pytestmark = pytest.mark.django_db


def make(lin: User, **rules: Any) -> Lesson:
    course = make_quiz_course(**rules)
    enroll(lin, course)
    return quiz_of(course)


def take(lin: User, lesson: Lesson, told: dict[str, Any] | None = None) -> QuizResult:
    attempt = attempts.start(lin, lesson)
    return attempts.submit(lin, attempt.pk, right_answers(lesson) if told is None else told)


def set_clock_back(attempt: QuizAttempt, **by: float) -> None:
    """As if the attempt had begun earlier; only a test may, with the table's guard away."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE learners_quizattempt DISABLE TRIGGER USER")
    QuizAttempt.objects.filter(pk=attempt.pk).update(
        started_at=attempt.started_at - timedelta(**by), due_at=attempt.due_at - timedelta(**by)
    )
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE learners_quizattempt ENABLE TRIGGER USER")


def test_all_right_passes_and_makes_the_lesson_and_with_the_film_the_course_done(lin: User) -> None:
    lesson = make(lin)
    result = take(lin, lesson)
    assert (result.percent, result.passed, result.ending) == (100, True, "submitted")
    assert LessonProgress.objects.get(learner=lin, lesson_key=lesson.key).is_done
    course = Course.objects.get(pk=lesson.version.course_id)
    assert way.through(course, lin).done == 1
    assert lin.enrollments.get().completed_at is None
    film = course.live_lessons().select_related("version").get(kind="video")
    watch(lin, film, 30)
    assert lin.enrollments.get().completed_at is not None


def test_below_the_pass_mark_the_lesson_is_not_done_but_the_way_goes_on_there(lin: User) -> None:
    lesson = make(lin)
    answers = right_answers(lesson)
    told = dict(list(answers.items())[:3])
    result = take(lin, lesson, told)
    assert (result.percent, result.passed) == (60, False)
    steps = way.through(Course.objects.get(pk=lesson.version.course_id), lin)
    assert steps.done == 0
    assert steps.current is not None
    assert steps.current.lesson.key == lesson.key


def test_started_twice_it_is_the_same_attempt_with_the_same_draw(lin: User) -> None:
    lesson = make(lin)
    first, second = attempts.start(lin, lesson), attempts.start(lin, lesson)
    assert first.pk == second.pk
    assert first.drawn == second.drawn


def test_answers_are_kept_one_by_one_and_what_is_not_named_stays(lin: User) -> None:
    lesson = make(lin)
    attempt = attempts.start(lin, lesson)
    one, two, *_rest = right_answers(lesson).items()
    attempts.keep(lin, attempt.pk, dict([one]))
    attempts.keep(lin, attempt.pk, dict([two]))
    assert AttemptAnswers.objects.get().given == dict([one, two])
    attempts.keep(lin, attempt.pk, {one[0]: None, two[0]: "rubbish"})
    assert AttemptAnswers.objects.get().given == {}


def test_handed_in_twice_it_is_graded_once_and_the_first_answers_count(lin: User) -> None:
    lesson = make(lin)
    attempt = attempts.start(lin, lesson)
    attempts.submit(lin, attempt.pk, {})
    again = attempts.submit(lin, attempt.pk, right_answers(lesson))
    assert again.percent == 0
    assert QuizResult.objects.count() == 1
    assert ItemAnswer.objects.count() == 5
    with pytest.raises(AttemptClosed):
        attempts.keep(lin, attempt.pk, right_answers(lesson))


def test_attempts_are_counted(lin: User) -> None:
    lesson = make(lin, attempts=2)
    take(lin, lesson, {})
    assert attempts.standing(lin, lesson).left == 1
    take(lin, lesson, {})
    with pytest.raises(NoAttemptsLeft):
        attempts.start(lin, lesson)
    assert not attempts.standing(lin, lesson).may_start


def test_the_next_attempt_waits(lin: User) -> None:
    lesson = make(lin, wait_minutes=30)
    take(lin, lesson, {})
    with pytest.raises(AttemptTooSoon) as refused:
        attempts.start(lin, lesson)
    assert refused.value.facts["from"] > timezone.now().isoformat()
    later = timezone.now() + timedelta(minutes=31)
    assert attempts.standing(lin, lesson, later).may_start


def test_when_the_time_is_over_what_was_saved_counts_and_what_comes_later_does_not(lin: User) -> None:
    lesson = make(lin, limit_minutes=10)
    attempt = attempts.start(lin, lesson)
    answers = right_answers(lesson)
    attempts.keep(lin, attempt.pk, dict(list(answers.items())[:1]))
    set_clock_back(attempt, minutes=11)
    with pytest.raises(AttemptClosed):
        attempts.keep(lin, attempt.pk, answers)
    result = attempts.submit(lin, attempt.pk, answers)
    assert (result.ending, result.percent) == ("timed_out", 20)
    assert result.closed_at == QuizAttempt.objects.get().due_at


def test_a_form_that_was_on_its_way_at_the_last_second_counts(lin: User) -> None:
    lesson = make(lin, limit_minutes=10)
    attempt = attempts.start(lin, lesson)
    set_clock_back(attempt, minutes=10, seconds=2)
    assert attempts.submit(lin, attempt.pk, right_answers(lesson)).ending == "submitted"


def test_an_attempt_whose_learner_went_away_is_closed_by_the_clock(lin: User) -> None:
    lesson = make(lin, limit_minutes=10)
    set_clock_back(attempts.start(lin, lesson), minutes=11)
    assert attempts.close_all_overdue(timezone.now()) == 1
    assert QuizResult.objects.get().ending == "timed_out"
    assert attempts.close_all_overdue(timezone.now()) == 0


def test_without_a_limit_it_ends_after_thirty_days(lin: User) -> None:
    lesson = make(lin)
    attempt = attempts.start(lin, lesson)
    assert attempt.due_at - attempt.started_at == timedelta(days=30)


def test_who_has_no_course_takes_no_quiz_and_whose_right_has_ended_hands_in_nothing(lin: User, cole: User) -> None:
    lesson = make(lin)
    with pytest.raises(NotEnrolled):
        attempts.start(cole, lesson)
    attempt = attempts.start(lin, lesson)
    lin.enrollments.get().end("refunded")
    for act in (attempts.keep, attempts.submit):
        with pytest.raises(NotEnrolled):
            act(lin, attempt.pk, {})


def test_somebody_else_s_attempt_is_not_there(lin: User, cole: User) -> None:
    lesson = make(lin)
    attempt = attempts.start(lin, lesson)
    with pytest.raises(QuizAttempt.DoesNotExist):
        attempts.submit(cole, attempt.pk, {})


def test_an_attempt_stays_with_the_version_it_was_begun_in(lin: User) -> None:
    lesson = make(lin)
    attempt = attempts.start(lin, lesson)
    old_answers = right_answers(lesson)
    course = Course.objects.get(pk=lesson.version.course_id)
    draft = course.open_draft(course.creator.user)
    copied = draft.lessons.get(key=lesson.key)
    question = copied.questions.questions[2]
    quiz_writing.change_question(copied, question.id, {"number": "7", "text": "And now?"})
    publish(draft)
    assert attempts.submit(lin, attempt.pk, old_answers).percent == 100
    renewed = quiz_of(Course.objects.get(pk=course.pk))
    assert take(lin, renewed, old_answers).percent == 80


@pytest.mark.parametrize(("reveal", "after_first"), [("closed", True), ("final", False)])
def test_what_was_right_is_shown_when_the_quiz_says_so(lin: User, reveal: str, after_first: bool) -> None:
    lesson = make(lin, reveal=reveal, attempts=2)
    assert not attempts.standing(lin, lesson).reveals
    take(lin, lesson, {})
    assert attempts.standing(lin, lesson).reveals is after_first
    attempts.start(lin, lesson)
    assert not attempts.standing(lin, lesson).reveals
    take(lin, lesson, {})
    assert attempts.standing(lin, lesson).reveals


def test_a_record_tells_how_right_an_answer_was_once_that_may_be_seen(lin: User) -> None:
    lesson = make(lin, reveal="final", attempts=2)
    kept = dict(list(right_answers(lesson).items())[:3])
    take(lin, lesson, kept)
    rows = privacy.tell(lin).tables["answers"]
    assert sorted(row["given"] is not None for row in rows) == [False] * 2 + [True] * 3
    assert {row["told_share"] for row in rows} == {None}
    take(lin, lesson, kept)
    rows = privacy.tell(lin).tables["answers"]
    assert sorted(row["told_share"] for row in rows) == [0] * 4 + [1] * 6


def test_passed_once_it_stays_done_whatever_comes_after(lin: User) -> None:
    lesson = make(lin)
    take(lin, lesson)
    take(lin, lesson, {})
    assert attempts.standing(lin, lesson).is_passed
    assert LessonProgress.objects.get(learner=lin, lesson_key=lesson.key).is_done


@pytest.mark.parametrize("table", ["learners_quizattempt", "learners_quizresult", "learners_itemanswer"])
@pytest.mark.parametrize("act", ["UPDATE {} SET lesson_key = lesson_key", "DELETE FROM {}"])
def test_what_is_recorded_cannot_change(lin: User, table: str, act: str) -> None:
    take(lin, make(lin), {})
    act = act.replace("lesson_key", "percent") if table == "learners_quizresult" else act
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act.format(table))


def test_a_person_s_record_has_her_attempts_and_forgetting_her_leaves_no_open_one(lin: User) -> None:
    lesson = make(lin)
    take(lin, lesson, {})
    attempts.start(lin, lesson)
    told = privacy.tell(lin).tables
    assert [row["result__percent"] for row in told["quiz_attempts"]] == [0, None]
    assert (len(told["answers"]), len(told["review"])) == (5, 5)
    privacy.forget(lin)
    assert not AttemptAnswers.objects.exists()
    assert privacy.tell(lin).tables["review"] == []
