"""What the beat rings in learners."""

from celery import shared_task
from django.utils import timezone

from . import attempts


@shared_task
def close_attempts() -> int:
    """End the attempts at quizzes whose time is over."""
    return attempts.close_all_overdue(timezone.now())
