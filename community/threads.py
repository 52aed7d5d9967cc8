"""Questions as pages and the API show them: lists, and one with its answers, in as many queries for one as for all."""

import uuid
from dataclasses import dataclass
from typing import Any

from courses.models import Course, Lesson
from courses.paging import Page, page_of
from learners.notes import stand

from . import circle
from .models import Post, PostHiding, PostVote, QuestionFollow
from .models.post import PostQuerySet

# Each order is one column and the id, so that every page can begin where the last one ended.
ORDERS = {
    "votes": ("-votes_count", "-id"),
    "newest": ("-written_at", "-id"),
    "unanswered": ("-written_at", "-id"),
}
MOST_BESIDE_A_LESSON = 12
MOST_HIDDEN = 20


@dataclass(frozen=True)
class Asked:
    """What stands beside a lesson: its first questions, and whether there are more."""

    course: Course
    lesson: Lesson
    place: circle.Place
    rows: list[Post]
    has_more: bool
    may_ask: bool


@dataclass(frozen=True)
class Thread:
    """A question, a page of its answers without the accepted one, which stands before them, and the reader's place."""

    question: Post
    lesson: Lesson | None
    place: circle.Place
    accepted: Post | None
    page: Page
    # Of the choice that stands, 0 for none.
    choice: int
    is_followed: bool
    may_accept: bool

    @property
    def may_write(self) -> bool:
        """Answers, comments and votes; under a hidden question nobody does, its writer neither."""
        return self.place.writes and not self.question.is_hidden

    @property
    def answers(self) -> list[Post]:
        return [*([self.accepted] if self.accepted else []), *self.page.rows]


def listed(course: Course, place: circle.Place, *, lesson: uuid.UUID | None, words: str, order: str) -> PostQuerySet:
    """The questions of a course, or of one lesson of it, that hold the words; `order` of ORDERS, for `unanswered` only
    those.
    """
    rows = circle.questions(course, place).with_writers().holding(words)
    if order == "unanswered":
        rows = rows.unanswered()
    return rows.filter(lesson_key=lesson) if lesson else rows


def page(rows: PostQuerySet, order: str, marks: dict[str, str]) -> Page:
    """A page of them, each with its lesson's title and its place in the film that is shown now."""
    found = page_of(rows, ORDERS[order], after=marks["after"], before=marks["before"])
    place_all(found.rows)
    return found


def place_all(rows: list[Post]) -> None:
    """Tell each its `lesson`, None where it is no longer in its course, and the second in the film of now."""
    live = Lesson.objects.live().filter(key__in={row.lesson_key for row in rows})
    lessons = {lesson.key: lesson for lesson in live.select_related("video")}
    for row in rows:
        row.lesson = lessons.get(row.lesson_key)
    stand(rows, {key: lesson.video for key, lesson in lessons.items()})


def beside(lesson: Lesson, reader: Any) -> Asked | None:
    """The most voted questions of a live lesson, for its page; None for who does not read them."""
    course = lesson.version.course
    place = circle.of(reader, course)
    if not place.reads:
        return None
    rows = Post.objects.questions().shown().filter(lesson_key=lesson.key, course=course).with_writers()
    found = list(rows.order_by(*ORDERS["votes"])[: MOST_BESIDE_A_LESSON + 1])
    shown = found[:MOST_BESIDE_A_LESSON]
    for row in shown:
        row.lesson = lesson
    stand(shown, {lesson.key: lesson.video})
    # Only who sees hidden lessons may stand beside one.
    is_open = not place.sees_all or circle.askable(course).filter(key=lesson.key).exists()
    return Asked(course, lesson, place, shown, len(found) > len(shown), place.writes and is_open)


def hidden_of(course: Course, reader: Any, place: circle.Place) -> list[Post]:
    """Her questions in this course that a moderator has hidden, with why; the newest first."""
    rows = circle.hidden_from_others(course, reader, place).with_writers().order_by(*ORDERS["newest"])
    found = list(rows[:MOST_HIDDEN])
    place_all(found)
    say_why(found, reader)
    return found


def say_why(posts: list[Post], reader: Any) -> None:
    """Tell the reader of each post of hers that is hidden by which rule and why; one query where there is one."""
    hers = {post.pk: post for post in posts if post.is_hidden and post.author_id == reader.pk}
    for row in PostHiding.objects.filter(post__in=hers, lifted_at=None) if hers else ():
        hers[row.post_id].hiding = row


def of(question: Post, reader: Any, marks: dict[str, str]) -> Thread | None:
    """A question with a page of its answers, the most voted first; None for who does not read it."""
    place = circle.of(reader, question.course)
    if not circle.is_read_by(question, reader, place):
        return None
    accepted = question.accepted
    # Hiding an answer ends that it is chosen; one that a process of before hid, without that, stands on top no more.
    if accepted and accepted.is_hidden:
        accepted = None
    found = _answers(question, reader, place, marks, accepted)
    place_all([question])
    fill([question, *([accepted] if accepted else []), *found.rows], reader, place)
    last = question.acceptances.last()
    return Thread(
        question, question.lesson, place, accepted, found, last.number if last else 0,
        QuestionFollow.objects.filter(question=question, person=reader).exists(),
        not question.is_hidden and (place.makes_it or (place.writes and reader.pk == question.author_id)),
    )  # fmt: skip


def _answers(question: Post, reader: Any, place: circle.Place, marks: dict[str, str], accepted: Post | None) -> Page:
    """A page of those that the reader may see, the most voted first, without the accepted one."""
    rows = answers(question, reader, place)
    if accepted:
        rows = rows.exclude(pk=accepted.pk)
    return page_of(rows, ORDERS["votes"], after=marks["after"], before=marks["before"])


def answers(question: Post, reader: Any, place: circle.Place) -> PostQuerySet:
    """All that somebody of this place may see."""
    return circle.open_to(Post.objects.answers(), reader, place).filter(question=question).with_writers()


def fill(posts: list[Post], reader: Any, place: circle.Place) -> None:
    """Two queries, and one where something of hers is hidden: comments on each that somebody of this place may see,
    whether the reader has voted for it, and why it is hidden.
    """
    keys = [post.pk for post in posts]
    voted = set(PostVote.objects.filter(voter=reader, post__in=keys).values_list("post_id", flat=True))
    said: dict[int | None, list[Post]] = {}
    remarks = circle.open_to(Post.objects.comments(), reader, place).filter(parent__in=keys)
    for remark in remarks.with_writers().order_by("parent", "id"):
        said.setdefault(remark.parent_id, []).append(remark)
    for post in posts:
        post.is_voted, post.remarks = post.pk in voted, said.get(post.pk, [])
    say_why([*posts, *(remark for post in posts for remark in post.remarks)], reader)
