from .claim import Claim, ClaimedByAnother, ClaimLost, NotWaiting

__all__ = ["Claim", "ClaimLost", "ClaimedByAnother", "NotWaiting"]
