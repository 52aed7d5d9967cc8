"""What the provider told us: kept once an event, then worked on until it has had its effect."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db import connection, models
from django.db.models import Q
from django.utils import timezone

from marketplace.lib import arrays

from .asked import Asked


class ProviderEventQuerySet(models.QuerySet["ProviderEvent"]):
    def take_in(self, *, book: str, event_id: str, type: str, object_id: str, body: dict[str, Any]) -> "ProviderEvent":
        """Keep an event and ring for it. The same event again is the same row."""
        row: Any = ProviderEvent(book=book, event_id=event_id, type=type[:120], object_id=object_id[:120], body=body)
        self.bulk_create([row], ignore_conflicts=True)
        kept = self.get(provider="stripe", book=book, event_id=event_id)
        if kept.finished_at is None:
            kept.ring()
        return kept

    def note_all(self, noted: "Collection[tuple[ProviderEvent, str]]") -> None:
        """`note` for many in one statement. An event that another worker holds meanwhile is left to it."""
        if not noted:
            return
        facts = [(event.pk, event.attempts, event.rounds, outcome[:60]) for event, outcome in noted]
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE payments_providerevent AS event"
                " SET outcome = noted.outcome, finished_at = now(), lease_until = NULL, last_error = ''"
                " FROM unnest(%s::bigint[], %s::int[], %s::int[], %s::text[])"
                " AS noted (id, attempts, rounds, outcome)"
                " WHERE event.id = noted.id AND event.attempts = noted.attempts AND event.rounds = noted.rounds"
                " AND event.finished_at IS NULL AND event.dead_at IS NULL",
                arrays.columns(facts),
            )

    def known(self, book: str, event_ids: list[str]) -> models.QuerySet["ProviderEvent", str]:
        """Which of these events are kept already."""
        kept = self.filter(provider="stripe", book=book, event_id__in=event_ids)
        return kept.values_list("event_id", flat=True)


class ProviderEvent(Asked):
    """An event of the provider. The body is kept for the record; what is true is fetched when it is worked on."""

    TASK = "payments.tasks.take_provider_event"
    LEASE = timedelta(minutes=2)
    MAX_ATTEMPTS = 10

    provider = models.CharField(max_length=16, default="stripe")
    book = models.CharField(max_length=8)
    event_id = models.CharField(max_length=120)
    type = models.CharField(max_length=120)
    object_id = models.CharField(max_length=120, blank=True)
    body = models.JSONField()
    received_at = models.DateTimeField(default=timezone.now)
    # What it led to, in one word: "paid", "unknown type", …
    outcome = models.CharField(max_length=60, blank=True)

    objects = ProviderEventQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "book", "event_id"], name="one_provider_event")]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(finished_at=None, dead_at=None), name="provider_event_due"),
            models.Index(fields=["object_id"], name="provider_event_object"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"

    def note(self, outcome: str) -> None:
        """Its effect is there: the event is done."""
        self.finish(outcome=outcome[:60])
