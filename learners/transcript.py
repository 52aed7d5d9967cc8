"""The words of a film beside it: the cues of one of its languages, as lines that lead to their second."""

from dataclasses import dataclass

from videos import cues
from videos.cues import Cue
from videos.models import Caption, Video


@dataclass(frozen=True)
class Transcript:
    """`language` is the one shown; `captions` are all that there are."""

    language: str
    lines: list[Cue]
    captions: list[Caption]


def of(video: Video, wanted: str, *preferred: str) -> Transcript | None:
    """In the language that was asked for, or the first of the preferred ones that there is. None without captions.

    `video.captions` prefetched costs no query.
    """
    captions = [caption for caption in video.captions.all() if not caption.is_draft]
    if not captions:
        return None
    chosen = next((found for name in (wanted, *preferred) if (found := _in(captions, name))), captions[0])
    return Transcript(chosen.language, cues.read(chosen.webvtt), captions)


def _in(captions: list[Caption], name: str) -> Caption | None:
    """Of just this tag, or else of the same language in another form."""
    tag = name.lower()
    exact = (caption for caption in captions if caption.language.lower() == tag)
    alike = (caption for caption in captions if tag and caption.language.lower().split("-")[0] == tag.split("-")[0])
    return next(exact, None) or next(alike, None)
