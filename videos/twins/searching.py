"""A film's keys asked of the index, stretch by stretch, and what answers compared second by second. Bounded in time."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from ..models import TwinKey, TwinPrint
from . import judging, pairing, pictures, sounds, votes
from .asking import Asked, Hit, Kept, Line
from .drawing import Drawn
from .judging import Run
from .pairing import Twin

log = logging.getLogger(__name__)

STRETCH_S = 30
# A search that takes longer says what it has found so far.
MOST_SECONDS = 300.0
EIGHTHS = 8
_SOUND_BUCKETS = 1 << 27
KEYS_A_QUESTION = 4_000


class Film:
    """A drawn film, ready to be asked about."""

    def __init__(self, drawn: Drawn) -> None:
        self.frames = pictures.frames(drawn.pictures)
        self.rows = sounds.by_pitch(drawn.sound)

    @property
    def length_s(self) -> float:
        return max(len(self.frames) / pictures.RATE, len(self.rows[0]) / sounds.RATE)

    def keys(self) -> Iterator[tuple[int, int, int]]:
        """(bucket, eighth of a second, cut) of all that is kept in the index."""
        for one in pictures.keys_to_keep(self.frames):
            yield _place(one, 0)
        for one in sounds.keys_to_keep(self.rows[0]):
            yield _place(one, _SOUND_BUCKETS)


def _place(one: Kept, first: int) -> tuple[int, int, int]:
    return first + one.key, round(one.at_s * EIGHTHS), one.cut


class Search:
    """One film against all that others have in the index."""

    def __init__(self, twin_print: TwinPrint, film: Film, on_tick: Callable[[float], None]) -> None:
        self.print, self.film, self.on_tick = twin_print, film, on_tick
        self.owner_id = twin_print.video.owner_id
        self.until = time.monotonic() + MOST_SECONDS
        self.pictures: list[Run] = []
        self.sounds: list[Run] = []
        self.compared_s = 0.0
        self._tracks = lru_cache(maxsize=4)(_tracks)

    def twins(self) -> list[Twin]:
        """What is worth a person's eye, by time."""
        for start in range(0, int(self.film.length_s) + 1, STRETCH_S):
            if time.monotonic() > self.until:
                log.warning("film_compared_in_part", extra={"pk": str(self.print.video_id), "second": start})
                break
            self._look_at(start, start + STRETCH_S)
            self.compared_s = min(start + STRETCH_S, self.film.length_s)
            self.on_tick(self.compared_s)
        found = pairing.paired(self.pictures, self.sounds)
        owners = dict(
            TwinPrint.objects.filter(pk__in={one.print_id for one in found}).values_list("pk", "video__owner_id")
        )
        found = [twin for twin in found if twin.print_id in owners and self._is_worth(twin)]
        return sorted(pairing.without_common_sounds(found, owners), key=lambda twin: twin.start_s)

    def _look_at(self, start: int, end: int) -> None:
        frames, rows = self.film.frames, self.film.rows
        seen = pictures.keys_to_ask(frames, start * pictures.RATE, min(end * pictures.RATE, len(frames)))
        for line in votes.lines(self._hits(seen, 0)):
            self._follow(line, self.pictures, judging.PICTURES)
        heard = sounds.keys_to_ask(rows, start * sounds.RATE, min(end * sounds.RATE, len(rows[0])))
        for line in votes.lines(self._hits(heard, _SOUND_BUCKETS)):
            self._follow(line, self.sounds, judging.SOUNDS)

    def _hits(self, asked: Iterable[Asked], first: int) -> Iterator[Hit]:
        all_asked = list(asked)
        for at in range(0, len(all_asked), KEYS_A_QUESTION):
            some = all_asked[at : at + KEYS_A_QUESTION]
            shared = TwinKey.objects.shared([first + one.key for one in some], not_of=self.owner_id)
            for number, print_id, eighth, cut in shared:
                yield Hit(some[number], print_id, eighth / EIGHTHS, cut)

    def _follow(self, line: Line, known: list[Run], rule: judging.Rule) -> None:
        there = line.speed * line.seed_s + line.start_s
        if pairing.is_known(line.print_id, line.seed_s, there, known):
            return
        theirs_seen, theirs_heard = self._tracks(line.print_id)
        if rule is judging.PICTURES:
            mine = pictures.cut_track(self.film.frames, line.my_cut, is_mirrored=line.is_mirrored)
            found = judging.run(mine, pictures.track(theirs_seen, line.cut), line, rule)
        else:
            found = judging.run(self.film.rows[line.pitch], sounds.track(theirs_heard), line, rule)
        if found is not None:
            known.append(found)

    def _is_worth(self, twin: Twin) -> bool:
        cells = [frame[0] for frame in self.film.frames] or pictures.track(self._tracks(twin.print_id)[0], 0)
        return pairing.worth_an_eye(twin, cells, self.film.rows[0], (pictures.RATE, sounds.RATE))


def _tracks(print_id: int) -> tuple[bytes, bytes]:
    """What is kept of another film; nothing when it was removed meanwhile."""
    kept = TwinPrint.objects.filter(pk=print_id).values_list("pictures", "sound").first()
    return (bytes(kept[0]), bytes(kept[1])) if kept else (b"", b"")
