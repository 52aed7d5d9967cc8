"""Events as the provider keeps them: a frozen body, and a delivery that is tried until our webhook says 200."""

import json
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from marketplace.lib import clock
from marketplace.lib.work import Work

from .thing import epoch, new_id, rfc3339
from .weather import SandboxWeather


class EventQuerySet(models.QuerySet["SandboxEvent"]):
    def emit(self, type_: str, subject: dict[str, Any]) -> "SandboxEvent":
        """A snapshot event of `subject`, on its way to the webhook once this transaction is committed."""
        id_ = new_id("evt")
        body = {
            "id": id_,
            "object": "event",
            "api_version": settings.STRIPE_VERSION,
            "created": epoch(clock.now()),
            "data": {"object": subject},
            "livemode": False,
            "pending_webhooks": 1,
            "request": {"id": None, "idempotency_key": None},
            "type": type_,
        }
        return self._send(id_, type_, body)

    def emit_thin(self, type_: str, subject_id: str, kind: str, url: str) -> "SandboxEvent":
        """A thin event: it names its object and carries nothing of it."""
        id_ = new_id("evt")
        body = {
            "id": id_,
            "object": "v2.core.event",
            "type": type_,
            "livemode": False,
            "created": rfc3339(clock.now()),
            "related_object": {"id": subject_id, "type": kind, "url": url},
        }
        return self._send(id_, type_, body)

    def _send(self, id_: str, type_: str, body: dict[str, Any]) -> "SandboxEvent":
        weather = SandboxWeather.objects.current()
        fate = weather.fate() if weather is not None else {}
        event = self.create(id=id_, type=type_, body=json.dumps(body, separators=(",", ":")), **fate)
        # One that is late is rung for when it is due, by the sweeper of all work.
        if "due_at" not in fate and event.finished_at is None:
            event.ring()
        return event

    def waiting(self) -> "EventQuerySet":
        return self.filter(finished_at=None, dead_at=None)

    def lost(self) -> "EventQuerySet":
        """Dropped on the way, or given up."""
        return self.filter(models.Q(dropped_at__isnull=False) | models.Q(dead_at__isnull=False))

    def delivered(self) -> "EventQuerySet":
        return self.filter(finished_at__isnull=False, dropped_at=None)


class SandboxEvent(Work):
    """Something that happened at the provider. As work it is its own delivery: due, delivered, or given up."""

    TASK = "payments.tasks.deliver_sandbox_event"
    LEASE = timedelta(minutes=1)
    MAX_ATTEMPTS = 8

    id = models.CharField(primary_key=True, max_length=80)
    type = models.CharField(max_length=120)
    body = models.TextField()
    created = models.DateTimeField(default=clock.now, editable=False)
    # How many times in a row the next delivery sends it.
    copies = models.PositiveSmallIntegerField(default=1, editable=False)
    dropped_at = models.DateTimeField(null=True, editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"], condition=models.Q(finished_at=None, dead_at=None), name="sandbox_event_due"
            )
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.pk}"

    def as_stripe(self) -> dict[str, Any]:
        return json.loads(self.body)

    @property
    def subject_id(self) -> str:
        body = self.as_stripe()
        return (body.get("related_object") or body["data"]["object"])["id"]

    def send_again(self, copies: int = 1) -> None:
        """Deliver the very same event once more, or several times in a row."""
        type(self).objects.filter(pk=self.pk).update(dropped_at=None, copies=copies)
        self.reopen()

    def drop(self) -> None:
        """Lose the event on its way, as a network may: it is never delivered unless it is resent."""
        type(self).objects.filter(pk=self.pk, finished_at=None).update(dropped_at=clock.now(), finished_at=clock.now())

    def hold_back(self, by: timedelta) -> None:
        """Deliver it only after a while, if it still waits."""
        type(self).objects.filter(pk=self.pk, finished_at=None).update(due_at=timezone.now() + by)
