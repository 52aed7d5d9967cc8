"""The floor's bells: mails, and the sweeper that rings for everything that was not rung."""

from celery import shared_task

from . import work
from .emails import Mail


@shared_task(name="marketplace.lib.tasks.send_mail")
def send_mail(pk: str) -> None:
    work.run(Mail, pk, Mail.send)


@shared_task(name="marketplace.lib.tasks.sweep_work")
def sweep_work() -> None:
    work.sweep()
