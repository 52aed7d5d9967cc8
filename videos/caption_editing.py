"""Editing the cues of one language: the text that a form sends, what is wrong with it cue by cue, what may be improved.

The text is blocks of `start --> end` and lines below, as the page's own editor writes them and as a person can by hand.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import captions, cues
from .cues import Cue
from .forms import LANGUAGES
from .models import Caption, Video

# Faster than this few people can read: letters a second. Source: the usual limit for adult programs, 20.
FAST = 20
LONG_LINE = 42
# How long the first cue of new captions stands, to begin with.
FIRST_MS = 2000
_TIME = re.compile(r"^\s*(?:(\d{1,2}):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,3}))?\s*$")


@dataclass
class Line:
    """One cue as it was written: times in words, so that a mistake can be shown as it was typed."""

    start: str
    end: str
    text: str

    @property
    def times(self) -> tuple[int, int] | None:
        start, end = ms_of(self.start), ms_of(self.end)
        return None if start is None or end is None else (start, end)


@dataclass
class Asked:
    """What the editor's form sent: the cues as text, the revision that they were read at, a shift of all in seconds."""

    lines: list[Line]
    revision: int
    shift_ms: int | None
    shift: str = ""

    @classmethod
    def kept(cls, caption: Caption) -> Self:
        """As the editor opens: what is saved, or one cue without words where nothing is."""
        return cls(lines_of(caption) or [Line(shown(0), shown(FIRST_MS), "")], caption.revision, 0)

    @classmethod
    def of(cls, sent: Mapping[str, Any]) -> Self:
        blocks = re.split(r"\n\s*\n", sent.get("cues", "").replace("\r\n", "\n").strip())
        revision = sent.get("revision", "")
        lines = [_line(block.strip()) for block in blocks if block.strip()]
        shift = sent.get("shift", "")
        return cls(lines, int(revision) if revision.isdecimal() else 0, shift_of(shift), shift)

    @classmethod
    def of_cues(cls, cues: Iterable[Mapping[str, Any]], revision: int) -> Self:
        """The same of cues with start_ms, end_ms and text."""
        lines = [Line(shown(cue["start_ms"]), shown(cue["end_ms"]), captions.plain(cue["text"])) for cue in cues]
        return cls(lines, revision, 0)

    @property
    def text(self) -> str:
        return text_of(self.lines)

    def mistakes(self, film: Video) -> list[str]:
        """A sentence for each thing that cannot be saved."""
        found = [] if self.shift_ms is not None else [_("Say the shift in seconds, as 1.5 or -0.3.")]
        if not any(line.text for line in self.lines):
            found.append(_("There are no cues left. Remove these captions instead, if that is meant."))
        if len(self.lines) > captions.MOST_CUES:
            found.append(_("Captions may have up to 20,000 cues."))
        for number, line in enumerate(self.lines, 1):
            if why := _what_is_wrong(line):
                found.append(_("Cue %(number)d: %(why)s") % {"number": number, "why": why})
        if not found and (lost := self._lost):
            found.append(_lost_words(lost))
        return found[:20]

    @property
    def _lost(self) -> int:
        """How many cues the shift moves to before the film's beginning."""
        by = self.shift_ms or 0
        return sum(1 for line in self.lines if line.text and line.times and line.times[1] + by <= 0)

    def cues(self) -> list[Cue]:
        """In the order of time, shifted; what the shift would begin before the film is cut there. Without mistakes."""
        by = self.shift_ms or 0
        times = [(line.times or (0, 0), line.text) for line in self.lines if line.text]
        moved = [Cue(max(0, start + by), end + by, text) for (start, end), text in times]
        return sorted(moved, key=lambda cue: (cue.start_ms, cue.end_ms))


def write(caption: Caption, asked: Asked) -> None:
    """Replace the cues by those without mistakes, or keep the first ones. Raises CaptionChanged."""
    written = asked.cues()
    webvtt, count = cues.write(written), len(written)
    if caption.pk is None:
        Caption.objects.write(caption, webvtt=webvtt, cues_count=count)
    else:
        caption.rewrite(webvtt, count, asked.revision)


def caption_of(film: Video, language: str) -> Caption | None:
    """The captions of that language, or new ones that nobody has saved yet; None in a language that is not offered."""
    found = film.captions.filter(language=language).first()
    if found is None and film.is_ready and language in dict(LANGUAGES):
        return Caption(video=film, language=language, label=captions.name_of(language), revision=0)
    return found


def lines_of(caption: Caption) -> list[Line]:
    return [Line(shown(cue.start_ms), shown(cue.end_ms), cue.text) for cue in cues.read(caption.webvtt)]


def text_of(lines: Iterable[Line]) -> str:
    return "\n\n".join(f"{line.start} --> {line.end}\n{line.text}" if line.end else line.start for line in lines)


def hard_to_read(caption: Caption) -> int:
    """How many cues have a hint."""
    found = cues.read(caption.webvtt)
    return sum(bool(hints_for(cue, after)) for cue, after in zip(found, [*found[1:], None], strict=False))


def hints_for(cue: Cue, following: Cue | None) -> list[str]:
    """What makes a cue hard to read; nothing of it forbids to save."""
    found = []
    if cue.letters_a_second > FAST:
        found.append(_("Too fast to read: %(speed)d letters a second.") % {"speed": round(cue.letters_a_second)})
    if any(len(line) > LONG_LINE for line in cue.text.splitlines()):
        found.append(_("A line of more than %(most)d letters.") % {"most": LONG_LINE})
    if following is not None and following.start_ms < cue.end_ms:
        found.append(_("The next cue begins before this one ends."))
    return found


def shown(ms: int) -> str:
    """`m:ss.mmm`, with hours from an hour on."""
    seconds, rest = divmod(ms, 1000)
    hours, minutes = divmod(seconds // 60, 60)
    return f"{f'{hours}:{minutes:02d}' if hours else minutes}:{seconds % 60:02d}.{rest:03d}"


def ms_of(words: str) -> int | None:
    """Milliseconds of `1:02:03.456`, `2:03.4`; None for anything else."""
    found = _TIME.match(words)
    if found is None or int(found[3]) > 59:
        return None
    hours, minutes, seconds = int(found[1] or 0), int(found[2]), int(found[3])
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + int((found[4] or "0").ljust(3, "0"))


def _line(block: str) -> Line:
    times, _break, text = block.partition("\n")
    start, arrow, end = times.partition("-->")
    return Line(start.strip(), end.strip(), captions.plain(text)) if arrow else Line(block, "", "")


def _lost_words(n: int) -> str:
    return ngettext(
        "With this shift %(n)d cue would lie before the film begins. Remove it first, or shift by less.",
        "With this shift %(n)d cues would lie before the film begins. Remove them first, or shift by less.",
        n,
    ) % {"n": n}


def _what_is_wrong(line: Line) -> str:
    if line.times is None:
        return _("it begins with its times, as 1:23.4 --> 1:25.")
    if line.times[1] <= line.times[0]:
        return _("it ends before it begins.")
    if line.times[1] > captions.LONGEST_MS:
        return _("it is later than any film lasts.")
    return ""


def shift_of(words: str) -> int | None:
    """Milliseconds of "1.5", "-0,3" or ""; None for anything else."""
    found = re.match(r"^\s*([+-]?)(\d{0,5})(?:[.,](\d{1,3}))?\s*$", words)
    if found is None:
        return None
    ms = int(found[2] or 0) * 1000 + int((found[3] or "0").ljust(3, "0"))
    return -ms if found[1] == "-" else ms
