"""Chapters as a creator writes them: a line each, `12:40 What the light does`."""

import re
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .models import Chapter, Video

MOST = 100
MOST_TITLE = 80
LEAST_MS = 1_000
_LINE = re.compile(r"^(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)(?:[.,](\d{1,3}))?[\s\-–—.:)]*(.*)$")


def put(video: Video, asked: Iterable[tuple[int, str]]) -> list[Chapter]:
    """Replace a ready film's chapters by (start in ms, title). Raises ValidationError that names the chapter."""
    chapters = sorted((at, title.strip()) for at, title in asked)
    if len(chapters) > MOST:
        raise ValidationError(_("A film has at most %(most)d chapters.") % {"most": MOST}, code="too_many")
    before = -LEAST_MS
    for at, title in chapters:
        if why := _what_is_wrong(video, at, title, before):
            raise ValidationError(f"{line_of(at, title)}: {why}", code="chapter")
        before = at
    return Chapter.objects.put(video, chapters)


def read(text: str) -> list[tuple[int, str]]:
    """(start in ms, title) of each line. Raises ValidationError that quotes the first line without a time."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        parts = _LINE.match(line)
        if parts is None:
            raise ValidationError(_("“%(line)s” does not begin with a time such as 12:40.") % {"line": line[:60]})
        hours, minutes, seconds, fraction, title = parts.groups()
        ms = ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000
        found.append((ms + int((fraction or "0").ljust(3, "0")), title))
    return found


def text_of(chapters: Iterable[Chapter]) -> str:
    return "\n".join(line_of(chapter.start_ms, chapter.title) for chapter in chapters)


def line_of(ms: int, title: str) -> str:
    seconds, rest = divmod(ms, 1000)
    hours, minutes = divmod(seconds // 60, 60)
    told = f"{hours}:{minutes:02d}" if hours else str(minutes)
    return f"{told}:{seconds % 60:02d}{f'.{rest:03d}' if rest else ''} {title}".rstrip()


def _what_is_wrong(video: Video, at: int, title: str, before: int) -> str:
    if not title:
        return _("give it a title.")
    if len(title) > MOST_TITLE:
        return _("its title has more than %(most)d letters.") % {"most": MOST_TITLE}
    if at >= (video.duration_ms or 0):
        return _("the film ends before.")
    if at - before < LEAST_MS:
        return _("another chapter begins within the same second.")
    return ""
