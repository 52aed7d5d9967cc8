"""The roof's only bell: beat shows that it rings."""

from celery import shared_task

from marketplace import heartbeat


@shared_task(name="marketplace.tasks.record_beat")
def record_beat() -> None:
    heartbeat.record(heartbeat.BEAT, [heartbeat.BEAT])
