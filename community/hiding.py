"""Hiding what somebody wrote and showing it again: what is counted of it follows in the same transaction."""

from typing import Any

from django.db import transaction

from accounts.models import User

from . import reckoning
from .models import Post, PostHiding, Rating, RatingHiding


@transaction.atomic
def hide(rating: Rating, *, by: User, **words: Any) -> RatingHiding:
    """`words`: rule_code, rule_version, reason. Raises AlreadyRestricted, NotAllowed."""
    held = rating.course.hold()
    row = RatingHiding.objects.hide(rating, by=by, **words)
    reckoning.reckon(held)
    return row


@transaction.atomic
def lift(row: RatingHiding, *, by: User | None, reason: str) -> None:
    """As before, for everybody and in the number. Raises AlreadyFreed, NotAllowed."""
    held = row.rating.course.hold()
    row.lift(by=by, reason=reason)
    reckoning.reckon(held)


@transaction.atomic
def hide_post(post: Post, *, by: User, **words: Any) -> PostHiding:
    """A question goes with all that stands under it. Raises AlreadyRestricted, NotAllowed."""
    held = Post.objects.hold(post.thread_id)
    row: PostHiding = PostHiding.objects.hide(post, by=by, **words)
    _follow(held, post)
    return row


@transaction.atomic
def lift_post(row: PostHiding, *, by: User | None, reason: str) -> None:
    """As before. Raises AlreadyFreed, NotAllowed."""
    held = Post.objects.hold(row.post.thread_id)
    row.lift(by=by, reason=reason)
    _follow(held, row.post)


def _follow(question: Post, post: Post) -> None:
    """A question whose chosen answer is hidden waits for its creator again, and has it back when it is shown again."""
    if post.kind == Post.Kind.ANSWER:
        question.follow_answers()
        question.follow_choice()
