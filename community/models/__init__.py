from .prior import RatingPrior
from .rating import HelpfulVote, Rating, RatingRevision
from .reply import RatingNotice, RatingReply

__all__ = ["HelpfulVote", "Rating", "RatingNotice", "RatingPrior", "RatingReply", "RatingRevision"]
