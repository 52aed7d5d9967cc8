"""The provider's idempotency: one answer a key, parameters compared, forgotten after a day."""

import hashlib
from datetime import timedelta
from typing import Any

from django.db import models

from marketplace.lib import clock

from ..errors import Refusal

# Stripe may prune a key once it is 24 hours old; the sandbox always does, so that a late retry shows its bug.
KEPT = timedelta(hours=24)


class KeyQuerySet(models.QuerySet["SandboxKey"]):
    def open(self, key: str, request: str) -> tuple["SandboxKey", bool]:
        """The key's row, and whether it is new. Another request under an old key is refused.

        Inside the request's transaction: a second request with the same key waits here for the first to end.
        """
        digest = hashlib.sha256(request.encode()).hexdigest()
        self.filter(key=key, created__lt=clock.now() - KEPT).delete()
        row, is_new = self.get_or_create(key=key, defaults={"digest": digest})
        if not is_new and row.digest != digest:
            raise Refusal(
                "Keys for idempotent requests can only be used with the same parameters they were first used with. "
                f"Try using a key other than '{key}' if you meant to execute a different request.",
                type_="idempotency_error", is_validation=True,
            )  # fmt: skip
        return row, is_new

    def prune(self) -> int:
        """Forget every key, as the provider may after a day. Returns how many were known."""
        return self.all().delete()[0]


class SandboxKey(models.Model):
    """The first answer that was given under an idempotency key; every repeat gets the same."""

    key = models.CharField(primary_key=True, max_length=255)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    created = models.DateTimeField(default=clock.now, editable=False)

    objects = KeyQuerySet.as_manager()

    def __str__(self) -> str:
        return self.key

    def keep(self, status: int, body: dict[str, Any]) -> None:
        self.status, self.body = status, body
        self.save(update_fields=["status", "body"])
