"""What the bell does for assignments, in this order: free what was kept too long, hand on, show."""

from datetime import datetime

from . import peers, results


def look_after(now: datetime) -> int:
    """How many rows were looked at. Rung twice it does no harm."""
    return peers.expire_overdue(now) + peers.give_to_creators(now) + results.show_all_due(now)
