"""Single answers to single questions, from attempts and from review; and when each question is due again."""

import uuid
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When

from accounts.models import User
from courses.models import Course, Lesson
from courses.quizzes.grading import Grade, Graded

from .attempt import QuizAttempt


class ItemAnswerQuerySet(models.QuerySet["ItemAnswer"]):
    def of(self, learner: Any) -> Self:
        return self.filter(learner_id=learner.pk) if learner.pk else self.none()

    def history(self, learner_id: int, lesson_key: uuid.UUID) -> Self:
        """In the order in which they were given."""
        return self.filter(learner_id=learner_id, lesson_key=lesson_key).order_by("answered_at", "id")

    def told(self) -> Self:
        """`told_share`: how much was right, once what was right may be seen; before, it would lead the next attempt."""
        card = ReviewCard.objects.filter(
            learner=OuterRef("learner"), lesson_key=OuterRef("lesson_key"), question=OuterRef("question")
        )
        return self.annotate(told_share=Case(When(Exists(card), then=F("share"))))

    def of_attempt(self, attempt: QuizAttempt, grade: Grade, at: datetime) -> None:
        facts = {
            "learner_id": attempt.learner_id, "course_id": attempt.course_id, "lesson_id": attempt.lesson_id,
            "lesson_key": attempt.lesson_key, "attempt": attempt, "answered_at": at,
        }  # fmt: skip
        self.bulk_create([ItemAnswer(**facts, **_told(item)) for item in grade.items])

    def forget(self, learner: User) -> None:
        """What she answered goes, her own words with it; how much of it was right stays without a name."""
        self.filter(learner=learner, given__isnull=False).exclude(given=None).update(given=None)

    def of_review(self, *, learner_id: int, lesson: Lesson, item: Graded, at: datetime) -> "ItemAnswer":
        return self.create(
            learner_id=learner_id, course_id=lesson.version.course_id, lesson=lesson, lesson_key=lesson.key,
            answered_at=at, **_told(item),
        )  # fmt: skip


class ItemAnswer(models.Model):
    """One question answered once; without an attempt it was answered in review. Append-only."""

    learner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="+")
    lesson_key = models.UUIDField()
    question = models.UUIDField()
    fingerprint = models.CharField(max_length=16, help_text="of the question as it was asked")
    attempt = models.ForeignKey(QuizAttempt, null=True, on_delete=models.PROTECT, related_name="items")
    given = models.JSONField(null=True)
    share = models.FloatField(help_text="how much of it was right, from 0 to 1")
    answered_at = models.DateTimeField()

    objects = ItemAnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(share__gte=0, share__lte=1), name="a_share_of_an_item"),
            models.UniqueConstraint(fields=["attempt", "question"], name="an_attempt_answers_an_item_once"),
            models.UniqueConstraint(
                fields=["learner", "lesson_key", "question", "answered_at"], name="one_answer_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["lesson_key", "question"], name="answers_of_item")]

    def __str__(self) -> str:
        return f"{self.learner_id}, {self.question}: {self.share:.2f}"

    @property
    def is_right(self) -> bool:
        return self.share == 1


def _told(item: Graded) -> dict[str, Any]:
    question = item.question
    asked = {"question": uuid.UUID(question.id), "fingerprint": question.fingerprint}
    return {**asked, "given": item.answer, "share": float(item.share)}


class ReviewCardQuerySet(models.QuerySet["ReviewCard"]):
    def of(self, learner: Any) -> Self:
        return self.filter(learner_id=learner.pk) if learner.pk else self.none()

    def write(self, card: "ReviewCard") -> None:
        """What follows from the card's history, over whatever stood there."""
        ReviewCard.objects.bulk_create(
            [card], update_conflicts=True, unique_fields=["learner", "lesson_key", "question"],
            update_fields=["course", "stability", "difficulty", "answered_at", "due_at", "answers", "lapses"],
        )  # fmt: skip


class ReviewCard(models.Model):
    """When a learner is asked a question again. Follows from her answers alone and can be made anew from them."""

    learner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="+")
    lesson_key = models.UUIDField()
    question = models.UUIDField()
    stability = models.FloatField(help_text="days until the chance to know it falls to 90 %")
    difficulty = models.FloatField(help_text="from 1 to 10")
    answers = models.PositiveIntegerField(help_text="how many answers it was made of")
    lapses = models.PositiveIntegerField()
    answered_at = models.DateTimeField()
    due_at = models.DateTimeField()

    objects = ReviewCardQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "lesson_key", "question"], name="one_card_an_item")]
        indexes = [models.Index(fields=["learner", "due_at"], name="cards_due")]

    def __str__(self) -> str:
        return f"{self.learner_id}, {self.question}: {self.due_at:%Y-%m-%d}"
