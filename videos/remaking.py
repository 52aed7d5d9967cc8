"""Converting films anew that play already: some at a time, after everything that somebody waits for.

Each is made by another row (`made_for`), in the queue and by the workers of all films; what comes out lies beside the
files that play, and takes their place in the transaction that ends it. Addresses that were given out before show the
former files to their end. A worker that dies anywhere leaves the film as it was. See docs/decisions/0103.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from marketplace.lib import failpoints

from . import ladder, plans, playback, shelves
from .failures import FilmRefused
from .models import PutAway, RemadeFilm, Remaking, Video
from .playlists import Made

LOOKS_AFTER = timedelta(seconds=30)
# So many films of one wish are in work at a time; more would only fetch their originals earlier.
AT_ONCE = 20
FILMS_AT_ONCE = 500
# What is watched counts in seconds of the film: a conversion that is off by more would be another film.
OFF_BY_MS = 1_000
# An address that is just being written when the film changes shows what was before, too; besides as long as whoever
# lets people in remembers what was.
SPARE_S = 60
Outcome = RemadeFilm.Outcome


def carry_out(row: Remaking) -> None:
    """Look after a claimed conversion of many: list its films, note what came to its end, begin the next."""
    if row.listed_at is None:
        _list(row)
    _settle(row)
    _begin_next(row)
    if row.items.open().exists():
        # As if it were new: what failed in a look of before says nothing of those to come.
        row.wait_for_others(LOOKS_AFTER)


def _list(row: Remaking) -> None:
    films = Video.objects.ready().kept().order_by("pk")
    if row.films == Remaking.Films.LIST:
        films = films.filter(pk__in=row.listed)
    elif row.films == Remaking.Films.RULES:
        films = films.filter(rules__lt=ladder.RULES)
    found: list[Video] = []
    for at, film in enumerate(films.prefetch_related("renditions").iterator(FILMS_AT_ONCE), start=1):
        if row.films != Remaking.Films.MISSING or lacks_something(film):
            found.append(film)
        if at % FILMS_AT_ONCE == 0:
            row.items.put(row, found)
            found = []
            row.heartbeat()
    row.items.put(row, found)
    failpoints.reach("videos.remaking_listed")
    row.note_listed()


def lacks_something(film: Video) -> bool:
    """Whether a size or sound that today's ladder gives this film is not there, or its files are not."""
    names = {rendition.name for rendition in film.renditions.all()}
    wanted = {rung.name for rung in ladder.rungs(plans.read(film.plan).probe.source)} if film.plan else names
    folder = shelves.film_folder(film.asset, film.output)
    return not wanted <= names or not all((folder / name / "index.m3u8").is_file() for name in wanted | names)


def _settle(row: Remaking) -> None:
    """Write down what came of conversions that have ended, and let them go."""
    row.items.open().filter(film=None).end(Outcome.SKIPPED, "removed")
    for copy in row.copies().filter(state__in=[Video.State.READY, Video.State.FAILED, Video.State.CANCELLED]):
        mine = row.items.filter(film=copy.made_for_id)
        if copy.is_ready:
            mine.end(Outcome.MADE)
        elif copy.state == Video.State.FAILED:
            mine.end(Outcome.FAILED, copy.failure_code, copy.failure_detail)
        else:
            mine.end(Outcome.SKIPPED, "removed")
    _let_copies_go()


def _let_copies_go() -> None:
    # Also those that another worker wrote down before it died, or whose conversion of many was ended, or died.
    ended = Video.objects.settled_copies()
    for copy in ended.exclude(made_for__in=_under_way()).select_related("made_for"):
        # Held, it is made anew by nobody else meanwhile, whose files would lie there as well.
        with holding(copy.made_for) as film:
            if film is None or not ended.filter(pk=copy.pk).delete()[0]:
                continue
            shelves.forget_other_outputs(film.asset, film.output, film.former_output)
        shelves.forget_refused(copy.pk)


def _under_way() -> "QuerySet[Any, Any]":
    # Without the removed: of a list with an empty place the database cannot say what is not on it.
    return RemadeFilm.objects.begun().exclude(film=None).values("film")


def _begin_next(row: Remaking) -> None:
    with row.fenced() as held:
        if held.is_paused:
            return
        room = AT_ONCE - held.items.begun().count()
        # The files of before are still played where a film was made anew a moment ago: it waits.
        waiting = held.items.open().filter(begun_at=None).exclude(film__former_until__isnull=False)
        for item in waiting.select_related("film")[: max(0, room)]:
            _begin(held.items.filter(pk=item.pk), item.film)


def _begin(item: Any, film: Video | None) -> None:
    with holding(film) as held:
        if held is None or PutAway.objects.filter(video=held).exists():
            item.end(Outcome.SKIPPED, "removed")
        elif not held.is_ready:
            item.end(Outcome.SKIPPED, "not_ready")
        else:
            Video.objects.begin_anew(held)
            item.note_begun()


def share_original(film: Video, copy: Video) -> None:
    """The original of a film as that of its other conversion: a second name, where the disk knows such."""
    target = shelves.original(copy.pk)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    shelves.link_or_copy(shelves.original(film.pk), target)


@contextmanager
def holding(film: Video | None) -> Iterator[Video | None]:
    """The film that is made anew, until the end of this transaction; None where there is none."""
    with transaction.atomic():
        yield film and Video.objects.select_for_update(no_key=True).filter(pk=film.pk).first()


def must_be_as_long(film: Video, made: list[Made]) -> None:
    """Raises FilmRefused where it came out as another film than the one that was watched."""
    found = max(one.duration_ms for one in made)
    if abs(found - (film.duration_ms or 0)) > OFF_BY_MS:
        raise FilmRefused("other_length", f"{found} ms came out, {film.duration_ms} ms are played")


def put_in_place(film: Video, copy: Video) -> Video:
    """What was made is the film from now on. Both are held."""
    copy.refresh_from_db()
    spare_s = SPARE_S + settings.KEZHAN_RIGHT_REMEMBERED_S
    film.take_over(copy, timezone.now() + timedelta(seconds=playback.lives_s(film) + spare_s))
    RemadeFilm.objects.filter(film=film).end(Outcome.MADE)
    return film


def stop(film: Video, by: Any) -> None:
    """Its creator removes it: nobody makes it anew. Call with the film held."""
    for copy in Video.objects.filter(made_for=film, state__in=Video.IN_WORK):
        copy.cancel(by)


def forget_old_files() -> None:
    """Remove the files of before that no address shows any more, and what no conversion of many looks after."""
    _let_copies_go()
    for film in Video.objects.with_old_files()[:500]:
        shelves.forget_other_outputs(film.asset, film.output)
        film.let_old_files_go()
