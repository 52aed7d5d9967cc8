"""What new courses need, and what readers look at: a job reckons it, each list asks it."""

from collections.abc import Iterable, Mapping

from django.db import models
from django.utils import timezone


class PaceQuerySet(models.QuerySet["Pace"]):
    def put(self, rates: Mapping[str, tuple[float, float]]) -> None:
        """By audience, looks owed a day and looks a day."""
        now = timezone.now()
        rows = [
            Pace(audience=audience, owed_a_day=owed, looks_a_day=looks, reckoned_at=now)
            for audience, (owed, looks) in sorted(rates.items())
        ]
        columns = ["owed_a_day", "looks_a_day", "reckoned_at"]
        Pace.objects.bulk_create(rows, update_conflicts=True, unique_fields=["audience"], update_fields=columns)

    def rates(self, audiences: Iterable[str]) -> list[tuple[float, float]]:
        """(looks owed a day, looks a day) of those that were reckoned."""
        return list(self.filter(audience__in=list(audiences)).values_list("owed_a_day", "looks_a_day"))


class Pace(models.Model):
    """Of an audience (`Newcomer.audience`): looks a day that its new courses need, and those that its readers give."""

    audience = models.CharField(unique=True, max_length=12, blank=True)
    owed_a_day = models.FloatField()
    looks_a_day = models.FloatField()
    reckoned_at = models.DateTimeField()

    objects = PaceQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.audience or 'everybody'}: {self.owed_a_day:.1f} of {self.looks_a_day:.1f} a day"
