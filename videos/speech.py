"""Speech to text as a plug-in: what the function named by KEZHAN_TRANSCRIBER is given, and what it must give back.

    def transcribe(sound: Sound, tick: Callable[[], None]) -> Iterable[tuple[float, float, str]]: ...

It returns (start, end, words) of each line, in seconds of the film and in their order. It calls `tick()` at least every
five minutes: whoever is silent for ten is taken for dead, and the work is given to another. What it raises is another
try later, three in all. It runs in the worker's own process, with the worker's rights: name only code that you trust.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from . import captions
from .cues import Cue

Line = tuple[float, float, str]


@dataclass(frozen=True)
class Sound:
    """A WAV of one channel, 16 bits, 16 kHz, that is gone when the function has returned; its language as BCP 47."""

    path: Path
    language: str
    length_s: float


Transcriber = Callable[[Sound, Callable[[], None]], Iterable[Line]]


class BadAnswer(Exception):
    """The plug-in gave something else than lines in time."""


def is_offered() -> bool:
    return bool(settings.KEZHAN_TRANSCRIBER)


def transcriber() -> Transcriber:
    """Raises ImportError when there is none under that name."""
    return cast(Transcriber, import_string(settings.KEZHAN_TRANSCRIBER))


def cues_of(lines: Iterable[Line], length_s: float) -> list[Cue]:
    """What we keep of an answer: plain words, inside the film, in order. Raises BadAnswer."""
    found = []
    for at, line in enumerate(lines):
        try:
            start, end, words = float(line[0]), float(line[1]), captions.plain(str(line[2]))
        except (TypeError, ValueError, IndexError) as error:
            raise BadAnswer(f"line {at + 1} is not (start, end, words)") from error
        if not (math.isfinite(start) and math.isfinite(end)) or end < start:
            raise BadAnswer(f"line {at + 1} goes from {start} to {end}")
        if at >= captions.MOST_CUES:
            raise BadAnswer(f"more than {captions.MOST_CUES} lines")
        cue = Cue(round(max(0.0, start) * 1000), round(min(length_s, end) * 1000), words)
        if words and cue.start_ms < cue.end_ms:
            found.append(cue)
    return sorted(found, key=lambda cue: (cue.start_ms, cue.end_ms))
