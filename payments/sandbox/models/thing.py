"""What every provider-side object has: an id with the provider's prefix, a time, metadata."""

import secrets
from datetime import datetime
from functools import partial

from django.db import models

from marketplace.lib import clock


def new_id(prefix: str) -> str:
    return f"{prefix}_{secrets.token_hex(12)}"


def id_field(prefix: str) -> models.CharField:
    return models.CharField(primary_key=True, max_length=80, default=partial(new_id, prefix), editable=False)


def epoch(at: datetime) -> int:
    return int(at.timestamp())


def rfc3339(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


class Thing(models.Model):
    """One object at the provider, as `as_stripe()` renders it. Amounts are in the provider's units."""

    created = models.DateTimeField(default=clock.now, editable=False)
    metadata = models.JSONField(default=dict)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)
