"""Two tabs and double clicks at a quiz: one attempt, one result. Without the lock, the same two collide."""

import pytest
from django.db import DatabaseError, IntegrityError

from courses.models import Lesson
from learners import attempts, reviewing
from learners.models import ItemAnswer, QuizAttempt, QuizResult, ReviewCard, WatchMeter
from tests import cast
from tests.courses.quizzes import make_quiz_course, quiz_of, right_answers
from tests.faults.taken_away import lingering, taken_away
from tests.learners.factories import enroll
from tests.payments.crowd import at_once

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 6


@pytest.fixture
def lesson() -> Lesson:
    course = make_quiz_course(attempts=1)
    enroll(cast.lin(), course)
    return quiz_of(course)


def test_many_starts_at_once_are_one_attempt(lesson: Lesson) -> None:
    lin = cast.lin()
    started = at_once(lambda _n: attempts.start(lin, lesson).pk, MANY)
    assert len(set(started)) == 1
    assert QuizAttempt.objects.count() == 1


def test_without_the_lock_starts_collide() -> None:
    """The negative control: the database still lets one through only, but the other one breaks."""
    with taken_away(lingering("learners_quizattempt")):
        course = make_quiz_course()
        enroll(cast.lin(), course)
        WatchMeter.objects.create(learner=cast.lin())  # the first to write one would keep the other waiting
        with pytest.raises(IntegrityError):
            at_once(lambda _n: attempts.start(cast.lin(), quiz_of(course)).pk, 2, without_locks=True)


def test_handed_in_from_many_tabs_it_is_graded_once_and_all_hear_the_same(lesson: Lesson) -> None:
    lin = cast.lin()
    pk = attempts.start(lin, lesson).pk
    told = right_answers(lesson)
    results = at_once(lambda n: attempts.submit(lin, pk, told if n % 2 else {}).percent, MANY)
    assert len(set(results)) == 1
    assert QuizResult.objects.count() == 1
    assert ItemAnswer.objects.count() == 5


def test_without_the_lock_double_submits_break() -> None:
    """The negative control."""
    with taken_away(lingering("learners_quizresult")):
        course = make_quiz_course()
        enroll(cast.lin(), course)
        pk = attempts.start(cast.lin(), quiz_of(course)).pk
        with pytest.raises(DatabaseError):
            at_once(lambda _n: attempts.submit(cast.lin(), pk, {}), 2, without_locks=True)


def test_a_question_in_review_is_answered_once_from_two_tabs(lesson: Lesson) -> None:
    lin = cast.lin()
    attempts.submit(lin, attempts.start(lin, lesson).pk, {})
    ReviewCard.objects.update(due_at="2026-01-01T00:00Z")
    card = ReviewCard.objects.first()
    assert card is not None
    answers = at_once(lambda _n: reviewing.answer(lin, card.pk, None, answers_seen=1), 4)
    assert sum(isinstance(each, ItemAnswer) for each in answers) == 1
    assert ItemAnswer.objects.filter(attempt=None).count() == 1


def test_without_the_lock_it_is_answered_more_than_once() -> None:
    """The negative control."""
    with taken_away(lingering("learners_itemanswer")):
        course = make_quiz_course()
        enroll(cast.lin(), course)
        attempts.submit(cast.lin(), attempts.start(cast.lin(), quiz_of(course)).pk, {})
        ReviewCard.objects.update(due_at="2026-01-01T00:00Z")
        card = ReviewCard.objects.order_by("pk")[0]
        at_once(lambda _n: reviewing.answer(cast.lin(), card.pk, None, answers_seen=1), 2, without_locks=True)
        assert ItemAnswer.objects.filter(attempt=None).count() == 2
