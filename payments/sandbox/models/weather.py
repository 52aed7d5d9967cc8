"""The weather on the way to our webhook: what becomes of events that are emitted from now on."""

import random
from datetime import timedelta
from typing import Any

from django.db import models
from django.utils import timezone

from marketplace.lib import clock


class WeatherQuerySet(models.QuerySet["SandboxWeather"]):
    def current(self) -> "SandboxWeather | None":
        """The weather that somebody asked for; None is fair weather."""
        return self.first()

    def become(self, *, drop_percent: int, copies: int, delay_s: int, is_shuffled: bool) -> None:
        """From now on so; all fair clears it."""
        self.all().delete()
        if drop_percent or copies > 1 or delay_s or is_shuffled:
            self.create(
                pk=1, drop_percent=drop_percent, copies=copies, delay_s=max(delay_s, 10 if is_shuffled else 0),
                is_shuffled=is_shuffled,
            )  # fmt: skip

    def clear(self) -> None:
        self.all().delete()


class SandboxWeather(models.Model):
    """Events are lost, sent several times, late or out of order until the weather is fair again. One row at most."""

    drop_percent = models.PositiveSmallIntegerField(default=0)
    copies = models.PositiveSmallIntegerField(default=1)
    delay_s = models.PositiveIntegerField(default=0)
    # Each event waits a part of the delay, by chance: they overtake each other.
    is_shuffled = models.BooleanField(default=False)

    objects = WeatherQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1, drop_percent__lte=100), name="sandbox_one_weather")
        ]

    def __str__(self) -> str:
        return f"{self.drop_percent} % lost, × {self.copies}, {self.delay_s} s late"

    def fate(self) -> dict[str, Any]:
        """What the next event's row begins with. Chance decides; nothing of money hangs on it."""
        fate: dict[str, Any] = {"copies": self.copies}
        if random.randrange(100) < self.drop_percent:
            now = clock.now()
            return fate | {"dropped_at": now, "finished_at": now}
        if self.delay_s:
            wait = random.uniform(0, self.delay_s) if self.is_shuffled else self.delay_s
            fate["due_at"] = timezone.now() + timedelta(seconds=wait)
        return fate
