"""Who reads and writes under a course's lessons: those who have it, and those who made it.

A free preview shows its film to everybody and its questions to them alone: they were asked among people who have the
course, and a lesson can become a preview afterwards.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.resting import must_be_free_to_write
from courses.models import Course, Lesson
from learners.models import Enrollment
from marketplace.lib import clock
from marketplace.lib.errors import NotAllowed
from payments.models import SplitLine

from .models import Post
from .models.post import PostQuerySet


class NotInTheCourse(NotAllowed):
    code = "not_in_the_course"
    message = _("Only who has this course open, or made it, writes here.")


@dataclass(frozen=True)
class Place:
    """Where somebody stands with a course. `makes_it`: its creator, or a co-author now. `moderates`: she may judge what
    stands there; as that she reads, whether or not she has the course too.
    """

    reads: bool = False
    writes: bool = False
    makes_it: bool = False
    moderates: bool = False

    @property
    def sees_all(self) -> bool:
        """Also lessons that are hidden, or no longer in the course."""
        return self.makes_it or self.moderates


def of(person: Any, course: Course) -> Place:
    """One query for who has the course, none for who made it; more for who sells something herself."""
    if not person.is_authenticated:
        return Place()
    moderates = person.has_role("moderator")
    if course.belongs_to(person) or _is_coauthor(person, course):
        return Place(reads=True, writes=True, makes_it=True, moderates=moderates)
    rights = Enrollment.objects.active().of(person).filter(course=course)
    right = rights.only("paused_at", "ended_at", "open_by").first()
    if right is not None:  # while it is paused she reads on what was asked and answered, and writes nothing
        return Place(reads=True, writes=not right.is_paused, moderates=moderates)
    return Place(reads=moderates, moderates=moderates)


def _is_coauthor(person: Any, course: Course) -> bool:
    mine = SplitLine.objects.filter(split__course=course, creator__user_id=person.pk)
    if person.creator_or_none is None or not mine.exists():
        return False
    return SplitLine.objects.present(course, at=clock.now()).filter(creator__user_id=person.pk).exists()


def who_may_hear(people: QuerySet[User], course: Course) -> list[User]:
    """Of these, who has the course or made it now; whose right has ended hears nothing of it any more."""
    has_it = Exists(Enrollment.objects.active().filter(course=course, learner=OuterRef("pk")))
    made_it = Exists(SplitLine.objects.present(course, at=clock.now()).filter(creator__user=OuterRef("pk")))
    near = Q(has_it) | Q(made_it) | Q(pk=course.creator.user_id)
    return list(people.filter(near, is_active=True).order_by("pk"))


def lessons(course: Course, place: Place) -> Any:
    """Of the course as it is now, those that somebody of this place may open."""
    rows = course.live_lessons()
    return rows if place.sees_all else rows.not_hidden()


def askable(course: Course) -> Any:
    """Those under which a question would have readers: not what a moderator has hidden, whoever asks."""
    return course.live_lessons().not_hidden()


def questions(course: Course, place: Place) -> PostQuerySet:
    """All that stand under lessons which somebody of this place may open."""
    if not place.reads:
        return Post.objects.none()
    rows = Post.objects.questions().shown().filter(course=course)
    return rows if place.sees_all else rows.filter(lesson_key__in=_open_keys(course))


def hidden_from_others(course: Course, person: Any, place: Place) -> PostQuerySet:
    """Questions of hers that a moderator has hidden, under lessons which she may open: in no other list they stand."""
    rows = Post.objects.questions().of(person).filter(course=course, is_hidden=True)
    return rows if place.sees_all else rows.filter(lesson_key__in=_open_keys(course))


def _open_keys(course: Course) -> Any:
    return Lesson.objects.filter(version_id=course.live_version_id).not_hidden().values("key")


def is_read_by(post: Post, person: Any, place: Place) -> bool:
    """Whether it stands before somebody of this place, and so does its question."""
    if not place.reads or not all(_is_open_to(one, person, place) for one in (post, post.question or post)):
        return False
    return place.sees_all or _open_keys(post.course).filter(key=post.lesson_key).exists()


def _is_open_to(post: Post, person: Any, place: Place) -> bool:
    return not post.is_hidden or person.pk == post.author_id or place.moderates


def is_closed(post: Post) -> bool:
    """Hidden, or under a hidden question: nothing more is written there, not by its writer either."""
    return any(one.is_hidden for one in (post, post.question or post))


def open_to(rows: PostQuerySet, person: Any, place: Place) -> PostQuerySet:
    """What a moderator has hidden: to its writer, and to moderators. The same of rows as `is_read_by` of one."""
    return rows if place.moderates else rows.filter(Q(is_hidden=False) | Q(author_id=person.pk))


def must_write(person: Any, course: Course) -> Place:
    """The place of somebody who is about to write. Raises MayNotWrite, NotInTheCourse."""
    must_be_free_to_write(person)
    place = of(person, course)
    if not place.writes:
        raise NotInTheCourse
    return place
