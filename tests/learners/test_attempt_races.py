"""Two tabs and double clicks at a quiz: one attempt, one result. Without the lock, the same two collide."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError

from courses.models import Lesson
from learners import attempts, reviewing
from learners.models import ItemAnswer, QuizAttempt, QuizResult, ReviewCard
from tests import cast
from tests.courses.quizzes import make_quiz_course, quiz_of, right_answers
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


def test_without_the_lock_starts_collide(lesson: Lesson) -> None:
    """The negative control: the database still lets one through only, but the others break."""
    with pytest.raises(DatabaseError):
        rounds(start_without_the_lock)


def start_without_the_lock(lesson: Lesson) -> None:
    at_once(lambda _n: attempts.start(cast.lin(), lesson).pk, MANY, without_locks=True)


def hand_in_without_the_lock(lesson: Lesson) -> None:
    pk = attempts.start(cast.lin(), lesson).pk
    at_once(lambda _n: attempts.submit(cast.lin(), pk, {}), MANY, without_locks=True)


def rounds(act: Callable[[Lesson], None]) -> None:
    """Anew with another course each time, until chance lets two of them collide."""
    for _round in range(20):
        course = make_quiz_course()
        enroll(cast.lin(), course)
        act(quiz_of(course))


def test_handed_in_from_many_tabs_it_is_graded_once_and_all_hear_the_same(lesson: Lesson) -> None:
    lin = cast.lin()
    pk = attempts.start(lin, lesson).pk
    told = right_answers(lesson)
    results = at_once(lambda n: attempts.submit(lin, pk, told if n % 2 else {}).percent, MANY)
    assert len(set(results)) == 1
    assert QuizResult.objects.count() == 1
    assert ItemAnswer.objects.count() == 5


def test_without_the_lock_double_submits_break(lesson: Lesson) -> None:
    """The negative control."""
    with pytest.raises(DatabaseError):
        rounds(hand_in_without_the_lock)


def test_a_question_in_review_is_answered_once_from_two_tabs(lesson: Lesson) -> None:
    lin = cast.lin()
    attempts.submit(lin, attempts.start(lin, lesson).pk, {})
    ReviewCard.objects.update(due_at="2026-01-01T00:00Z")
    card = ReviewCard.objects.first()
    assert card is not None
    answers = at_once(lambda _n: reviewing.answer(lin, card.pk, None, answers_seen=1), 4)
    assert sum(isinstance(each, ItemAnswer) for each in answers) == 1
    assert ItemAnswer.objects.filter(attempt=None).count() == 1


def test_without_the_lock_it_is_answered_more_than_once(lesson: Lesson) -> None:
    """The negative control."""
    lin = cast.lin()
    attempts.submit(lin, attempts.start(lin, lesson).pk, {})
    for _try in range(20):
        ReviewCard.objects.update(due_at="2026-01-01T00:00Z")
        card = ReviewCard.objects.order_by("-answers")[0]
        at_once(
            lambda _n, card=card: reviewing.answer(lin, card.pk, None, answers_seen=card.answers), 4, without_locks=True
        )
        if ItemAnswer.objects.filter(attempt=None).count() > _try + 1:
            return
    raise AssertionError("the lock is not what keeps them apart")
