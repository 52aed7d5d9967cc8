"""What leads away from this site in captions and texts: where it is said, and what to do about it."""

from bisect import bisect_right
from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy

from ..cues import Cue
from . import selling
from .selling import Lure

_SENTENCES = {
    selling.CONTACT: gettext_lazy(
        "%(place)s: “%(words)s” leads learners to you outside this site. Lessons teach and do not sell: take it out. "
        "Learners reach you by the questions of the course."
    ),
    selling.SHOP: gettext_lazy(
        "%(place)s: “%(words)s” leads to another shop. Lessons teach and do not sell: take it out, or tell the "
        "reviewers in your note why learners need it."
    ),
    selling.OFFER: gettext_lazy(
        "%(place)s: “%(words)s” offers something for money. Lessons teach and do not sell: take it out."
    ),
}


def in_text(text: str) -> list[Lure]:
    return selling.found_in(text, urlsplit(settings.KEZHAN_BASE_URL).hostname or "")


def in_cues(lines: Sequence[Cue]) -> list[tuple[Cue, Lure]]:
    """Each with the cue in which it begins; what is said across several cues is read as one."""
    starts, at = [], 0
    for cue in lines:
        starts.append(at)
        at += len(cue.text) + 1
    found = in_text("\n".join(cue.text for cue in lines))
    return [(lines[bisect_right(starts, lure.start) - 1], lure) for lure in found]


def told(lure: Lure, place: object) -> str:
    """What was found where, and what to do."""
    return str(_SENTENCES[lure.kind]) % {"place": place, "words": lure.written}
