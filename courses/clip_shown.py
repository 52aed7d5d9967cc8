"""Clips as pages show them: where their files are for this viewer, and how they stand."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from videos import playback
from videos.models import Excerpt

from .clip_forms import ClipWordsForm
from .models import Clip, Course, Lesson

TONES = {"waiting": "wait", "cutting": "wait", "ready": "idle", "failed": "bad", "cancelled": "idle"}
MOST_ON_A_PAGE = 6
# What a poster needs of its excerpt.
CUT = ("asset", "start_ms", "end_ms", "shape", "width", "height", "rungs")


@dataclass(frozen=True)
class Source:
    """One file of a clip: how many lines its shorter side has, and where it is."""

    lines: int
    url: str


@dataclass(frozen=True)
class Playing:
    """What a player needs of a clip. `sources` from small to large; `first` is the language of the captions that stand
    on it until its reader chooses.
    """

    sources: list[Source]
    poster_url: str
    captions: list[dict[str, str]]
    first: str
    width: int
    height: int
    seconds: float

    @property
    def usual(self) -> Source:
        """The one that a page without JavaScript plays."""
        return self.sources[min(1, len(self.sources) - 1)]


@dataclass(frozen=True)
class Row:
    """A clip on its creator's page. `why_unseen`: why nobody sees it though it is published; "" when all is well."""

    clip: Clip
    playing: Playing | None
    lesson: Lesson | None
    tone: str
    label: str | Promise
    why_unseen: str | Promise
    form: ClipWordsForm


def page_of(course: Course) -> str:
    return reverse("studio:clips", args=[course.slug])


def playing(clip: Clip, viewer: Any, *, captions: bool = True) -> Playing | None:
    """None until it is cut. Rows of `cards()` cost no query, nor those of `posters()` without captions. The viewer's
    right is asked for at every file.
    """
    cut = clip.excerpt
    if cut is None or not cut.is_ready:
        return None
    return _playing(clip, cut, playback.viewer_of(viewer), captions)


def playing_for_all(clip: Clip) -> Playing | None:
    """The same for whoever asks: the addresses may be passed on."""
    cut = clip.excerpt
    return _playing(clip, cut, playback.ANON, captions=False) if cut and cut.is_ready else None


def _playing(clip: Clip, cut: Excerpt, name: str, captions: bool) -> Playing:
    tracks = playback.tracks_of(cut, name) if captions else []
    return Playing(
        sources=[Source(lines, playback.file_url(cut, name, f"v{lines}.mp4")) for lines in cut.rungs],
        poster_url=playback.file_url(cut, name, "poster.jpg"),
        captions=tracks,
        first=_first([track["language"] for track in tracks], clip.language),
        width=cut.width or 0,
        height=cut.height or 0,
        seconds=cut.duration_ms / 1000,
    )


def _first(languages: list[str], spoken: str) -> str:
    """As frontend/clips/clip.ts chooses: the clip's language, else the reader's, else any."""
    for wish in (spoken, get_language() or ""):
        for language in languages:
            if language.lower().split("-")[0] == wish.lower().split("-")[0]:
                return language
    return languages[0] if languages else ""


def of_creator(course: Course, viewer: Any) -> list[Row]:
    """All clips of her course, the newest first."""
    clips = Clip.objects.standing().filter(course=course).with_standing().cards()
    lessons = {lesson.key: lesson for lesson in course.live_lessons()} if course.live_version_id else {}
    return [_row(clip, lessons.get(clip.lesson_key), viewer) for clip in clips]


def of_course(course: Course) -> list[Clip]:
    """What stands beside one of its clips, the newest first."""
    return list(Clip.objects.shown().filter(course=course).posters().order_by("-published_at", "-pk")[:MOST_ON_A_PAGE])


def rows_of(course: str) -> ArraySubquery:
    """The same of the course that the field `course` names, as `posters_from` reads them: for whoever wants them in a
    query of its own.
    """
    rows = Clip.objects.shown().filter(course=OuterRef(course)).order_by("-published_at", "-pk")[:MOST_ON_A_PAGE]
    cut = {name: f"excerpt__{name}" for name in CUT}
    return ArraySubquery(rows.values(row=JSONObject(key="key", title="title", language="language", **cut)))


def posters_from(rows: list[dict[str, Any]]) -> list[Clip]:
    """Clips with what their posters need, from `rows_of`."""
    ready = Excerpt.State.READY
    return [
        Clip(
            key=row["key"],
            title=row["title"],
            language=row["language"],
            excerpt=Excerpt(state=ready, **{name: row[name] for name in CUT}),
        )
        for row in rows
    ]


def of_maker(creator: Any) -> list[Clip]:
    """What a creator's page shows, the newest first."""
    shown = Clip.objects.listed().filter(course__creator=creator)
    return list(shown.posters().order_by("-published_at", "-pk")[:MOST_ON_A_PAGE])


def lessons_of(clips: Iterable[Clip]) -> dict[Any, Lesson]:
    """The live lessons that these clips were cut from, by key; one query."""
    keys = [clip.lesson_key for clip in clips]
    return {
        lesson.key: lesson
        for lesson in Lesson.objects.live().filter(key__in=keys).defer("article", "quiz", "assignment")
    }


def _row(clip: Clip, lesson: Lesson | None, viewer: Any) -> Row:
    cut = clip.excerpt
    tone, label, why = TONES.get(cut.state if cut else "", "idle"), _state(clip), _unseen(clip)
    if cut and cut.is_ready and clip.is_published:
        tone, label = ("warn", _("Not seen now")) if why else ("ok", _("Public"))
    return Row(clip, playing(clip, viewer), lesson, tone, label, why, ClipWordsForm.of(clip))


def _state(clip: Clip) -> str | Promise:
    cut = clip.excerpt
    if cut is None:
        return _("Its film is removed")
    return _("Cut, not published") if cut.is_ready else cut.get_state_display()


def _unseen(clip: Clip) -> str | Promise:
    if clip.is_hidden:
        return _("A moderator has hidden this clip. Your decisions page says why.")
    if not clip.is_following:
        return _("Its lesson is off the sale, hidden, or shows another film now. The clip comes back with it.")
    return ""
