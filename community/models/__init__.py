from .hiding import RatingHiding
from .prior import RatingPrior
from .rating import HelpfulVote, Rating, RatingRevision
from .reply import RatingNotice, RatingReply

__all__ = ["HelpfulVote", "Rating", "RatingHiding", "RatingNotice", "RatingPrior", "RatingReply", "RatingRevision"]
