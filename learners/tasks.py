"""What the beat rings in learners. Each task makes one call."""

from celery import shared_task
from django.utils import timezone

from . import attempts, audience, change_mails, freshness, goal, made_up
from .assignments import looking_after


@shared_task
def close_attempts() -> int:
    """End the attempts at quizzes whose time is over."""
    return attempts.close_all_overdue(timezone.now())


@shared_task
def look_after_hand_ins() -> int:
    """Works that wait too long for a reviewer, for a creator, or to be shown."""
    return looking_after.look_after(timezone.now())


@shared_task
def make_up_for_passed() -> int:
    """What was passed by somebody who had the course only before or afterwards."""
    return made_up.make_up()


@shared_task(name="learners.tasks.roll_up_audience")
def roll_up_audience() -> None:
    audience.roll_up()


@shared_task
def keep_weeks() -> int:
    """What was watched in weeks that are over, for those who have a weekly goal."""
    return goal.keep_due(timezone.now())


@shared_task
def judge_freshness() -> int:
    """Say which courses are out of date."""
    return freshness.judge_all(timezone.now())


@shared_task
def send_change_mails() -> int:
    """Tell learners of versions that are worth it, at most once a week each."""
    return change_mails.send_due(timezone.now())
