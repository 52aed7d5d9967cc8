"""What a film is, and whether it may be converted: the probe's answer, read with suspicion."""

import json
import math
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from . import boxes, failures, fence, sniff
from .failures import FilmRefused
from .ladder import Source

_VIDEO = frozenset(fence.VIDEO_CODECS.split(","))
_AUDIO = frozenset(fence.AUDIO_CODECS.split(","))
LIMITS = fence.Limits(wall_s=60, cpu_s=60, memory=2 * 1024**3, file_bytes=1024**2, nice=0)
HDR_TRANSFERS = ("smpte2084", "arib-std-b67")
# More streams than this of any kind is an attack, whatever they hold; subtitles and data are dropped.
MOST_STREAMS_OF_ANY_KIND = 64
# Even a still picture needs more than this: the stated length is a lie that would cost hours to find out.
LEAST_BITS_A_SECOND = 300


@dataclass(frozen=True)
class Probe:
    """The source, and which of its streams are used (counted among those of their kind, as in `0:v:1`)."""

    source: Source
    picture_at: int = 0
    sound_at: int = 0


@dataclass(frozen=True)
class KeyFrames:
    """The longest stretch between two of them, and when they stand (one a second at most), all in seconds."""

    gap_s: float
    times: list[float]


def probe(folder: Path, *, on_tick: fence.Tick | None = None) -> Probe:
    """Look at `folder/in.bin`. Raises FilmRefused with the reason."""
    film = folder / "in.bin"
    with film.open("rb") as file:
        if not sniff.is_film(file.read(sniff.HEAD_BYTES)):
            raise FilmRefused("not_a_film", "its first bytes are those of no container that we take")
    if missing := boxes.missing_bytes(film):
        raise FilmRefused("truncated", f"{missing} bytes are missing at the end")
    try:
        ended = fence.probe(folder, LIMITS, on_tick)
    except fence.OutputTooLarge:
        raise FilmRefused("too_many_streams", "the probe had more to say than it may") from None
    if ended.timed_out:
        raise FilmRefused("timed_out", "probing took too long")
    if ended.code != 0:
        code = "truncated" if "moov atom not found" in ended.errors else "not_a_film"
        raise FilmRefused(code, ended.errors or f"the probe ended with {ended.code}")
    told = json.loads(ended.out)
    told.setdefault("format", {})["size"] = film.stat().st_size
    return read(told)


def key_frames(folder: Path, *, on_tick: fence.Tick | None = None) -> KeyFrames | None:
    """Those of `folder/in.bin`; None when the file does not say."""
    ended = fence.key_frames(folder, LIMITS, on_tick)
    if ended.code != 0 or ended.timed_out:
        return None
    told = json.loads(ended.out)
    return KeyFrames(float(told["gap_s"]), told["times"]) if told else None


def read(told: dict[str, Any]) -> Probe:
    """Judge what the probe told (ffprobe's JSON, or our own of the same shape). Raises FilmRefused."""
    streams = told.get("streams", [])
    pictures = [stream for stream in streams if stream.get("codec_type") == "video"]
    sounds = [stream for stream in streams if stream.get("codec_type") == "audio"]
    # Cover art looks like a film of one picture; it is not counted, but it keeps its place in the numbering.
    moving = [stream for stream in pictures if not stream.get("disposition", {}).get("attached_pic")]
    count = int(told.get("format", {}).get("nb_streams") or len(streams))
    if count > MOST_STREAMS_OF_ANY_KIND or len(moving) + len(sounds) > failures.MOST_STREAMS:
        raise FilmRefused("too_many_streams", f"{count} streams")
    if not moving and not sounds:
        raise FilmRefused("empty")
    picture, sound = _first(moving, _VIDEO), _first(sounds, _AUDIO)
    if moving and picture is None:
        raise FilmRefused("no_video_stream", f"codec {moving[0].get('codec_name')}")
    if picture is None and sound is None:
        raise FilmRefused("empty", f"codec {sounds[0].get('codec_name')}")
    source = _source(told, picture, sound)
    _check(source, picture, int(told.get("format", {}).get("size") or 0))
    return Probe(source, pictures.index(picture) if picture else 0, sounds.index(sound) if sound else 0)


def _first(streams: list[dict[str, Any]], codecs: frozenset[str]) -> dict[str, Any] | None:
    return next((stream for stream in streams if stream.get("codec_name") in codecs), None)


def _source(told: dict[str, Any], picture: dict[str, Any] | None, sound: dict[str, Any] | None) -> Source:
    width, height = _shown_size(picture, _rotation(told, picture)) if picture else (0, 0)
    fps = _fraction((picture or {}).get("avg_frame_rate")) or _fraction((picture or {}).get("r_frame_rate"))
    return Source(
        duration_ms=round(_duration_s(told, picture, sound) * 1000),
        width=width,
        height=height,
        fps=fps,
        has_video=picture is not None,
        has_audio=sound is not None,
        is_hdr=(picture or {}).get("color_transfer") in HDR_TRANSFERS,
    )


def _duration_s(told: dict[str, Any], *streams: dict[str, Any] | None) -> float:
    said = [told.get("format", {}).get("duration"), *((stream or {}).get("duration") for stream in streams)]
    seconds = [float(value) for value in said if value not in (None, "", "N/A")]
    # A header may say that the film is endless, no number at all, or shorter than nothing.
    if any(math.isinf(value) and value > 0 for value in seconds):
        raise FilmRefused("too_long", "it says that it never ends")
    believable = [value if value > 0 else 0.0 for value in seconds]
    return max(believable[:1] or [0.0]) or max(believable, default=0.0)


def _shown_size(picture: dict[str, Any], degrees: int) -> tuple[int, int]:
    """Size in square pixels, turned upright."""
    across = _fraction(picture.get("sample_aspect_ratio"), divider=":") or Fraction(1)
    width, height = int(picture.get("width") or 0), int(picture.get("height") or 0)
    width = round(width * across) if Fraction(1, 4) <= across <= 4 else width
    return (height, width) if degrees % 180 == 90 else (width, height)


def _rotation(told: dict[str, Any], picture: dict[str, Any] | None) -> int:
    if "rotation" in told:
        return int(told["rotation"])
    sides = (picture or {}).get("side_data_list", [])
    return next((int(side["rotation"]) for side in sides if "rotation" in side), 0)


def _fraction(text: Any, divider: str = "/") -> Fraction:
    over, _, under = str(text or "0").partition(divider)
    try:
        return Fraction(int(over), int(under or 1))
    except (ValueError, ZeroDivisionError):
        return Fraction(0)


def _check(source: Source, picture: dict[str, Any] | None, size: int) -> None:
    if source.duration_ms > failures.LONGEST_S * 1000:
        raise FilmRefused("too_long", f"{source.duration_ms} ms")
    if size and source.duration_ms > 60_000 and size * 8000 / source.duration_ms < LEAST_BITS_A_SECOND:
        raise FilmRefused("truncated", f"{size} bytes for {source.duration_ms} ms")
    if picture is None:
        return
    # The stored size counts as well as the shown one: it is what the decoder must hold.
    stored = (int(picture.get("width") or 0), int(picture.get("height") or 0))
    for width, height in (stored, (source.width, source.height)):
        if max(width, height) > failures.WIDEST_SIDE or width * height > failures.MOST_PIXELS:
            raise FilmRefused("too_many_pixels", f"{width}×{height}")
        if min(width, height) < 2:
            raise FilmRefused("no_video_stream", f"{width}×{height}")
    if source.fps > failures.MOST_FPS:
        raise FilmRefused("too_many_frames", f"{float(source.fps):.1f} a second")
