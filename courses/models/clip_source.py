"""What a clip may be cut from: the film of a lesson as it was reviewed, 15 to 90 seconds of it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from marketplace.lib.errors import DomainError, NotAllowed
from videos.models import Video

from .course import Course
from .lesson import Lesson, LessonQuerySet

SHORTEST_MS, LONGEST_MS = 15_000, 90_000


class LessonNotReviewed(DomainError):
    code = "lesson_not_reviewed"
    message = _("Clips are cut from films of lessons that are reviewed and on sale. This lesson is not, or not now.")


class FilmReplaced(DomainError):
    code = "film_replaced"
    message = _("The lesson shows another film now. Open the page again and choose the stretch in the new one.")


def clippable(course: Course) -> LessonQuerySet:
    """Lessons of the course that clips can be cut from, with their films."""
    live = Lesson.objects.live_of(course).not_hidden()
    return live.filter(video__state=Video.State.READY, video__duration_ms__gte=SHORTEST_MS, video__has_video=True)


def must_fit(video: Video, start_ms: int, end_ms: int) -> None:
    """Raises ValidationError unless the stretch lies in the film and is 15 to 90 seconds long."""
    if not 0 <= start_ms < end_ms:
        raise ValidationError({"end": _("The end must come after the beginning.")})
    if end_ms > (video.duration_ms or 0):
        raise ValidationError({"end": _("The film ends before that.")})
    if not SHORTEST_MS <= end_ms - start_ms <= LONGEST_MS:
        raise ValidationError({"end": _("A clip is 15 to 90 seconds long.")})


def film_of(lesson: Lesson, course: Course, film: Any, by: User) -> Video:
    """The film to cut, as things are now. Raises NotAllowed, LessonNotReviewed, FilmReplaced."""
    if not course.belongs_to(by):
        raise NotAllowed
    live = Lesson.objects.live_of(course).not_hidden().filter(key=lesson.key).first()
    if live is None or live.video is None or not course.is_on_sale:
        raise LessonNotReviewed
    if str(live.video.asset) != str(film):
        raise FilmReplaced
    return live.video
