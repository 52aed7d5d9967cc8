"""Clips for tests: cut through the same verb as creators use; the files are a few bytes, nothing is encoded."""

from typing import Any

from django.db.models.functions import Now

from courses.models import Clip, Course, Lesson
from videos.models import Excerpt

CUT: dict[str, Any] = {"start_ms": 2_000, "end_ms": 20_000, "shape": "vertical", "fit": "crop", "center": 500}


def lesson_of(course: Course, at: int = 0) -> Lesson:
    return course.live_lessons().select_related("version__course__creator", "video")[at]


def cut(course: Course, at: int = 0, **changes: Any) -> Clip:
    """A clip of the lesson at that place, waiting for a worker."""
    lesson: Any = lesson_of(course, at)
    told = {"title": "Centering in 18 seconds", "language": "en", "line": "Lean, do not push.", **CUT, **changes}
    told = {"film": lesson.video.asset, "by": course.creator.user, **told}
    return Clip.objects.cut(lesson, **told)[0]


def make_ready(clip: Clip, rungs: tuple[int, ...] = (360, 540)) -> Clip:
    """As if a worker had cut it."""
    Excerpt.objects.filter(pk=clip.excerpt_id).update(
        state="ready", percent=100, ready_at=Now(), finished_at=Now(), output="1-test", width=540, height=960,
        rungs=list(rungs), has_sound=True,
    )  # fmt: skip
    return Clip.objects.select_related("course__creator", "excerpt").get(pk=clip.pk)


def make_clip(course: Course, at: int = 0, **changes: Any) -> Clip:
    """A clip that everybody sees."""
    clip = make_ready(cut(course, at, **changes))
    clip.publish(course.creator.user)
    return clip
