from celery import shared_task
from django.utils import timezone

from . import notices, reckoning


@shared_task
def reckon_ratings() -> int:
    return reckoning.reckon_all(timezone.now())


@shared_task
def send_rating_mails() -> int:
    return notices.send_due(timezone.now())
