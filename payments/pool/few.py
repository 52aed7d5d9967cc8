"""What a few members watched is not told: all months are worth about the same, so what a course had of one says how
much of her time it was.
"""

from collections.abc import Sequence

from learners.retention import FEWEST
from marketplace.lib.money import Money

from ..models import PoolPart

__all__ = ["FEWEST", "apart"]


def apart(parts: Sequence[PoolPart]) -> tuple[list[PoolPart], Money | None]:
    """Of one creator's parts of a division, one at least: those that she is told of one by one, and the sum of those
    that fewer than FEWEST members watched. Which courses these are, nor how many, is said nowhere.
    """
    few = [part.amount for part in parts if part.is_of_few]
    told = [part for part in parts if not part.is_of_few]
    return told, Money.total(few, parts[0].division.currency) if few else None
