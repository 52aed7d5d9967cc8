"""The feed as a page or the API shows it: each clip with its film, its lesson, what to do next, and why it is there."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from courses import clip_shown, outline
from courses.clip_shown import Playing
from courses.models import Clip, Course, Lesson
from discovery.matching import explained
from learners.models import Enrollment

from . import choosing
from .choosing import Chosen

SUGGESTED = 4


@dataclass(frozen=True)
class Card:
    """`way` says what the link to the lesson offers: lesson (she has it), preview (free), or course (its row there)."""

    clip: Clip
    playing: Playing
    lesson: Lesson | None
    way: str
    way_url: str
    why: str
    parts: list[explained.Part]
    freshness: float = 1.0

    @property
    def score(self) -> float:
        return self.freshness * (1 + sum(part.amount for part in self.parts))


@dataclass(frozen=True)
class Tile:
    """A poster that leads to its clip."""

    clip: Clip
    playing: Playing


def tiles(clips: Iterable[Clip], viewer: Any) -> list[Tile]:
    """Those of these clips that are cut; no query for rows of `posters()`."""
    shown = ((clip, clip_shown.playing(clip, viewer, captions=False)) for clip in clips)
    return [Tile(clip, film) for clip, film in shown if film]


def cards(viewer: Any) -> list[Card]:
    """Her feed from its beginning to its end."""
    chosen = choosing.feed_of(viewer)
    clips = Clip.objects.filter(pk__in=[one.clip_id for one in chosen]).cards().in_bulk()
    names = explained.Names(one.match for one in chosen)
    told = {one.clip_id: (one, _parts(one, clips[one.clip_id], names)) for one in chosen if one.clip_id in clips}
    return _drawn([clips[pk] for pk in told], viewer, told)


def plain(clips: Iterable[Clip], viewer: Any) -> list[Card]:
    """These clips, in their order, without a word of why. Rows of `cards()`."""
    return _drawn(list(clips), viewer, {})


def suggested(viewer: Any, shown: Iterable[Card]) -> list[Course]:
    """What stands where the feed ends: courses that many learn, and none of those that were just shown twice over."""
    seen = {card.clip.course_id for card in shown}
    rows = Course.objects.listed().cards().order_by("-learners_count", "-id")
    if viewer.is_authenticated:
        rows = rows.exclude(pk__in=Enrollment.objects.active().of(viewer).values("course_id"))
    return sorted(rows[: SUGGESTED * 3], key=lambda course: course.pk in seen)[:SUGGESTED]


def _drawn(clips: list[Clip], viewer: Any, told: dict[int, tuple[Chosen, list[explained.Part]]]) -> list[Card]:
    lessons, has = clip_shown.lessons_of(clips), _courses_of(viewer, clips)
    drawn = []
    for clip in clips:
        if (film := clip_shown.playing(clip, viewer)) is None:
            continue
        lesson = lessons.get(clip.lesson_key)
        way, url = _way(clip, lesson, clip.course_id in has)
        chosen, parts = told.get(clip.pk, (None, []))
        # Rounded as it is shown, so that what is shown can be reckoned again.
        freshness = round(chosen.freshness, 2) if chosen else 1.0
        drawn.append(Card(clip, film, lesson, way, url, _why(parts) if chosen else "", parts, freshness))
    return drawn


def _courses_of(viewer: Any, clips: list[Clip]) -> set[int]:
    if not viewer.is_authenticated:
        return set()
    mine = Enrollment.objects.watchable().of(viewer).filter(course_id__in={clip.course_id for clip in clips})
    return set(mine.values_list("course_id", flat=True))


def _way(clip: Clip, lesson: Lesson | None, has_course: bool) -> tuple[str, str]:
    page = clip.course.get_absolute_url()
    if lesson is None:
        return "course", page
    if has_course:
        second = (clip.excerpt.start_ms if clip.excerpt else 0) // 1000
        return "lesson", f"{reverse('learners:lesson', args=[clip.course.slug, lesson.key])}?t={second}"
    if lesson.is_preview:
        return "preview", f"{page}?preview={lesson.key}#film"
    return "course", outline.row_of(clip.course.slug, lesson.key)


def _parts(one: Chosen, clip: Clip, names: explained.Names) -> list[explained.Part]:
    return explained.parts_of(one.match, clip.course, names)


def _why(parts: list[explained.Part]) -> str:
    strong = [part for part in parts if part.amount >= explained.SMALL]
    return strong[0].text if strong else _("Newly published")
