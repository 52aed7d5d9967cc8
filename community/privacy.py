"""What is kept of who rated, asked and answered, and what stays when she goes: her ratings and posts, without her name.
Scores are made of the ones, and other people decided or learned by both.
"""

from typing import Any

from django.db.models import F

from accounts.models import User
from accounts.privacy import parts

from .models import (
    Acceptance,
    HelpfulVote,
    Post,
    PostRevision,
    PostVote,
    QuestionFollow,
    QuestionMailStop,
    Rating,
    RatingReply,
    RatingRevision,
)


def tell(person: User) -> parts.Told:
    course = {"course_slug": F("course__slug")}
    of_rating = {"course_slug": F("rating__course__slug")}
    return parts.Told(
        {
            "ratings": list(Rating.objects.of(person).values(
                "stars", "content", "clarity", "practice", "text", "is_named", "learned", "is_apart", "first_at",
                "said_at", "is_hidden", "helpful_count", **course)),
            "rating_revisions": list(RatingRevision.objects.filter(rating__learner=person).values(
                "number", "stars", "content", "clarity", "practice", "text", "is_named", "learned", "is_apart",
                "said_at", **of_rating)),
            "rating_replies": list(RatingReply.objects.filter(said_by=person).values(
                "number", "text", "said_at", **of_rating)),
            "helpful_votes": list(HelpfulVote.objects.filter(voter=person).values("voted_at", **of_rating)),
            **_posts(person),
        }
    )  # fmt: skip


def _posts(person: User) -> dict[str, list[Any]]:
    question = {"question_title": F("question__title")}
    return {
        "posts": list(Post.objects.of(person).order_by("id").values(
            "id", "kind", "lesson_key", "at_s", "title", "text", "is_named", "is_by_creator", "written_at", "said_at",
            "is_hidden", "votes_count", course_slug=F("course__slug"), **question)),
        "post_revisions": list(PostRevision.objects.filter(post__author=person).values(
            "post_id", "number", "title", "text", "is_named", "said_at")),
        "post_votes": list(PostVote.objects.filter(voter=person).values("post_id", "voted_at")),
        "chosen_answers": list(Acceptance.objects.filter(chosen_by=person).values("chosen_at", **question)),
        "followed_questions": list(QuestionFollow.objects.filter(person=person).values("since", **question)),
        "question_mail_stops": list(QuestionMailStop.objects.filter(person=person).values("stopped_at", "ended_at")),
    }  # fmt: skip


def forget(person: User) -> None:
    """Her name goes with the account; what she said before she changed it goes here."""
    HelpfulVote.objects.forget(person)
    RatingRevision.objects.forget(person)
    PostVote.objects.forget(person)
    PostRevision.objects.forget(person)
    QuestionFollow.objects.filter(person=person).delete()
    QuestionMailStop.objects.filter(person=person).delete()


parts.register(parts.Part("community", tell, forget))
