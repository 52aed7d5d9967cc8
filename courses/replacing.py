"""A new film in the place of an old one, in the lessons that show it.

What is on sale was reviewed and does not change: its lessons take the new film in a draft (a new one is opened where
none is), and learners see it when that version is approved. See docs/decisions/0002 and 0033.
"""

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import User
from videos import replacing
from videos.models import Replacement, Video

from .models import Course, Lesson, Version


def courses_of(film: Video) -> QuerySet[Course]:
    """The courses that show it, on sale or in what is worked on."""
    working = [*Version.EDITABLE, Version.State.SUBMITTED]
    shown = Lesson.objects.filter(video=film, version__state__in=[Version.State.LIVE, *working])
    return Course.objects.filter(pk__in=shown.values("version__course_id")).select_related("creator", "live_version")


def live_courses_of(film: Video) -> QuerySet[Course]:
    """Those whose learners see it now."""
    return courses_of(film).filter(Q(live_version__lessons__video=film)).distinct()


@transaction.atomic
def carry_out(replacement: Replacement, by: User, *, shift_ms: int = 0, drops: int = 0) -> list[Lesson]:
    """Captions and chapters come over, and every lesson of a draft that shows the old film shows the new one.

    Returns these lessons. Raises UnderReview, NewFilmNotReady, WouldLoseMore, ReplacementClosed, NotAllowed.
    """
    old: Any = replacement.old
    if old is not None:
        for course in courses_of(old).order_by("pk"):
            course.open_draft(by)
    done: Any = replacing.carry_out(replacement, shift_ms=shift_ms, drops=drops)
    drafts = Lesson.objects.editable_by(by).filter(video=done.old).select_related("version__course__creator")
    lessons = list(drafts.order_by("pk"))
    for lesson in lessons:
        lesson.attach_video(done.new)
    return lessons
