"""Passed while the course was not hers: once it is, the lesson is done. And a ruling is whole or not there."""

import pytest
from django.utils import timezone

from accounts.models import User
from courses.models import Lesson
from learners import attempts, made_up
from learners.assignments import appeals
from learners.models import Enrollment, HandInRuling, LessonProgress, QuizResult
from learners.tasks import make_up_for_passed
from tests import cast
from tests.courses.assignments import assignment_of, make_assignment_course, marks
from tests.courses.quizzes import make_quiz_course, quiz_of, right_answers
from tests.learners.factories import enroll
from tests.learners.test_attempts import set_clock_back
from tests.learners.works import hand_in, people, review_work
from tests.payments.crash import dies_at

pytestmark = pytest.mark.django_db
BAD, GOOD = ("Flat", "None"), ("Round", "Even")
RULED = "You are right: the second picture shows it."


@pytest.fixture
def appealed() -> Lesson:
    """Lin's work did not pass by her peers' marks, and she has objected."""
    lesson = assignment_of(make_assignment_course("Bowls", reviewing="peers", own_reviews=0))
    lin = cast.lin()
    work = hand_in(lin, lesson)
    three = people(3)
    for person in three:
        enroll(person, lesson.version.course, "staff")
    review_work(work, three, [BAD] * 3)
    appeals.appeal(lin, lesson, 1, "All of them looked at another picture than mine.")
    return lesson


def is_done(lesson: Lesson) -> bool:
    return LessonProgress.objects.done().filter(lesson_key=lesson.key).exists()


def leave(learner: User) -> None:
    learner.enrollments.active().get().end("refunded")


def test_a_quiz_that_the_clock_passed_counts_when_she_has_the_course_again(lin: User) -> None:
    course = make_quiz_course(limit_minutes=10, attempts=1)
    lesson = quiz_of(course)
    enroll(lin, course)
    attempt = attempts.start(lin, lesson)
    attempts.keep(lin, attempt.pk, right_answers(lesson))
    set_clock_back(attempt, minutes=11)
    leave(lin)
    attempts.close_all_overdue(timezone.now())
    assert QuizResult.objects.get().passed
    assert made_up.make_up() == 0  # nobody has the course: nothing is hers
    assert not is_done(lesson)
    enroll(lin, course)
    stopped_at = LessonProgress.objects.get(lesson_key=lesson.key).touched_at
    assert make_up_for_passed() == 1
    assert is_done(lesson)
    # Nobody was there: "go on where you stopped" stays where it was.
    assert LessonProgress.objects.get(lesson_key=lesson.key).touched_at == stopped_at
    assert made_up.make_up() == 0


def test_an_appeal_that_was_won_meanwhile_counts_too(appealed: Lesson, lin: User, ada: User) -> None:
    leave(lin)
    appeals.rule(ada, lin.hand_ins.get().pk, marks(appealed, *GOOD), RULED)
    assert not is_done(appealed)
    enroll(lin, appealed.version.course, "staff")
    assert made_up.make_up() == 1
    assert is_done(appealed)


def test_what_did_not_pass_is_left_alone(appealed: Lesson, lin: User, ada: User) -> None:
    appeals.rule(ada, lin.hand_ins.get().pk, marks(appealed, *BAD), RULED)
    assert made_up.make_up() == 0
    assert not is_done(appealed)


def test_the_last_lesson_made_up_for_completes_the_course(appealed: Lesson, lin: User, ada: User) -> None:
    leave(lin)
    appeals.rule(ada, lin.hand_ins.get().pk, marks(appealed, *GOOD), RULED)
    enrollment = enroll(lin, appealed.version.course, "staff")
    others = appealed.version.lessons.exclude(pk=appealed.pk)
    for other in others:
        LessonProgress.objects.open(learner_id=lin.pk, course_id=enrollment.course_id, lesson_key=other.key).mark_done()
    made_up.make_up()
    assert Enrollment.objects.active().get(learner=lin).completed_at is not None


@pytest.mark.django_db(transaction=True)
def test_a_ruling_that_is_killed_half_way_leaves_nothing_and_can_be_given_again(
    appealed: Lesson, lin: User, ada: User
) -> None:
    work, told = lin.hand_ins.get(), marks(appealed, *GOOD)
    assert dies_at("appeal.ruled", lambda: appeals.rule(ada, work.pk, told, RULED))
    assert not HandInRuling.objects.exists()
    appeals.rule(ada, work.pk, told, RULED)
    assert is_done(appealed)
