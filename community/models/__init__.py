from .around_post import Acceptance, PostRevision, PostVote, QuestionFollow, QuestionMailStop, QuestionNotice
from .hiding import PostHiding, RatingHiding
from .post import Post
from .prior import RatingPrior
from .rating import HelpfulVote, Rating, RatingRevision
from .reply import RatingNotice, RatingReply

__all__ = [
    "Acceptance",
    "HelpfulVote",
    "Post",
    "PostHiding",
    "PostRevision",
    "PostVote",
    "QuestionFollow",
    "QuestionMailStop",
    "QuestionNotice",
    "Rating",
    "RatingHiding",
    "RatingNotice",
    "RatingPrior",
    "RatingReply",
    "RatingRevision",
]
