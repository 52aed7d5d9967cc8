"""Where a film can be entered; a film whose file does not say (MPEG-TS, FLV, AVI, a recording that was broken off) is
copied into one that does: the same pictures and sounds, nothing decoded.

So it can be cut into chunks like any other. The copy lies beside its chunks and goes with them.
"""

import logging
from dataclasses import dataclass, replace
from pathlib import Path

from . import boxes, fence, probing, shelves
from .failures import FilmRefused
from .judging import SHORT_MS, SHORT_SHARE
from .probing import KeyFrames, Probe

log = logging.getLogger(__name__)
# What takes most, with exact times, before what takes nearly everything, with times of a millisecond.
CONTAINERS = ("mov", "matroska")
# Slower than this it comes from somewhere where chunks would read too slowly as well.
LEAST_BYTES_A_SECOND = 4_000_000


@dataclass(frozen=True)
class Entries:
    """`probe` is of the file that workers read: the copy where `is_copy`, else the original."""

    probe: Probe
    keys: KeyFrames | None
    is_copy: bool = False


def of(job: Path, probe: Probe, place: Path, beat: fence.Tick) -> Entries:
    """Of the film in job/in.bin; a copy that can be entered is left at `place`, whole or not at all."""
    keys = probing.key_frames(job, on_tick=beat) if boxes.has_cues(job / "in.bin") else None
    if keys is not None:
        return Entries(probe, keys)
    for container in CONTAINERS:
        if (copied := _copied(job, probe, container, place, beat)) is not None:
            return copied
    return Entries(probe, None)


def _copied(job: Path, probe: Probe, container: str, place: Path, beat: fence.Tick) -> Entries | None:
    studio = job / container
    studio.mkdir()
    shelves.link_or_copy(job / "in.bin", studio / "in.bin")
    size = (studio / "in.bin").stat().st_size
    shelves.require_space(size)
    ended = fence.copy(studio, _arguments(probe, container), _limits(size), on_tick=beat)
    if shelves.is_full(studio):
        # Of a full disk ffmpeg says as little as of a container that does not hold the film; another try may.
        raise shelves.NoSpace
    if ended.code != 0 or not (studio / "copy.bin").is_file():
        log.info("film_not_copied", extra={"container": container, "why": ended.errors[-400:]})
        return None
    (studio / "copy.bin").replace(studio / "in.bin")
    entries = _looked_at(studio, probe, beat)
    if entries is not None:
        place.parent.mkdir(parents=True, exist_ok=True)
        (studio / "in.bin").replace(place)
    return entries


def _arguments(probe: Probe, container: str) -> list[str]:
    source = probe.source
    maps = ["-map", f"0:v:{probe.picture_at}"] + (["-map", f"0:a:{probe.sound_at}"] if source.has_audio else [])
    return [*maps, "-c", "copy", "-f", container, "copy.bin"]


def _limits(size: int) -> fence.Limits:
    seconds = 120 + size / LEAST_BYTES_A_SECOND
    return fence.Limits(wall_s=seconds, cpu_s=int(seconds), file_bytes=size + size // 8 + 64 * 1024**2)


def _looked_at(studio: Path, before: Probe, beat: fence.Tick) -> Entries | None:
    """None unless the copy is the same film in its whole length."""
    try:
        probe = probing.probe(studio, on_tick=beat)
    except FilmRefused:
        return None
    keys = probing.key_frames(studio, on_tick=beat)
    if keys is None or not _is_same(before, probe):
        return None
    # What the original says of itself stands: frames are made at its rate, as of a film in one piece.
    source = replace(before.source, duration_ms=before.source.duration_ms or probe.source.duration_ms)
    return Entries(replace(probe, source=source), keys, is_copy=True)


def _is_same(before: Probe, now: Probe) -> bool:
    was, is_ = before.source, now.source
    if (was.width, was.height, was.has_audio, was.is_hdr) != (is_.width, is_.height, is_.has_audio, is_.is_hdr):
        return False
    # A recording that was broken off says no length; then the copy's is the first that anybody knows.
    may_differ = max(SHORT_MS, was.duration_ms * SHORT_SHARE)
    return not was.duration_ms or abs(was.duration_ms - is_.duration_ms) <= may_differ
