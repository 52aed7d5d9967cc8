"""On how many devices one account played films in a day, where they were more than may at once. Kept for a month."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import models

from accounts.models import User

KEPT_DAYS = 30


class PlaceDayQuerySet(models.QuerySet["PlaceDay"]):
    def put(self, day: date, counted: Iterable[tuple[int, int, int]]) -> None:
        """(person, devices, refused devices) of a day; counted again, the newer figures stand. Unknown people: none."""
        rows = {person: (devices, refused) for person, devices, refused in counted}
        known = User.objects.filter(pk__in=rows).values_list("pk", flat=True)
        made = [
            self.model(person_id=pk, day=day, devices=rows[pk][0], refused_devices=rows[pk][1]) for pk in sorted(known)
        ]
        self.bulk_create(
            made, update_conflicts=True, unique_fields=["person", "day"], update_fields=["devices", "refused_devices"]
        )

    def of(self, person: Any) -> "PlaceDayQuerySet":
        return self.filter(person_id=person.pk)

    def expire(self, today: date) -> int:
        count, _by_kind = self.filter(day__lt=today - timedelta(days=KEPT_DAYS)).delete()
        return count


class PlaceDay(models.Model):
    """`devices` asked for films on this day, `refused_devices` of them while all places were taken."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField(db_index=True)
    devices = models.PositiveIntegerField()
    refused_devices = models.PositiveIntegerField()

    objects = PlaceDayQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "day"], name="one_place_day_a_person")]

    def __str__(self) -> str:
        return f"{self.person_id}, {self.day}: {self.devices}"
