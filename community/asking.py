"""Asking, answering, commenting, voting, choosing an answer, following: who may, and what follows at once.

Locks are taken in one order: the writer, the question, the post.
"""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import notices, unsubscribing
from accounts.models import User
from accounts.resting import must_be_free_to_write
from courses.models import Course
from learners.notes import film_at
from marketplace.lib import links
from marketplace.lib.errors import DomainError, NotAllowed

from . import circle
from .models import Acceptance, Post, QuestionFollow, QuestionMailStop
from .models.post import MOST_ANSWERS, MOST_COMMENTS, ThreadIsFull


class NotAnAnswer(DomainError):
    code = "not_an_answer"
    status = 400
    message = _("This is no answer to that question.")


@transaction.atomic
def ask(author: User, course: Course, key: uuid.UUID, said: Mapping[str, Any], *, at_s: int | None = None) -> Post:
    """A question under the live lesson of this key. Its writer hears of answers.

    Raises MayNotWrite, NotInTheCourse, Http404, ValidationError, TooManyPosts.
    """
    place = circle.must_write(author, course)
    lesson = circle.askable(course).filter(key=key).select_related("video").first()
    if lesson is None:
        raise Http404
    _hold_writer(author)
    post = Post.objects.write(
        kind=Post.Kind.QUESTION, author=author, said=_named(said, place), course=course, lesson_key=key, at_s=at_s,
        asset=film_at(lesson, at_s), is_by_creator=place.makes_it,
    )  # fmt: skip
    QuestionFollow.objects.choose(post, author, follows=True)
    return post


@transaction.atomic
def answer(author: User, question: Post, said: Mapping[str, Any]) -> Post:
    """Raises MayNotWrite, NotInTheCourse, Http404, ValidationError, ThreadIsFull, TooManyPosts."""
    place = _place_at(author, question)
    _hold_writer(author)
    held = Post.objects.hold(question.pk)
    if held.posts.answers().count() >= MOST_ANSWERS:
        raise ThreadIsFull
    post = Post.objects.write(
        kind=Post.Kind.ANSWER, author=author, said=_named(said, place), course=held.course, question=held,
        lesson_key=held.lesson_key, is_by_creator=place.makes_it,
    )  # fmt: skip
    held.follow_answers()
    return post


@transaction.atomic
def comment(author: User, parent: Post, said: Mapping[str, Any]) -> Post:
    """On a question or an answer.

    Raises MayNotWrite, NotInTheCourse, Http404, ValidationError, ThreadIsFull, TooManyPosts.
    """
    if parent.kind == Post.Kind.COMMENT:
        raise Http404
    place = _place_at(author, parent)
    _hold_writer(author)
    held = Post.objects.hold(parent.thread_id)
    if parent.comments.count() >= MOST_COMMENTS:
        raise ThreadIsFull
    return Post.objects.write(
        kind=Post.Kind.COMMENT, author=author, said=_named(said, place), course=held.course, question=held,
        parent=parent, lesson_key=held.lesson_key, is_by_creator=place.makes_it,
    )  # fmt: skip


@transaction.atomic
def edit(post: Post, said: Mapping[str, Any], *, by: User, revision: int | None = None) -> Post:
    """Its writer says it otherwise; what it said is kept.

    Raises MayNotWrite, NotInTheCourse, NotAllowed, Http404, ValidationError, PostChangedElsewhere, TooManyChanges.
    """
    if post.author_id != by.pk:
        raise NotAllowed
    place = _seen_at(by, post)
    held = Post.objects.hold(post.pk)
    held.edit(_named(said, place), revision=revision)
    return held


def vote(post: Post, *, by: User, up: bool = True) -> None:
    """For a question or an answer, or not any more. Raises MayNotWrite, NotInTheCourse, Http404, OwnPost."""
    if post.kind == Post.Kind.COMMENT:
        raise Http404
    _place_at(by, post)
    post.vote(by, up=up)


@transaction.atomic
def accept(question: Post, answer: Post | None, *, by: User, number: int | None = None) -> Acceptance:
    """Who asked, or who made the course, says which answer it is, or that it is none after all.

    `number`: of the choice that the chooser saw. Raises MayNotWrite, NotInTheCourse, NotAllowed, Http404, NotAnAnswer,
    AcceptedElsewhere, ChosenTooOften.
    """
    place = _place_at(by, question)
    if not place.makes_it and by.pk != question.author_id:
        raise NotAllowed(_("Who asked chooses the answer, or the course's creator."))
    held = Post.objects.hold(question.pk)
    if answer is not None and not held.posts.answers().shown().filter(pk=answer.pk).exists():
        raise NotAnAnswer
    row = Acceptance.objects.choose(held, answer, by=by, number=number)
    if answer is not None:
        _tell_of_acceptance(row)
    return row


def follow(question: Post, *, by: User, follows: bool = True) -> None:
    """Hear of answers, or not any more. Raises Http404, NotInTheCourse: nobody else is told of them."""
    place = circle.of(by, question.course)
    if not question.is_question or not circle.is_read_by(question, by, place):
        raise Http404
    if follows and not place.writes:
        raise circle.NotInTheCourse
    QuestionFollow.objects.choose(question, by, follows=follows)


def address(post: Post) -> str:
    """Where it stands."""
    page = reverse("community:question", args=[post.thread_id])
    return page if post.is_question else f"{page}#post-{post.pk}"


def _place_at(person: User, post: Post) -> circle.Place:
    """Of somebody who is about to write there. What is hidden takes nothing more, not even from its writer.

    Raises MayNotWrite, NotInTheCourse, Http404.
    """
    if circle.is_closed(post):
        raise Http404
    return _seen_at(person, post)


def _seen_at(person: User, post: Post) -> circle.Place:
    """The same, where its writer says anew what was hidden; what she does not see is not there."""
    must_be_free_to_write(person)
    place = circle.of(person, post.course)
    if not circle.is_read_by(post, person, place):
        raise Http404
    if not place.writes:
        raise circle.NotInTheCourse
    return place


def _named(said: Mapping[str, Any], place: circle.Place) -> Mapping[str, Any]:
    """Who made the course speaks with her name."""
    return {**said, "is_named": True} if place.makes_it else said


def _hold_writer(author: User) -> None:
    """One person's posts are written one after the other, or the limit would be none."""
    User.objects.select_for_update(no_key=True).only("pk").get(pk=author.pk)


def _tell_of_acceptance(row: Acceptance) -> None:
    """Who asked, and whose answer it is, hear it from whoever chose."""
    assert row.answer is not None
    people = {row.question.author_id, row.answer.author_id} - {row.chosen_by_id}
    for person in circle.who_may_hear(User.objects.filter(pk__in=people), row.question.course):
        if QuestionMailStop.objects.wants(person):
            notices.tell(
                # Chosen, taken back and chosen again, it is told once.
                f"accepted:{row.question_id}:{row.answer_id}:{person.pk}", person, "community/answer_accepted",
                {"title": row.question.title, "excerpt": row.answer.excerpt,
                 "is_mine": person == row.answer.author,
                 "action_url": links.absolute(address(row.answer)), "action_label": _("Open the answer"),
                 "unsubscribe_url": unsubscribing.address(person, "community:question_mails")},
            )  # fmt: skip
