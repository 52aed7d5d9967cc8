"""Putting a new film in the place of an old one: what comes over is shown first, and done exactly as it was shown."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.lib.errors import DomainError

from . import cues, moving
from .cues import Cue
from .models import Caption, Chapter, Replacement, Video


class NewFilmNotReady(DomainError):
    code = "new_film_not_ready"
    message = _("The new film is not ready yet. The old one stays until then.")


class WouldLoseMore(DomainError):
    """`facts["drops"]`: how many lines and chapters would be dropped."""

    code = "would_lose_more"
    message = _("More lines or chapters would be dropped than you were shown. Look at the list again, then decide.")


@dataclass(frozen=True)
class MovedCaption:
    """The captions of one language: what comes over, and what has no place. `stays`: the new film has its own."""

    caption: Caption
    moved: list[Cue]
    dropped: list[Cue]
    stays: bool

    @property
    def moved_count(self) -> int:
        return len(self.moved)


@dataclass(frozen=True)
class Plan:
    """What would come over with this shift."""

    shift_ms: int
    old_length_ms: int
    new_length_ms: int
    captions: list[MovedCaption]
    chapters: moving.Chapters
    chapters_dropped: moving.Chapters
    has_own_chapters: bool
    keeps_watched: bool

    @property
    def drops(self) -> int:
        return len(self.chapters_dropped) + sum(len(one.dropped) for one in self.captions)

    @property
    def chapters_count(self) -> int:
        return len(self.chapters)

    @property
    def chapters_dropped_s(self) -> list[tuple[float, str]]:
        return [(start / 1000, title) for start, title in self.chapters_dropped]

    @property
    def shift_s(self) -> float:
        return self.shift_ms / 1000

    @property
    def old_length_s(self) -> float:
        return self.old_length_ms / 1000

    @property
    def new_length_s(self) -> float:
        return self.new_length_ms / 1000


def plan(old: Video, new: Video, shift_ms: int) -> Plan:
    """Raises NewFilmNotReady."""
    if not new.is_ready:
        raise NewFilmNotReady
    length_ms, theirs = new.duration_ms or 0, set(new.captions.values_list("language", flat=True))
    told = [(chapter.start_ms, chapter.title) for chapter in old.chapters.all()]
    has_own = new.chapters.exists()
    kept, dropped = ([], []) if has_own else moving.chapters(told, shift_ms, length_ms)
    return Plan(
        shift_ms=shift_ms,
        old_length_ms=old.duration_ms or 0,
        new_length_ms=length_ms,
        captions=[_moved(one, shift_ms, length_ms, stays=one.language in theirs) for one in old.captions.all()],
        chapters=kept,
        chapters_dropped=dropped,
        has_own_chapters=has_own,
        keeps_watched=moving.keeps_watched(old.duration_ms or 0, length_ms, shift_ms),
    )


def _moved(caption: Caption, shift_ms: int, length_ms: int, *, stays: bool) -> MovedCaption:
    moved, dropped = moving.cues(cues.read(caption.webvtt), shift_ms, length_ms)
    return MovedCaption(caption, [] if stays else moved, [] if stays else dropped, stays)


@transaction.atomic
def carry_out(replacement: Replacement, *, shift_ms: int, drops: int) -> Replacement:
    """Bring captions and chapters over, and write down that the film is replaced. `drops`: as many as she was shown.

    Raises NewFilmNotReady, WouldLoseMore, ReplacementClosed.
    """
    held: Any = replacement.hold_open()
    decided = plan(held.old, held.new, shift_ms)
    if decided.drops > drops:
        raise WouldLoseMore(drops=decided.drops)
    for one in decided.captions:
        if one.moved:
            _take_over(held.new, one)
    if decided.chapters:
        Chapter.objects.put(held.new, decided.chapters)
    held.carry_out(
        shift_ms=shift_ms,
        old_length_ms=decided.old_length_ms,
        new_length_ms=decided.new_length_ms,
        keeps_watched=decided.keeps_watched,
        dropped=decided.drops,
    )
    return held


def _take_over(new: Video, one: MovedCaption) -> None:
    Caption.objects.put(
        video=new,
        language=one.caption.language,
        label=one.caption.label,
        webvtt=cues.write(one.moved),
        cues_count=len(one.moved),
        is_draft=one.caption.is_draft,
        is_machine_made=one.caption.is_machine_made,
    )
