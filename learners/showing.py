"""What a player needs to show one film to one person: addresses, sizes, captions, where to go on, the report token."""

import uuid
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from django.db.models import Case, When, prefetch_related_objects
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.models import Course, Lesson, Version
from videos import playback
from videos.models import Chapter, Rendition, Video

from . import intervals, report_tokens, rights
from .models import Enrollment, LessonProgress
from .models.progress import resume_at
from .replaced import Carried

VERSIONS_TRIED = 3


@dataclass(frozen=True)
class Showing:
    SPEEDS: ClassVar = (0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3)

    title: str
    # Where a player asks for a fresh address.
    playback_url: str
    master_url: str
    poster_url: str | None
    storyboard_url: str | None
    captions: list[dict[str, str]]
    chapters: list[Chapter]
    # Lines of the pictures to choose from: of an upright film its width.
    heights: list[int]
    has_audio: bool
    duration_s: float
    resume_at: float
    # None: this playback is not tracked (previews, reviews, the creator's own).
    report_token: str | None
    # The learner watched another film in this lesson, and this one took its place.
    carried: Carried | None = None
    # Pictures a second, of every size alike: how far a step to the next one is.
    fps: float = 25.0
    # What is drawn over the film, so that a copy says whose it was; "" for nothing.
    watermark: str = ""
    # The text of the master playlist, so that no player waits for it; "" where it must be asked for.
    master: str = ""

    def starting_at(self, second: str) -> "Showing":
        """The same, to go on at a second that an address asks for; at anything else where it was left."""
        is_second = second.isascii() and second.isdecimal() and len(second) < 7 and int(second) < self.duration_s
        return replace(self, resume_at=float(second)) if is_second else self


def of(
    lesson: Lesson, viewer: Any, course: Course, progress: LessonProgress | None, *, tracked: bool, device: str = ""
) -> Showing:
    """Of a lesson with a ready film, whose right to be watched was checked. Raises VideoNotReady.

    `lesson.video` with `renditions`, `captions` and `chapters` prefetched costs no query.
    """
    video = lesson.video
    if video is None:
        raise playback.VideoNotReady
    carried = progress.as_of(video.asset) if progress else None
    name = playback.viewer_of(viewer)
    return _shown(
        video,
        playback.on_device(name, device) if tracked and device else name,
        title=lesson.title,
        playback_url=reverse("api-lesson-playback", args=[lesson.key]),
        resume_at=_resume_at(video, progress, carried),
        report_token=_token(lesson, video, viewer, course) if tracked else None,
        carried=carried,
        watermark=watermark_of(viewer) if tracked and course.has_watermark else "",
    )


def watermark_of(viewer: Any) -> str:
    """Her name and account number: never her address, which is nobody's business who looks over her shoulder."""
    name = viewer.name or _("Learner")
    return f"{name} · {viewer.pk}"


def _resume_at(video: Video, progress: LessonProgress | None, carried: Carried | None) -> float:
    if carried is not None:
        return resume_at(carried.position_s, intervals.length_s(video.duration_ms or 0))
    return progress.resume_at if progress is not None and progress.asset == video.asset else 0.0


def of_film(video: Video, owner: Any) -> Showing:
    """An own film, in a lesson or not. Raises VideoNotReady."""
    address = reverse("api-video-playback", args=[video.pk])
    return _shown(
        video, playback.viewer_of(owner), title=video.name, playback_url=address, resume_at=0.0, report_token=None
    )


def of_look(video: Video, address: str) -> Showing:
    """What is there of an own film that is still being converted."""
    return Showing(
        title=video.name,
        playback_url=reverse("api-video-playback", args=[video.pk]),
        master_url=address,
        poster_url=None,
        storyboard_url=None,
        captions=[],
        chapters=[],
        heights=[],
        has_audio=False,
        duration_s=video.look_s,
        resume_at=0.0,
        report_token=None,
    )


def _shown(video: Video, name: str, **facts: Any) -> Showing:
    pictures = [row for row in video.renditions.all() if row.kind == Rendition.Kind.VIDEO]
    address = playback.play_url(video, name)
    return Showing(
        master_url=address,
        master=playback.master_text(video, address),
        poster_url=playback.poster_url(video, name),
        storyboard_url=playback.storyboard_url(video, name),
        captions=playback.caption_tracks(video, name),
        chapters=list(video.chapters.all()),
        heights=sorted({min(row.width, row.height) for row in pictures}, reverse=True),
        has_audio=video.has_audio,
        fps=max((row.fps for row in pictures), default=0) or 25.0,
        duration_s=(video.duration_ms or 0) / 1000,
        **facts,
    )


def by_key(key: uuid.UUID, viewer: Any, device: str = "") -> Showing:
    """The film of the lesson with this key that `viewer` may watch: the live one before any other version's.

    Raises Http404 when no lesson with a film has this key, MayNotWatch with the reason,
    TooManyDevices: the player that was refused a file learns here why.
    """
    is_live = Case(When(version__state=Version.State.LIVE, then=1), default=0)
    lessons = Lesson.objects.filter(key=key, video__isnull=False).order_by(is_live.desc(), "-version__number")
    lessons = lessons.select_related("video", "version__course__creator")[:VERSIONS_TRIED]
    found = list(lessons)
    if not found:
        raise Http404
    course = found[0].version.course
    enrollment = Enrollment.objects.of(viewer).filter(course=course).first()
    lesson = next((lesson for lesson in found if rights.may_watch(viewer, lesson)), None)
    if lesson is None:
        raise playback.MayNotWatch(enrollment.end_text if enrollment else None)
    tracked = enrollment is not None and enrollment.is_active
    progress = LessonProgress.objects.of(viewer).filter(lesson_key=key).first() if tracked else None
    prefetch_related_objects([lesson], "video__renditions", "video__captions", "video__chapters")
    if tracked and device and not course.belongs_to(viewer):
        playback.seat(str(viewer.pk), device)
    return of(lesson, viewer, course, progress, tracked=tracked, device=device)


def _token(lesson: Lesson, video: Video, viewer: Any, course: Course) -> str:
    return report_tokens.issue(
        learner_id=viewer.pk,
        course_id=course.pk,
        lesson_key=lesson.key,
        asset=video.asset,
        length_s=intervals.length_s(video.duration_ms or 0),
    )
