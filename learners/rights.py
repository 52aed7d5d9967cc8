"""Who may watch what: the one answer for pages, the API and every file of a film."""

import uuid
from typing import Any

from django.db.models import Case, Exists, Q, QuerySet, When

from accounts.models import User
from courses.models import Course, Lesson, Restriction, Version
from marketplace.lib.rows import written_once
from videos.playback import ANON, watch_right

from .models import Enrollment

# What a moderator has in hand, or had: never a creator's unfinished draft.
REVIEWED = (Version.State.SUBMITTED, Version.State.RETURNED, Version.State.LIVE, Version.State.SUPERSEDED)
VERSIONS_TRIED = 3


def may_watch(user: Any, lesson: Lesson) -> bool:
    """Previews of what is on sale: everyone. Live lessons that are not hidden: who may learn the course now. Any
    lesson: its creator; if it was submitted, a moderator.
    """
    version = lesson.version
    course = version.course
    is_live = version.state == Version.State.LIVE
    hiding = Restriction.objects.hiding().filter(lesson_key=lesson.key)
    if is_live and lesson.is_preview and course.is_on_sale and not _is_hidden(lesson, hiding):
        return True
    if not user.is_authenticated:
        return False
    if course.belongs_to(user):
        return True
    if is_live and Enrollment.objects.watchable().of(user).filter(~Exists(hiding), course=course).exists():
        return True
    return version.state in REVIEWED and user.has_role("moderator")


def may_look_back(user: Any, lesson: Lesson) -> bool:
    """Whether she may see what came of what she has done at this lesson: also while her right is paused."""
    hidden = Restriction.objects.hiding().filter(lesson_key=lesson.key)
    held = Enrollment.objects.active().of(user).filter(~Exists(hidden), course=lesson.version.course_id)
    return may_watch(user, lesson) or held.exists()


def sees_hidden(user: Any, course: Course) -> bool:
    """Whether lessons that a moderator has hidden are shown to her all the same."""
    return course.belongs_to(user) or bool(user.is_authenticated and user.has_role("moderator"))


def _is_hidden(lesson: Lesson, hiding: QuerySet[Restriction]) -> bool:
    """A lesson of `with_hidden` knows it already."""
    known: bool | None = getattr(lesson, "is_hidden", None)
    return hiding.exists() if known is None else known


def may_learn(learner: Any, course_id: int) -> bool:
    """Whether she has the course, and it is not paused: what is done in a course, beyond looking back at what one has
    done in it, asks this.
    """
    return Enrollment.objects.watchable().of(learner).filter(course=course_id).exists()


def learning(learner_id: int, course_id: int) -> Enrollment | None:
    """The right by which she may learn the course now, with course and learner."""
    found = active(learner_id, course_id)
    return None if found is None or found.is_paused else found


def enrollment_of(learner: Any, course_id: int) -> Enrollment | None:
    """The learner's right to the course that holds now, with course and learner."""
    return active(learner.pk, course_id) if learner.pk else None


def active(learner_id: int, course_id: int) -> Enrollment | None:
    """The same, of a learner whose id is known."""
    rows = Enrollment.objects.active().filter(learner_id=learner_id, course_id=course_id)
    return rows.select_related("course", "learner").first()


def seen_version(user: Any, lessons: QuerySet[Lesson]) -> Lesson | None:
    """Of the same lesson in several versions the one that `user` may see: the live one before any other, newest first.

    An older one counts too: who reviews it, or has written it, looks at what it showed.
    """
    is_live = Case(When(version__state=Version.State.LIVE, then=1), default=0)
    rows = lessons.order_by(is_live.desc(), "-version__number").select_related("version__course__creator")
    return next((lesson for lesson in rows[:VERSIONS_TRIED] if may_watch(user, lesson)), None)


@watch_right.register
def may_watch_asset(asset: uuid.UUID, viewer: str) -> bool:
    """The same for a film's files: one query for learners, asked again within 10 s. The owner is known to videos."""
    if viewer == ANON:
        return bool(_previewed(asset))
    if _watched(asset, viewer):
        return True
    return _is_moderator(viewer) and Lesson.objects.filter(video__asset=asset, version__state__in=REVIEWED).exists()


# Asked some twenty times a second where two hundred watch one film: what each took was mostly spent on writing it.


@written_once
def _previewed(asset: Any) -> QuerySet[Lesson]:
    return _unhidden(asset).filter(_free()).only("pk")[:1]


@written_once
def _watched(asset: Any, viewer: Any) -> QuerySet[Lesson]:
    theirs = Enrollment.objects.watchable().filter(learner_id=viewer).values("course_id")
    return _unhidden(asset).filter(_free() | Q(version__course_id__in=theirs)).only("pk")[:1]


def _free() -> Q:
    return Q(is_preview=True, version__course__in=Course.objects.on_sale())


def _unhidden(asset: Any) -> QuerySet[Lesson]:
    """Live lessons with this film that no moderator has hidden."""
    lessons = Lesson.objects.filter(video__asset=asset, version__state=Version.State.LIVE)
    return lessons.exclude(key__in=Restriction.objects.hiding().values("lesson_key"))


def _is_moderator(viewer: str) -> bool:
    person = User.objects.filter(pk=viewer).first()
    return person is not None and person.has_role("moderator")
