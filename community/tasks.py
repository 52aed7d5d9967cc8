from celery import shared_task
from django.utils import timezone

from . import notices, reckoning, telling


@shared_task
def reckon_ratings() -> int:
    return reckoning.reckon_all(timezone.now())


@shared_task
def send_creators_news() -> int:
    return notices.send_due(timezone.now())


@shared_task
def tell_of_answers() -> int:
    return telling.send_due(timezone.now())
