"""Taking a quiz: start, keep answers, hand in; when the time is over it ends by itself. The server alone grades.

Whatever a learner does here holds her meter, so two tabs, two devices and a double click are one after the other.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from courses.models import Lesson
from courses.quizzes import drawing, grading
from courses.quizzes.shape import Quiz, Reveal
from marketplace.lib import sweeps
from marketplace.lib.errors import DomainError, NotAllowed

from . import completion, reviewing, rights
from .models import Enrollment, QuizAttempt, QuizResult, WatchMeter
from .models.attempt import attempts_at


class NoAttemptsLeft(DomainError):
    code = "no_attempts_left"
    message = _("You have used all attempts at this quiz.")


class AttemptTooSoon(DomainError):
    """`facts["from"]`: when the next attempt may start, as ISO 8601."""

    code = "attempt_too_soon"
    message = _("The next attempt is possible a little later.")


class AttemptClosed(DomainError):
    code = "attempt_closed"
    message = _("This attempt is closed: its answers can no longer change.")


class NotEnrolled(NotAllowed):
    code = "not_enrolled"
    message = _("Quizzes are taken by those who have the course, while it is open to them.")


@dataclass(frozen=True)
class Standing:
    """Where a learner is with one quiz."""

    quiz: Quiz
    attempts: list[QuizAttempt]
    now: datetime

    @property
    def open(self) -> QuizAttempt | None:
        return next((attempt for attempt in self.attempts if attempt.is_open), None)

    @property
    def closed(self) -> list[QuizAttempt]:
        return [attempt for attempt in self.attempts if not attempt.is_open]

    @property
    def is_passed(self) -> bool:
        return any(attempt.result.passed for attempt in self.closed)

    @property
    def best(self) -> int | None:
        return max((attempt.result.percent for attempt in self.closed), default=None)

    @property
    def left(self) -> int | None:
        """How many attempts may still be started; None: as many as she likes."""
        return None if self.quiz.attempts is None else max(0, self.quiz.attempts - len(self.attempts))

    @property
    def starts_at(self) -> datetime | None:
        """When the next attempt may start, if that is later than now."""
        if not self.closed or not self.quiz.wait_minutes:
            return None
        at = self.closed[-1].result.closed_at + timedelta(minutes=self.quiz.wait_minutes)
        return at if at > self.now else None

    @property
    def may_start(self) -> bool:
        return self.open is None and self.left != 0 and self.starts_at is None and bool(self.quiz.questions)

    @property
    def reveals(self) -> bool:
        """Whether what was right may be shown of closed attempts. Never while one is open."""
        if self.open is not None or not self.closed:
            return False
        return self.quiz.reveal == Reveal.CLOSED or self.is_passed or self.left == 0


def standing(learner: Any, lesson: Lesson, now: datetime | None = None) -> Standing:
    """Of the learner at this quiz. An attempt whose time is over is closed first."""
    now = now or timezone.now()
    attempts = attempts_at(learner, lesson.key)
    if any(attempt.is_open and attempt.is_over(now) for attempt in attempts):
        _close_overdue_of(learner.pk, now)
        attempts = attempts_at(learner, lesson.key)
    return Standing(lesson.questions, attempts, now)


@transaction.atomic
def start(learner: User, lesson: Lesson, dice: random.Random | None = None) -> QuizAttempt:
    """The learner's open attempt at this live quiz; a new one when there is none.

    Raises NotEnrolled, NoAttemptsLeft, AttemptTooSoon.
    """
    WatchMeter.objects.hold(learner.pk)
    enrollment = _enrollment(learner.pk, lesson.version.course_id)
    now = timezone.now()
    _close_overdue(QuizAttempt.objects.of(learner).overdue(now))
    here = Standing(lesson.questions, attempts_at(learner, lesson.key), now)
    if here.open:
        return here.open
    if here.left == 0 or not here.quiz.questions:
        raise NoAttemptsLeft
    if here.starts_at:
        raise AttemptTooSoon(**{"from": here.starts_at.isoformat()})
    drawn = drawing.draw(here.quiz, dice or random.SystemRandom())
    completion.touch(enrollment, lesson.key)
    return QuizAttempt.objects.begin(learner=learner, lesson=lesson, number=len(here.attempts) + 1, drawn=drawn)


@transaction.atomic
def keep(learner: User, pk: int, told: Mapping[str, Any]) -> QuizAttempt:
    """Keep answers of an open attempt. `told`: by question id; what is not named stays. Raises AttemptClosed."""
    attempt, _enrolled, now = _held(learner, pk)
    if not attempt.is_open or attempt.is_over(now):
        raise AttemptClosed
    attempt.answers.take(told, attempt.questions)
    return attempt


def submit(learner: User, pk: int, told: Mapping[str, Any]) -> QuizResult:
    """Hand in, with last answers. Twice is as good as once: the second time answers what the first one did.

    When the time is over, the attempt ends with what was saved before.
    """
    with transaction.atomic():
        attempt, enrollment, now = _held(learner, pk)
        if not attempt.is_open:
            return attempt.result
        if attempt.is_over(now):
            return _close(attempt, enrollment, QuizResult.Ending.TIMED_OUT, attempt.due_at)
        attempt.answers.take(told, attempt.questions)
        return _close(attempt, enrollment, QuizResult.Ending.SUBMITTED, now)


def close_all_overdue(now: datetime, most: int = 500) -> int:
    """Attempts whose learners did not come back. Returns of how many learners."""
    learners = QuizAttempt.objects.overdue(now).order_by("due_at").values_list("learner_id", flat=True)[: 10 * most]
    found = dict.fromkeys(learners)
    return len(sweeps.each("attempts", found, lambda learner_id: _close_overdue_of(learner_id, now), most=most))


@transaction.atomic
def _close_overdue_of(learner_id: int, now: datetime) -> None:
    WatchMeter.objects.hold(learner_id)
    _close_overdue(QuizAttempt.objects.filter(learner_id=learner_id).overdue(now))


def _close_overdue(attempts: Any) -> None:
    for attempt in attempts.select_related("lesson__version", "answers", "learner"):
        enrollment = rights.active(attempt.learner_id, attempt.course_id)
        _close(attempt, enrollment, QuizResult.Ending.TIMED_OUT, attempt.due_at)


def _close(attempt: QuizAttempt, enrollment: Enrollment | None, ending: str, at: datetime) -> QuizResult:
    """With the meter held."""
    grade = grading.grade(attempt.questions, attempt.answers.given)
    result = QuizResult.objects.record(attempt, ending, grade, at)
    if result.passed and enrollment is not None:
        completion.graded_passed(enrollment, attempt.lesson_key)
    if Standing(attempt.quiz, attempts_at(attempt.learner, attempt.lesson_key), at).reveals:
        reviewing.follow(attempt.learner_id, attempt.course_id, attempt.lesson_key)
    return result


def _held(learner: User, pk: int) -> tuple[QuizAttempt, Enrollment, datetime]:
    WatchMeter.objects.hold(learner.pk)
    rows = QuizAttempt.objects.of(learner).select_related("lesson__version", "answers", "result", "learner")
    attempt = rows.get(pk=pk)
    return attempt, _enrollment(learner.pk, attempt.course_id), timezone.now()


def _enrollment(learner_id: int, course_id: int) -> Enrollment:
    enrollment = rights.learning(learner_id, course_id)
    if enrollment is None:
        raise NotEnrolled
    return enrollment
