from .creator import Creator
from .institution import Institution, Membership
from .invitation import Invitation
from .suspension import Suspension
from .verification import Verification

__all__ = ["Creator", "Institution", "Invitation", "Membership", "Suspension", "Verification"]
