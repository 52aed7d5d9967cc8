"""Who is next: of all films and chunks that wait, the one that an idle worker takes.

First the more urgent; among equals the creator for whom the fewest workers are busy, then the one whose films waited
longest for a worker. So one creator's two hundred films do not hold up another's single one, and an idle worker takes
chunks of whatever film there is. What is made anew later, which she does not wait for, takes no turn from her. Within
one creator's films: first looks, then films (to be probed, made in one piece or joined), then the sound and the picture
of chunks.
Source: the design's page on performance, design point 7.
"""

from collections import Counter
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Min
from django.db.models.functions import Now

from marketplace.lib import work

from . import chunking, transcoding
from .models import FilmTurn, Priority, Video, VideoChunk

Piece = Video | VideoChunk
# A row that is out of tries is buried by who comes to claim it, and is none to work on.
MOST_TRIES = 50


def take() -> Piece | None:
    """Claim the next piece; None when nothing is due."""
    for _ in range(MOST_TRIES):
        with transaction.atomic():
            _one_chooses()
            found = _next()
            if found is None:
                return None
            owner_id, priority, waiting = found
            if claimed := type(waiting).claim(waiting.pk):
                if priority != Priority.LATER:
                    FilmTurn.objects.take(owner_id)
                return claimed
    return None


def is_anything_due() -> bool:
    return VideoChunk.due_work().exists() or Video.due_work().exists()


def _one_chooses() -> None:
    """Two that choose at once would both see the same creator as the one who waited longest."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('kezhan film turns'))")


def _next() -> tuple[Any, int, Piece] | None:
    groups = _groups()
    if not groups:
        return None
    busy = _busy()
    turns = dict(FilmTurn.objects.filter(owner__in={owner for owner, _ in groups}).values_list("owner", "taken_at"))

    def order(group: tuple[Any, int]) -> tuple[Any, ...]:
        owner, priority = group
        last = turns.get(owner)
        return priority, busy[owner], last is not None, last or groups[group], groups[group]

    owner, priority = min(groups, key=order)
    waiting = _of(owner, priority)
    return (owner, priority, waiting) if waiting else None


def _groups() -> dict[tuple[Any, int], datetime]:
    """(creator, priority) → since when something of hers is due."""
    films = Video.due_work().order_by().values_list("owner_id", "priority").annotate(first=Min("due_at"))
    chunks = VideoChunk.due_work().order_by().values_list("video__owner_id", "video__priority")
    found: dict[tuple[Any, int], datetime] = {}
    for owner, priority, first in [*films, *chunks.annotate(first=Min("due_at"))]:
        group = (owner, priority)
        found[group] = min(first, found.get(group, first))
    return found


def _busy() -> Counter[Any]:
    """How many workers each creator keeps busy with what she waits for: what is made later is nobody's turn."""
    films = Video.open_work().filter(lease_until__gte=Now()).exclude(priority=Priority.LATER)
    chunks = VideoChunk.open_work().filter(lease_until__gte=Now()).exclude(video__priority=Priority.LATER)
    owners = chunks.values_list(F("video__owner_id"), flat=True)
    return Counter([*films.values_list("owner_id", flat=True), *owners])


def _of(owner: Any, priority: int) -> Piece | None:
    due = VideoChunk.due_work().filter(video__owner=owner, video__priority=priority)
    chunks = VideoChunk.objects.filter(pk__in=due.values("pk"))
    if first_look := chunks.filter(kind=VideoChunk.Kind.PREVIEW).next_first().first():
        return first_look
    film = Video.due_work().filter(owner=owner, priority=priority).order_by("due_at").first()
    return film or chunks.next_first().first()


def work_on_next() -> None:
    """Hear the bell, take one piece, and ring on for the next idle worker while anything is due."""
    work.hear(VideoChunk.TASK)
    piece = take()
    if piece is None:
        return
    if is_anything_due():
        work.ring_for_all(VideoChunk.TASK)
    if isinstance(piece, VideoChunk):
        work.carry_out(piece, chunking.make)
    else:
        work.carry_out(piece, transcoding.transcode)
