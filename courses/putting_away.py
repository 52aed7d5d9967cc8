"""Covers and portraits follow what moderators decide: with a takedown or a suspension they leave the public store, and
come back when it is lifted.

Whoever decides knows nothing of it. It is looked for every minute, since a file is moved outside of any transaction.
"""

from collections.abc import Iterator

from django.db.models import QuerySet

from creators.models import Creator
from marketplace.lib import sweeps
from marketplace.lib.alone import alone

from .models import PutAway, Takedown, Version

_LOCK = 7_412_018


def follow() -> int:
    """How many pictures were moved; none where another worker is at it."""
    with alone(_LOCK) as is_alone:
        return sum(sweeps.each("pictures", (_put_away, _bring_back), lambda step: step())) if is_alone else 0


def _put_away() -> int:
    due, known = _due(), dict(PutAway.objects.values_list("name", "moved_at"))
    new = [PutAway(name=name, creator_id=owner, course_id=course) for name, (owner, course) in due.items()]
    PutAway.objects.bulk_create([row for row in new if row.name not in known])
    rows = PutAway.objects.still_due().filter(moved_at=None)
    return len(sweeps.each("put_away", rows, lambda row: row.put_away()))


def _bring_back() -> int:
    return len(sweeps.each("bring_back", PutAway.objects.to_bring_back(), lambda row: row.bring_back()))


def _due() -> dict[str, tuple[int, int | None]]:
    """By the name of each picture that shall be out of sight: creator and course, none for a portrait. All versions of
    a course count, since any of their covers has had an address.
    """
    suspended = Creator.objects.suspended()
    taken_down = Version.objects.filter(course__in=Takedown.objects.filter(lifted_at=None).values("course"))
    due: dict[str, tuple[int, int | None]] = {}
    for versions in (taken_down, Version.objects.filter(course__creator__in=suspended)):
        due |= _covers(versions)
    portraits = suspended.exclude(portrait="").values_list("portrait", "pk")
    return due | {name: (creator, None) for name, creator in portraits}


def _covers(versions: QuerySet[Version]) -> Iterator[tuple[str, tuple[int, int]]]:
    rows = versions.exclude(cover="").values_list("course", "course__creator", "cover", "cover_small")
    for course, creator, *names in rows.iterator():
        yield from ((name, (creator, course)) for name in names if name)
