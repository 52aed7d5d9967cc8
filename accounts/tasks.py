"""Bells of accounts: records to be made, and files whose time is over."""

from celery import shared_task
from django.utils import timezone

from marketplace.lib import work

from .models import Notice, RecordExport
from .privacy import exporting


@shared_task(name="accounts.tasks.make_record")
def make_record(pk: str) -> None:
    work.run(RecordExport, pk, exporting.make)


@shared_task(name="accounts.tasks.expire_records")
def expire_records() -> None:
    RecordExport.objects.expire()


@shared_task(name="accounts.tasks.expire_notices")
def expire_notices() -> None:
    Notice.objects.expire(timezone.now())
