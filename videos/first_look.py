"""What is there of a film while the rest is encoded, for its creator alone: playlists written when they are asked for.

One size from the beginning to the first chunk that is missing. Until the sound of the whole film is made there is that
of the first chunk, not yet evened out, and the look ends with it.
"""

import re
from itertools import pairwise
from pathlib import Path

from django.urls import reverse

from . import plans, playlists, shelves
from .ladder import Rung
from .models import Video, VideoChunk
from .plans import PREVIEW_SOUND, Plan
from .playlists import Made

FILE = re.compile(r"master\.m3u8|(?P<rung>[va]\d{2,4}|sound)/(?P<name>index\.m3u8|init\.mp4|s\d{5}\.m4s)")
Kind = VideoChunk.Kind
Pieces = list[tuple[Path, str, float]]


def reached(video: Video) -> float:
    """How many seconds could be looked at now. For who has just made a chunk; pages read `video.look_s`."""
    numbers, has_sound = _numbers(video)
    spans = plans.read(video.plan).spans
    return sum(span.length_s for span in spans[: len(numbers) if has_sound else min(1, len(numbers))])


def length_s(video: Video) -> float:
    """How much of it can be looked at; 0 before the first chunk is made, and once the film is ready."""
    is_begun = video.plan is not None and video.state in (Video.State.TRANSCODING, Video.State.PAUSED)
    return video.look_s if is_begun else 0.0


def address(video: Video) -> str | None:
    """Of its master playlist; opened with its creator's own log-in."""
    return reverse("videos:look", args=[video.pk, "master.m3u8"]) if length_s(video) else None


def text(video: Video, file: str) -> str | None:
    """A playlist of it, None when there is no such one."""
    asked = FILE.fullmatch(file)
    if not asked or not file.endswith(".m3u8") or not length_s(video):
        return None
    plan = plans.read(video.plan)
    look = _look(video, plan)
    if not asked["rung"]:
        return playlists.master([_measured(rung, pieces) for rung, pieces in look])
    pieces = next((pieces for rung, pieces in look if rung.name == asked["rung"]), None)
    return None if pieces is None else playlists.media([(name, seconds) for _, name, seconds in pieces])


def path(video: Video, file: str) -> Path | None:
    """A piece of it, None when there is no such one."""
    asked = FILE.fullmatch(file)
    if not asked or not asked["rung"] or not length_s(video):
        return None
    pieces = next((found for rung, found in _look(video, plans.read(video.plan)) if rung.name == asked["rung"]), [])
    if asked["name"] == "init.mp4" and pieces:
        return pieces[0][0] / "init.mp4"
    return next((folder / name for folder, name, _ in pieces if name == asked["name"]), None)


def _numbers(video: Video) -> tuple[list[int], bool]:
    """The chunks that follow each other from the beginning, and whether the whole sound is there or none is needed."""
    made = list(video.chunks.made().values_list("kind", "number"))
    if (Kind.PREVIEW, 0) not in made:
        return [], False
    later = sorted(number for kind, number in made if kind == Kind.PICTURE and number)
    numbers = [0]
    for before, number in pairwise([0, *later]):
        if number != before + 1:
            break
        numbers.append(number)
    return numbers, (Kind.SOUND, 0) in made or not video.has_audio


def _look(video: Video, plan: Plan) -> list[tuple[Rung, Pieces]]:
    numbers, has_sound = _numbers(video)
    chunks = {(chunk.kind, chunk.number): chunk for chunk in video.chunks.made()}
    shown = numbers if has_sound else numbers[:1]
    rows = [chunks[Kind.PREVIEW if number == 0 else Kind.PICTURE, number] for number in shown]
    folders = [shelves.chunk_folder(video.pk, row.output) / plan.preview.name for row in rows]
    look = [(plan.preview, [piece for folder in folders for piece in _pieces(folder)])]
    if not plan.sounds:
        return look
    sound = plan.sounds[-1] if has_sound else Rung(PREVIEW_SOUND, "audio", plan.sounds[-1].bitrate)
    row = chunks[Kind.SOUND if has_sound else Kind.PREVIEW, 0]
    heard = _pieces(shelves.chunk_folder(video.pk, row.output) / sound.name)
    until, at = sum(seconds for _, _, seconds in look[0][1]), 0.0
    beside: Pieces = []
    for piece in heard:
        if at >= until:
            break
        beside.append(piece)
        at += piece[2]
    return [*look, (sound, beside)] if beside else look


def _pieces(folder: Path) -> Pieces:
    return [(folder, name, seconds) for name, seconds in playlists.segments(folder) if (folder / name).is_file()]


def _measured(rung: Rung, pieces: Pieces) -> Made:
    sizes = [((folder / name).stat().st_size, seconds) for folder, name, seconds in pieces]
    codec = playlists.codec_of(rung, pieces[0][0])
    return playlists.of_sizes(rung, sizes, codec)
