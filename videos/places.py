"""Days on which an account was played on more devices than may at once: `seats` counts, here it is written down.

Whose devices were few leaves no row. Which devices they were is not kept; where from was never known.
"""

from collections import defaultdict
from datetime import date, timedelta

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from . import seats
from .models import PlaceDay


def write_down() -> None:
    """Each hour: yesterday's and today's counts become rows; again, the same ones. Raises what Redis raises."""
    today = timezone.now().date()
    for day in (today - timedelta(days=1), today):
        PlaceDay.objects.put(day, _many(day))
    PlaceDay.objects.expire(today)


def _many(day: date) -> list[tuple[int, int, int]]:
    """(person, devices, refused devices) of those with more devices than places."""
    line = cache._cache.get_client(None, write=False)  # type: ignore[attr-defined]
    devices: dict[int, int] = defaultdict(int)
    refused: dict[int, int] = defaultdict(int)
    for named, times in line.hscan_iter(seats.day_key(f"{day:%Y-%m-%d}"), count=1000):
        person = int(named.decode().partition("|")[0])
        devices[person] += 1
        refused[person] += int(times) > 0
    return [(person, n, refused[person]) for person, n in devices.items() if n > settings.KEZHAN_DEVICES_AT_ONCE]
