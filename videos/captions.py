"""Captions that people send (SRT, WebVTT, ASS) are parsed here, and only what we write ourselves is ever served."""

import html
import re
from typing import IO, Any

import pysubs2
from babel import Locale, UnknownLocaleError
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .models import Caption, Video

MOST_BYTES = 2 * 1024 * 1024
MOST_CUES = 20_000
MOST_LETTERS = 1_000
LONGEST_MS = 24 * 3600 * 1000


def put(video: Video, *, language: str, file: IO[bytes], label: str = "") -> Caption:
    """Add or replace the captions of `language` (BCP 47). Raises ValidationError with what to do."""
    webvtt, cues = converted(file)
    return Caption.objects.put(
        video=video, language=language, label=label or _name_of(language), webvtt=webvtt, cues_count=cues
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
    cues = [cue for cue in sorted(map(_cue, subtitles), key=lambda cue: cue[:2]) if cue[2]]
    cues = [cue for cue in cues if 0 <= cue[0] < cue[1] <= LONGEST_MS]
    if not cues:
        raise _refused(_("The file holds no captions."), "empty")
    if len(cues) > MOST_CUES:
        raise _refused(_("Captions may have up to 20,000 cues."), "too_many")
    blocks = [f"{_clock(start)} --> {_clock(end)}\n{text}" for start, end, text in cues]
    return "WEBVTT\n\n" + "\n\n".join(blocks) + "\n", len(cues)


def _cue(event: Any) -> tuple[int, int, str]:
    if event.is_comment or event.is_drawing:
        return event.start, event.end, ""
    return event.start, event.end, _plain(event.plaintext)


def _plain(text: str) -> str:
    """Text without mark-up that is not ours, without blank lines (they would end the cue) and without `-->`."""
    text = html.unescape(re.sub(r"<[^>\n]{0,200}>", "", text))
    text = "".join(letter for letter in text if letter == "\n" or letter.isprintable())
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return html.escape("\n".join(lines)[:MOST_LETTERS], quote=False)


def _decoded(raw: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16", "gb18030"):
        if encoding == "utf-16" and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
            continue
        try:
            return raw.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            continue
    raise _refused(_("The letters of this file cannot be read. Save it as UTF-8."), "encoding")


def _clock(ms: int) -> str:
    seconds, ms = divmod(ms, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{ms:03d}"


def _name_of(language: str) -> str:
    try:
        return Locale.parse(language, sep="-").get_display_name().capitalize()[:60]
    except (ValueError, UnknownLocaleError):
        return language


def _refused(sentence: str, code: str) -> ValidationError:
    return ValidationError({"file": [ValidationError(sentence, code=code)]})
