"""Captions as lines in time: read from and written to the WebVTT that we keep. Pure: no file, no row."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass

_TIMES = re.compile(r"^(?:(\d+):)?(\d{2}):(\d{2})\.(\d{3}) --> (?:(\d+):)?(\d{2}):(\d{2})\.(\d{3})")


@dataclass(frozen=True)
class Cue:
    """One line that stands from `start_ms` to `end_ms`; `text` is plain, with line breaks."""

    start_ms: int
    end_ms: int
    text: str

    @property
    def start_s(self) -> float:
        return self.start_ms / 1000

    @property
    def letters_a_second(self) -> float:
        """How fast it must be read; a Chinese sign counts as two letters, since it says as much."""
        letters = sum(2 if sign > "\u2e7f" else 1 for sign in self.text if not sign.isspace())
        return letters * 1000 / max(1, self.end_ms - self.start_ms)


def read(webvtt: str) -> list[Cue]:
    """The cues of a text that `write` wrote; anything else in it is passed over."""
    found = []
    for block in webvtt.split("\n\n"):
        first, _break, text = block.strip("\n").partition("\n")
        if (times := _TIMES.match(first)) and text:
            found.append(Cue(_ms(times.groups()[:4]), _ms(times.groups()[4:]), html.unescape(text)))
    return found


def covered_ms(cues: Iterable[Cue], end_ms: int) -> int:
    """For how long until `end_ms` at least one line stands."""
    covered = until = 0
    for cue in sorted(cues, key=lambda cue: cue.start_ms):
        begin, end = max(cue.start_ms, until), min(cue.end_ms, end_ms)
        covered += max(0, end - begin)
        until = max(until, end)
    return covered


def write(cues: Iterable[Cue]) -> str:
    blocks = [f"{clock(cue.start_ms)} --> {clock(cue.end_ms)}\n{html.escape(cue.text, quote=False)}" for cue in cues]
    return "WEBVTT\n\n" + "\n\n".join(blocks) + "\n"


def clock(ms: int) -> str:
    """`hh:mm:ss.mmm`"""
    seconds, ms = divmod(ms, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{ms:03d}"


def _ms(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, ms = (int(part or 0) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms
