"""Captions that people send (SRT, WebVTT, ASS) are parsed here, and only what we write ourselves is ever served."""

import html
import re
from typing import IO, Any

import pysubs2
from babel import Locale, UnknownLocaleError
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from . import cues, moving
from .cues import Cue
from .models import Caption, Video

MOST_BYTES = 2 * 1024 * 1024
MOST_CUES = 20_000
MOST_LETTERS = 1_000
LONGEST_MS = 24 * 3600 * 1000


def put(video: Video, *, language: str, file: IO[bytes], label: str = "") -> Caption:
    """Add or replace the captions of `language` (BCP 47). Raises ValidationError with what to do."""
    webvtt, count = converted(file)
    return Caption.objects.put(
        video=video, language=language, label=label or name_of(language), webvtt=webvtt, cues_count=count
    )


def converted(file: IO[bytes]) -> tuple[str, int]:
    """Our own WebVTT and the number of its cues. Raises ValidationError when the file is too large or no captions."""
    raw = file.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise _refused(_("Captions may have up to 2 MB."), "too_large")
    try:
        subtitles = pysubs2.SSAFile.from_string(_decoded(raw))
    except (pysubs2.exceptions.Pysubs2Error, ValueError, IndexError, KeyError):
        raise _refused(_("These are not captions that we can read. Send SRT, WebVTT or ASS."), "no_captions") from None
    found = [cue for cue in map(_cue, subtitles) if cue.text and 0 <= cue.start_ms < cue.end_ms <= LONGEST_MS]
    if not found:
        raise _refused(_("The file holds no captions."), "empty")
    if len(found) > MOST_CUES:
        raise _refused(_("Captions may have up to 20,000 cues."), "too_many")
    return cues.write(sorted(found, key=lambda cue: (cue.start_ms, cue.end_ms))), len(found)


def of_stretch(caption: Caption, start_ms: int, end_ms: int) -> str:
    """The WebVTT of a stretch of the film, on the stretch's own clock; of all of it when nothing is named."""
    if not end_ms:
        return caption.webvtt
    return cues.write(moving.cues(cues.read(caption.webvtt), -start_ms, end_ms - start_ms)[0])


def _cue(event: Any) -> Cue:
    is_said = not (event.is_comment or event.is_drawing)
    return Cue(event.start, event.end, plain(event.plaintext) if is_said else "")


def plain(text: str) -> str:
    """Text without mark-up that is not ours, and without blank lines, which would end the cue."""
    text = html.unescape(re.sub(r"<[^>\n]{0,200}>", "", text))
    text = "".join(letter for letter in text if letter == "\n" or letter.isprintable())
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return "\n".join(lines)[:MOST_LETTERS]


def _decoded(raw: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16", "gb18030"):
        if encoding == "utf-16" and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
            continue
        try:
            return raw.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            continue
    raise _refused(_("The letters of this file cannot be read. Save it as UTF-8."), "encoding")


def name_of(language: str) -> str:
    """What a language is called by those who read it."""
    try:
        return Locale.parse(language, sep="-").get_display_name().capitalize()[:60]
    except (ValueError, UnknownLocaleError):
        return language


def _refused(sentence: str, code: str) -> ValidationError:
    return ValidationError({"file": [ValidationError(sentence, code=code)]})
