"""All that is worth a look in a film before people judge it: what its conversion noticed, and how its captions are now.

Hints, each with its second where it has one and with what to do; none forbids anything.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .. import caption_editing, cues
from ..models import Caption, Video
from . import lures

# A talk without pauses is covered whole, one with slides and music perhaps by two thirds.
FEW_PERCENT = 50


@dataclass(frozen=True)
class Point:
    """`about`: film or captions, which says where it is mended; times in seconds, None about the whole film."""

    code: str
    text: str
    start_s: float | None = None
    end_s: float | None = None
    about: str = "film"


def of(video: Video) -> list[Point]:
    """In the order of time, those about the whole film first; nothing before the film is ready.

    `video.findings`, `video.captions` and `video.chapters` should be prefetched.
    """
    if not video.is_ready:
        return []
    found = [
        Point(one.code, str(one.text), one.start_s, None if one.end_ms is None else one.end_ms / 1000)
        for one in video.findings.all()
    ]
    found += [*_captions(video), *lures_of(video)]
    return sorted(found, key=lambda point: (point.start_s is not None, point.start_s or 0))


def lures_of(video: Video) -> Iterator[Point]:
    """What its captions and chapters say that leads learners away to buy or to be reached."""
    for caption in video.captions.all():
        if not caption.is_draft:
            for cue, lure in lures.in_cues(cues.read(caption.webvtt)):
                yield Point("selling", lures.told(lure, caption.label), cue.start_s, cue.end_ms / 1000, "captions")
    for chapter in video.chapters.all():
        for lure in lures.in_text(chapter.title):
            yield Point("selling", lures.told(lure, _("Chapters")), chapter.start_ms / 1000)


def _captions(video: Video) -> Iterator[Point]:
    if not (video.has_audio and video.duration_ms):
        return
    published = [caption for caption in video.captions.all() if not caption.is_draft]
    if not published:
        words = _("No captions yet. Many people watch without sound: upload them, or write them beside the film.")
        yield Point("no_captions", words, about="captions")
    for caption in published:
        yield from _of_caption(caption, video.duration_ms)


def _of_caption(caption: Caption, length_ms: int) -> Iterator[Point]:
    lines = cues.read(caption.webvtt)
    share = cues.covered_ms(lines, length_ms) * 100 // length_ms
    if share < FEW_PERCENT:
        words = _(
            "The captions in %(language)s cover %(share)d %% of the film. Add what is missing where people speak."
        )
        yield Point("few_captions", words % {"language": caption.label, "share": share}, about="captions")
    fast = [cue for cue in lines if cue.letters_a_second > caption_editing.FAST]
    if fast:
        words = _(
            "%(count)d lines of the captions in %(language)s stand too shortly to be read, here the first: let them "
            "stand longer, or say it in fewer words."
        )
        said = words % {"count": len(fast), "language": caption.label}
        yield Point("fast_captions", said, fast[0].start_s, fast[0].end_ms / 1000, "captions")
