"""How evenly matching shows courses, and what became of what new ones are granted: reckoned by a job, for everybody."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class ExposureQuerySet(models.QuerySet["Exposure"]):
    def put(self, day: date, **figures: Any) -> None:
        """That day's figures; reckoned again, the later ones stand."""
        self.update_or_create(day=day, defaults={**figures, "reckoned_at": timezone.now()})

    def latest_one(self) -> "Exposure | None":
        return self.order_by("-day").first()


class Exposure(models.Model):
    """The figures of the weeks that ended on that day. `curve`: (share of courses, share of looks), as Lorenz drew it.

    `courses_ended` and `creators_ended`: new courses, and creators by their first one, whose first days ended in the
    last ones; `…_had`: those of them that had their looks.
    """

    day = models.DateField(unique=True)
    reckoned_at = models.DateTimeField()
    gini = models.FloatField()
    looks = models.BigIntegerField()
    new_looks = models.BigIntegerField(help_text="those at courses in their first days")
    curve = models.JSONField()
    courses_ended = models.PositiveIntegerField()
    courses_had = models.PositiveIntegerField()
    creators_ended = models.PositiveIntegerField()
    creators_had = models.PositiveIntegerField()

    objects = ExposureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(courses_had__lte=F("courses_ended"), creators_had__lte=F("creators_ended")),
                name="who_had_looks_is_among_them",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.gini:.2f}"

    # While nobody has looked at anything, nothing can be said of how evenly it was.
    @property
    def evenness(self) -> float | None:
        """Gini's coefficient."""
        return self.gini if self.looks else None

    @property
    def known_curve(self) -> list[tuple[float, float]]:
        return self.curve if self.looks else []

    @property
    def lower_half_share(self) -> float | None:
        """The share of looks that the less shown half of courses had."""
        return max(looks for courses, looks in self.curve if courses <= 0.5) if self.looks else None

    @property
    def new_share(self) -> float | None:
        return self.new_looks / self.looks if self.looks else None

    @property
    def courses_share(self) -> float | None:
        return self.courses_had / self.courses_ended if self.courses_ended else None

    @property
    def creators_share(self) -> float | None:
        return self.creators_had / self.creators_ended if self.creators_ended else None

    # Cut, never rounded up: not everybody is not 100 %.
    @property
    def lower_half_percent(self) -> int:
        return int(100 * (self.lower_half_share or 0))

    @property
    def new_percent(self) -> int:
        return int(100 * (self.new_share or 0))

    @property
    def courses_percent(self) -> int:
        return 100 * self.courses_had // max(1, self.courses_ended)

    @property
    def creators_percent(self) -> int:
        return 100 * self.creators_had // max(1, self.creators_ended)
