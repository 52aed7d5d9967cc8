"""What the beat rings in courses. Each task makes one call."""

from celery import shared_task
from django.utils import timezone

from . import putting_away, reminding, tallied


@shared_task
def remind_creators() -> int:
    """Of courses that nobody has checked for as long as they chose."""
    return reminding.remind_all(timezone.now())


@shared_task
def put_pictures_away() -> int:
    """And back: of what was taken down or whose creator is suspended."""
    return putting_away.follow()


@shared_task
def count_courses() -> bool:
    """For the numbers beside the filters, where courses are many."""
    return tallied.refresh()
