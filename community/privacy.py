"""What is kept of who rated, and what stays when she goes: her ratings, without her name. Scores are made of them, and
other people decided by them.
"""

from django.db.models import F

from accounts.models import User
from accounts.privacy import parts

from .models import HelpfulVote, Rating, RatingReply, RatingRevision


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
        }
    )  # fmt: skip


def forget(person: User) -> None:
    """Her name goes with the account; what she said before she changed it goes here."""
    HelpfulVote.objects.forget(person)
    RatingRevision.objects.forget(person)


parts.register(parts.Part("community", tell, forget))
