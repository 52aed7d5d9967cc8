"""Attempts at quizzes: what was asked, what was answered so far, how it ended. What is recorded does not change."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from courses.models import Course, Lesson
from courses.quizzes import drawing
from courses.quizzes.grading import Grade, readable
from courses.quizzes.shape import Question, Quiz

# An attempt without a time limit ends by itself after this time.
LONGEST = timedelta(days=30)
# A form sent at the last second is on its way for a moment.
GRACE = timedelta(seconds=5)


class QuizAttemptQuerySet(models.QuerySet["QuizAttempt"]):
    def of(self, learner: Any) -> Self:
        return self.filter(learner_id=learner.pk) if learner.pk else self.none()

    def open(self) -> Self:
        return self.filter(answers__isnull=False)

    def overdue(self, now: datetime) -> Self:
        return self.open().filter(due_at__lt=now - GRACE)

    def begin(self, *, learner: User, lesson: Lesson, number: int, drawn: drawing.Drawn) -> "QuizAttempt":
        """With the learner's meter held: the next attempt, its questions drawn for good."""
        now = timezone.now()
        limit = lesson.questions.limit_minutes
        due_at = now + (timedelta(minutes=limit) if limit else LONGEST)
        attempt = self.create(
            learner=learner, course_id=lesson.version.course_id, lesson=lesson, lesson_key=lesson.key, number=number,
            drawn=drawn, started_at=now, due_at=due_at,
        )  # fmt: skip
        AttemptAnswers.objects.create(attempt=attempt)
        return attempt


class QuizAttempt(models.Model):
    """One try of one learner. `lesson` is the quiz in the version that was live then, whose content is closed."""

    learner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="quiz_attempts")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="+")
    lesson_key = models.UUIDField()
    number = models.PositiveSmallIntegerField()
    drawn = models.JSONField(help_text="question ids with their options' ids, in the order shown")
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()

    objects = QuizAttemptQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["learner", "lesson_key", "number"], name="attempts_are_numbered"),
            models.CheckConstraint(condition=Q(due_at__gt=F("started_at")), name="an_attempt_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return f"{self.learner_id}, {self.lesson_key}: {self.number}"

    @property
    def is_open(self) -> bool:
        return getattr(self, "result", None) is None

    @property
    def is_timed(self) -> bool:
        return self.quiz.limit_minutes is not None

    def is_over(self, now: datetime) -> bool:
        return now > self.due_at + GRACE

    @cached_property
    def quiz(self) -> Quiz:
        return self.lesson.questions

    @property
    def questions(self) -> list[Question]:
        """As they were written, for grading alone."""
        return drawing.graded(self.quiz, self.drawn)

    @property
    def shown_questions(self) -> list[Question]:
        """As the learner sees them."""
        return drawing.shown(self.quiz, self.drawn)


class AttemptAnswers(models.Model):
    """What is answered so far in an open attempt, by question. When the attempt ends, its result has it."""

    attempt = models.OneToOneField(QuizAttempt, primary_key=True, on_delete=models.PROTECT, related_name="answers")
    given = models.JSONField(default=dict)
    saved_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.attempt_id}: {len(self.given)}"

    def take(self, told: Mapping[str, Any], questions: Iterable[Question]) -> None:
        """Answers by question id; those not named stay, null or nothing readable takes one back."""
        for question in questions:
            if question.id in told:
                answer = readable(question, told[question.id])
                self.given.pop(question.id, None)
                if answer is not None:
                    self.given[question.id] = answer
        self.saved_at = timezone.now()
        self.save(update_fields=["given", "saved_at"])


class QuizResultQuerySet(models.QuerySet["QuizResult"]):
    def record(self, attempt: QuizAttempt, ending: str, grade: Grade, closed_at: datetime) -> "QuizResult":
        """The end of an attempt, with every answer in it. Once: the second one breaks the key."""
        from .item import ItemAnswer

        result = self.create(
            attempt=attempt, ending=ending, closed_at=closed_at, answers=attempt.answers.given,
            percent=grade.percent, passed=grade.exact_percent >= attempt.quiz.pass_percent,
        )  # fmt: skip
        ItemAnswer.objects.of_attempt(attempt, grade, closed_at)
        attempt.answers.delete()
        return result

    def forget(self, learner: User) -> None:
        """What she answered goes, her own words with it; what it was worth stays without a name."""
        self.filter(attempt__learner=learner).exclude(answers={}).update(answers={})


class QuizResult(models.Model):
    """How an attempt ended. Append-only."""

    class Ending(models.TextChoices):
        SUBMITTED = "submitted", _("Handed in")
        TIMED_OUT = "timed_out", _("The time was over")

    attempt = models.OneToOneField(QuizAttempt, primary_key=True, on_delete=models.PROTECT, related_name="result")
    ending = models.CharField(max_length=12, choices=Ending.choices)
    closed_at = models.DateTimeField()
    answers = models.JSONField()
    percent = models.PositiveSmallIntegerField()
    passed = models.BooleanField()

    objects = QuizResultQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ending__in=["submitted", "timed_out"]), name="ending_is_known"),
            models.CheckConstraint(condition=Q(percent__lte=100), name="at_most_all_is_right"),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id}: {self.percent} %"


def attempts_at(learner: Any, lesson_key: uuid.UUID) -> list[QuizAttempt]:
    """The learner's, first to last, with their results."""
    rows = QuizAttempt.objects.of(learner).filter(lesson_key=lesson_key)
    return list(rows.select_related("result", "lesson__version", "answers"))
