"""From finished chunks to the rungs of a film: pieces under one roof, lists written anew, nothing encoded again."""

from collections.abc import Callable
from pathlib import Path

from . import judging, playlists, shelves
from .ladder import Rung
from .models import Video, VideoChunk
from .plans import Plan
from .playlists import Made
from .precheck.measuring import Heard

Kind = VideoChunk.Kind


class ChunksDoNotFit(Exception):
    """Frames are missing at a seam, or a chunk's encoder chose other settings: no player would pass over it."""


def join(video: Video, plan: Plan, out: Path, on_tick: Callable[[float], None]) -> list[Made]:
    """All rungs of the film in `out`. Raises ChunksDoNotFit; FilmRefused when the whole ends too early."""
    chunks = list(video.chunks.made().order_by("number", "kind"))
    _check_frames(plan, chunks)
    for rung in plan.rungs:
        (out / rung.name).mkdir()
        holding = [chunk for chunk in chunks if rung.name in chunk.rungs]
        _join(rung, [shelves.chunk_folder(video.pk, chunk.output) for chunk in holding], out / rung.name, on_tick)
    made = [one for one in (playlists.measure(out, rung) for rung in plan.rungs) if one]
    judging.judge_length(plan.probe, made)
    judging.judge_rungs(plan.rungs, made)
    return made


def heard(video: Video) -> Heard:
    """What was noticed of the sound while it was encoded."""
    sound = video.chunks.made().filter(kind=Kind.SOUND).first()
    return Heard.read(sound.told["heard"]) if sound and sound.told else Heard()


def _check_frames(plan: Plan, chunks: list[VideoChunk]) -> None:
    """Every chunk is full but the one in which the film ends, and those behind it are empty."""
    for rung in plan.pictures:
        has_ended = False
        for span in plan.spans:
            count = next(
                chunk.told["frames"][rung.name]
                for chunk in chunks
                if chunk.number == span.number and chunk.told and rung.name in chunk.told.get("frames", {})
            )
            if (has_ended and count) or (span.count is not None and count > span.count):
                raise ChunksDoNotFit(f"{rung.name}: {count} frames in chunk {span.number}")
            has_ended = has_ended or span.count is None or count < span.count


def _join(rung: Rung, folders: list[Path], target: Path, on_tick: Callable[[float], None]) -> None:
    if rung.kind == "audio":  # made as a whole
        _link_all(folders[0] / rung.name, target)
        return
    init = (folders[0] / rung.name / "init.mp4").read_bytes()
    (target / "init.mp4").write_bytes(init)
    spans: list[tuple[str, float]] = []
    for folder in folders:
        place = folder / rung.name
        pieces = [(name, seconds) for name, seconds in playlists.segments(place) if (place / name).is_file()]
        if pieces and (place / "init.mp4").read_bytes() != init:
            raise ChunksDoNotFit(f"{rung.name}: {folder.name} begins in another way")
        for name, _ in pieces:
            shelves.link_or_copy(place / name, target / name)
        spans += pieces
        on_tick(0)
    (target / "index.m3u8").write_text(playlists.media(spans))


def _link_all(place: Path, target: Path) -> None:
    for file in place.iterdir():
        shelves.link_or_copy(file, target / file.name)
