"""Beside which other creators' films a film runs, with all that a moderator may know. Reading only."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from accounts.models import User
from courses.models import Lesson, Submission
from videos.models import TwinMatch, Video


@dataclass(frozen=True)
class Beside:
    """One stretch of the film, and the other film, its owner and the lesson in which a moderator can see it."""

    match: TwinMatch
    is_later: bool
    start_s: float
    end_s: float
    other_start_s: float
    other_end_s: float
    other_name: str
    other_owner: User
    other_uploaded_at: datetime
    lesson: Lesson | None
    submission: Submission | None


def beside(video: Video) -> list[Beside]:
    """By time; films that are removed meanwhile are named as they were."""
    matches = TwinMatch.objects.about(video).select_related("film_owner__creator", "twin_owner__creator")
    found = list(matches)
    lessons = _lessons({match.twin if match.is_of(video) else match.film for match in found})
    return sorted((_row(match, video, lessons) for match in found), key=lambda row: row.start_s)


def _row(match: TwinMatch, video: Video, lessons: dict[object, Lesson]) -> Beside:
    is_later = match.is_of(video)
    lesson = lessons.get(match.twin if is_later else match.film)
    submissions = list(lesson.version.submissions.all()) if lesson else []
    film, twin = (match.film_start_s, match.film_end_s), (match.twin_start_s, match.twin_end_s)
    here, there = (film, twin) if is_later else (twin, film)
    return Beside(
        match, is_later, *here, *there,
        other_name=match.twin_name if is_later else match.film_name,
        other_owner=match.twin_owner if is_later else match.film_owner,
        other_uploaded_at=match.twin_uploaded_at if is_later else match.film_uploaded_at,
        lesson=lesson,
        submission=submissions[0] if submissions else None,
    )  # fmt: skip


def _lessons(videos: set[object]) -> dict[object, Lesson]:
    """The newest submitted lesson of each film."""
    newest = Prefetch("version__submissions", queryset=Submission.objects.order_by("-submitted_at", "-id"))
    lessons = Lesson.objects.filter(video__in=videos, version__submissions__isnull=False).order_by("version_id", "id")
    return {one.video_id: one for one in lessons.select_related("version__course").prefetch_related(newest)}
