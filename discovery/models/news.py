"""What people are told of creators whom they follow and of courses that they saved: each thing once, not unasked."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from courses.models import Course, PriceChange


class NewsTopic(models.TextChoices):
    """What there may be news of."""

    NEW_COURSES = "new_courses"
    PRICE_DROPS = "price_drops"


class NewsLineQuerySet(models.QuerySet["NewsLine"]):
    def note(self, learner: User, told: Iterable[tuple[Course, PriceChange | None]], at: datetime) -> None:
        """Called by `discovery.news` alone, with the learner held."""
        self.bulk_create(
            self.model(learner=learner, course=course, change=change, told_at=at) for course, change in told
        )


class NewsLine(models.Model):
    """The learner was told that the course is there, or, with `change`, that its price fell."""

    learner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="+")
    change = models.ForeignKey(PriceChange, null=True, on_delete=models.CASCADE, related_name="+")
    told_at = models.DateTimeField()

    objects = NewsLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "course"], condition=Q(change=None), name="one_news_of_a_new_course"
            ),
            models.UniqueConstraint(fields=["learner", "change"], name="one_news_of_a_price_change"),
        ]
        indexes = [models.Index(fields=["learner", "told_at"], name="news_of_learner")]

    def __str__(self) -> str:
        return f"{self.learner_id}: {self.course_id}"


class NewsStopQuerySet(models.QuerySet["NewsStop"]):
    def open(self) -> Self:
        return self.filter(ended_at=None)

    def wishes(self, learner: Any) -> dict[str, bool]:
        """By topic, whether she wants to be told."""
        stopped = set(self.open().filter(learner_id=learner.pk).values_list("topic", flat=True))
        return {topic.value: topic.value not in stopped for topic in NewsTopic}

    def choose(self, learner: User, wishes: Mapping[str, bool]) -> None:
        """By topic, from now on; chosen twice is as good as once."""
        wanted = [topic for topic, wants in wishes.items() if wants]
        self.open().filter(learner=learner, topic__in=wanted).update(ended_at=timezone.now())
        stops = [self.model(learner=learner, topic=topic) for topic, wants in wishes.items() if not wants]
        self.bulk_create(stops, ignore_conflicts=True)


class NewsStop(models.Model):
    """From `stopped_at` until `ended_at` the learner wants no news of this topic, by mail or on the site."""

    learner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    topic = models.CharField(max_length=20, choices=NewsTopic.choices)
    stopped_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    objects = NewsStopQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "topic"], condition=Q(ended_at=None), name="one_open_news_stop_a_topic"
            )
        ]

    def __str__(self) -> str:
        return f"{self.learner_id}: no {self.topic} since {self.stopped_at:%Y-%m-%d}"
