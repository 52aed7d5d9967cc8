"""Bells of accounts: records to be made, and files whose time is over."""

from celery import shared_task

from marketplace.lib import work

from .models import RecordExport
from .privacy import exporting


@shared_task(name="accounts.tasks.make_record")
def make_record(pk: str) -> None:
    work.run(RecordExport, pk, exporting.make)


@shared_task(name="accounts.tasks.expire_records")
def expire_records() -> None:
    RecordExport.objects.expire()
