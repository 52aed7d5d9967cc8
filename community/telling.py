"""Tells people of answers and comments: who follows a question, and whose words were commented on. At once, a mail
each; who wants to hear nothing of questions says so once. Who has no right to the course any more hears nothing either.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import unsubscribing
from accounts.models import User
from accounts.notices import tell
from marketplace.lib import links, sweeps

from . import asking, circle
from .models import Post, QuestionMailStop
from .notices import QUESTION_MAILS, SETTLED

# What is older is no news any more.
TOLD_FOR = timedelta(days=7)
# Posts in one go, and people in one transaction.
POSTS, PEOPLE = 100, 50


def send_due(now: datetime) -> int:
    """Everything that is settled and was not told yet; of how many posts."""
    rows = Post.objects.filter(told_at=None, written_at__range=(now - TOLD_FOR, now - SETTLED)).shown()
    rows = (
        rows.exclude(kind=Post.Kind.QUESTION)
        .exclude(Q(question__is_hidden=True) | Q(parent__is_hidden=True))
        .order_by("written_at", "id")
        .with_writers()
    )
    found = rows.select_related("question", "parent")[: 10 * POSTS]
    return len(sweeps.each("answers", found, lambda post: _tell(post, now), most=POSTS))


def _tell(post: Post, now: datetime) -> None:
    """Cut short, it is told again from the beginning: each person's mail has a key, and nobody gets two."""
    people = listeners(post)
    for begin in range(0, len(people), PEOPLE):
        with transaction.atomic():
            for person in people[begin : begin + PEOPLE]:
                _mail(post, person)
    post.be_told(now)


def listeners(post: Post) -> list[User]:
    """Of an answer, who follows its question; of a comment, whose words it is about. Not its writer."""
    if post.parent is not None:
        people = User.objects.filter(pk=post.parent.author_id)
    else:
        people = User.objects.filter(pk__in=_question_of(post).follows.values("person"))
    people = people.exclude(pk=post.author_id)
    people = people.exclude(pk__in=QuestionMailStop.objects.open().values("person"))
    return circle.who_may_hear(people, post.course)


def _question_of(post: Post) -> Post:
    assert post.question is not None
    return post.question


def _mail(post: Post, person: User) -> None:
    context: dict[str, Any] = {
        "title": _question_of(post).title, "excerpt": post.excerpt, "name": post.by, "is_comment": bool(post.parent_id),
        "action_url": links.absolute(asking.address(post)), "action_label": _("Open the question"),
        "unsubscribe_url": unsubscribing.address(person, QUESTION_MAILS),
    }  # fmt: skip
    tell(f"post:{post.pk}:{person.pk}", person, "community/new_answer", context)
