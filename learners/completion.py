"""What makes a lesson done that is no film, and what follows: perhaps the whole course is.

An article is done when its reader says so, a lesson of files when each was opened, a quiz or an assignment when it
is passed.
"""

import uuid
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.models import User
from courses.models import Attachment, Course, Lesson, Version
from marketplace.lib import links

from . import rights
from .models import Enrollment, FileOpening, LessonProgress, WatchMeter


def what_is_left(learner: Any, course: Course) -> QuerySet[Lesson]:
    """Lessons of the live version that are not done: while there is one, the course is not complete.

    What a moderator has hidden is not waited for. Hiding completes nobody by itself, since completing ends the refund.
    """
    return _that_count(course).exclude(key__in=LessonProgress.objects.of(learner).done().values("lesson_key"))


def has_lessons(course: Course) -> bool:
    """Whether any lesson counts: of a course that is hidden whole nothing is left, and nobody has done it by that."""
    return _that_count(course).exists()


def _that_count(course: Course) -> QuerySet[Lesson]:
    return Lesson.objects.filter(version_id=course.live_version_id).not_hidden()


def lesson_done(enrollment: Enrollment) -> None:
    """Complete the enrollment when all lessons of the live version are done, and say so once."""
    if what_is_left(enrollment.learner, enrollment.course).exists() or not has_lessons(enrollment.course):
        return
    if not enrollment.complete():
        return
    course = enrollment.course
    notices.tell(
        f"course-complete:{enrollment.pk}",
        enrollment.learner,
        "course_complete",
        {
            "course": course,
            "action_url": links.absolute(reverse("learners:course", args=[course.slug])),
            "action_label": _("Open the course"),
        },
    )


@transaction.atomic
def mark_read(learner: User, course: Course, lesson: Lesson, *, undo: bool = False) -> None:
    """An article is done when its reader says so; who may not learn the course now leaves no trace. `undo`: not read
    after all.
    """
    enrollment = rights.learning(learner.pk, course.pk)
    if enrollment is None:
        return
    # Read and watched are the same to a refund: a mark waits while one is decided on.
    WatchMeter.objects.hold(learner.pk)
    progress = LessonProgress.objects.open(learner_id=learner.pk, course_id=course.pk, lesson_key=lesson.key)
    if undo:
        progress.mark_unread()
    elif progress.mark_read():
        lesson_done(enrollment)


@transaction.atomic
def open_file(learner: User, attachment: Attachment) -> None:
    """The learner takes a file away. Who may not learn the course now, or looks at a version that is not live, leaves
    no trace.
    """
    lesson = attachment.lesson
    if lesson.version.state != Version.State.LIVE:
        return
    enrollment = rights.learning(learner.pk, lesson.version.course_id)
    if enrollment is None:
        return
    WatchMeter.objects.hold(learner.pk)
    FileOpening.objects.note(learner_id=learner.pk, attachment=attachment)
    opened = FileOpening.objects.filter(learner=learner, lesson_key=lesson.key).values("file_key")
    progress = LessonProgress.objects.open(learner_id=learner.pk, course_id=enrollment.course_id, lesson_key=lesson.key)
    if lesson.files.exclude(key__in=opened).exists():
        progress.touch()
    elif progress.mark_done():
        lesson_done(enrollment)


def touch(enrollment: Enrollment, lesson_key: uuid.UUID) -> None:
    """The learner has begun here: the way goes on at this lesson."""
    progress = LessonProgress.objects.open(
        learner_id=enrollment.learner_id, course_id=enrollment.course_id, lesson_key=lesson_key
    )
    progress.touch()


def graded_passed(enrollment: Enrollment, lesson_key: uuid.UUID, *, is_here: bool = True) -> None:
    """A quiz or an assignment is passed. Called with the learner's meter held. `is_here`: as for `mark_done`."""
    progress = LessonProgress.objects.open(
        learner_id=enrollment.learner_id, course_id=enrollment.course_id, lesson_key=lesson_key
    )
    if progress.mark_done(is_here=is_here):
        lesson_done(enrollment)
