"""What the beat rings in learners. Each task makes one call."""

from celery import shared_task
from django.utils import timezone

from . import attempts, audience


@shared_task
def close_attempts() -> int:
    """End the attempts at quizzes whose time is over."""
    return attempts.close_all_overdue(timezone.now())


@shared_task(name="learners.tasks.roll_up_audience")
def roll_up_audience() -> None:
    audience.roll_up()
