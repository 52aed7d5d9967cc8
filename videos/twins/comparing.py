"""One film compared with all others: draw its print, put it into the index, search, write down what was found.

Its own keys are committed before it searches, so of two films that come at once at least one sees the other.
"""

import time

from marketplace.lib import failpoints

from .. import fence
from ..models import TwinPrint, Video
from . import drawing, evidence, pictures, sounds
from .searching import Film, Search

BEAT_S = 20.0


def compare(twin_print: TwinPrint, *, search: type[Search] = Search) -> None:
    """Bring a claimed print to its end."""
    video = Video.objects.get(pk=twin_print.video_id)
    if not video.is_ready:
        return  # being converted anew: whoever adopts that asks again
    beat = _beat(twin_print)
    film = Film(drawing.draw(video, on_tick=beat))
    packed = {"pictures": pictures.packed(film.frames), "sound": sounds.packed(film.rows[0])}
    twin_print.index(output=video.output, keys=film.keys(), **packed)
    failpoints.reach("videos.print_indexed")
    looking = search(twin_print, film, beat)
    evidence.record(twin_print, video, looking.twins(), looking.compared_s)


def _beat(twin_print: TwinPrint) -> fence.Tick:
    told_at = time.monotonic()

    def beat(_done_s: float) -> None:
        nonlocal told_at
        if time.monotonic() - told_at > BEAT_S:
            twin_print.heartbeat()
            told_at = time.monotonic()

    return beat
