"""One reading of our own smallest picture, inside the fence: what of it is black or stands still, and the storyboard.

Of a usual film only the frames are decoded from which others are made, and their edges are not smoothed: what is
looked for lasts seconds, what is drawn is small, and all of a film is decoded for it.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from . import fence, storyboard
from .playlists import Made
from .precheck import measuring
from .precheck.measuring import Seen

# In a film of fewer frames a second, leaving some out would move what is found by more than a moment.
SKETCHED_FROM_FPS = 12


@dataclass(frozen=True)
class Glance:
    seen: Seen
    has_storyboard: bool


def take(job: Path, made: list[Made], *, on_tick: fence.Tick | None = None) -> Glance:
    """Of the rungs below job/out; writes out/storyboard/. Nothing is seen of a film without a picture."""
    smallest = next((one for one in made if one.rung.kind == "video"), None)
    if smallest is None:
        return Glance(Seen(), False)
    studio = job / "glance"
    studio.mkdir()
    measuring.whole(job / "out" / smallest.rung.name, studio / "in.bin")
    graph = f"[0:v:0]split[seen][drawn];[seen]{measuring.LOOK}[out];[drawn]{storyboard.drawing(smallest)}[sheets]"
    found = measuring.measure(
        studio,
        graph,
        smallest.duration_ms,
        on_tick,
        besides=["-map", "[sheets]", *storyboard.OUTPUT],
        is_sketch=smallest.rung.fps >= SKETCHED_FROM_FPS,
    )
    has_storyboard = found is not None and storyboard.keep(studio, job / "out" / "storyboard", smallest)
    shutil.rmtree(studio)
    return Glance(measuring.seen(found, smallest.duration_ms), has_storyboard)
