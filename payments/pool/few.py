"""What a few members watched is not told: all months are worth about the same, so what a course had of one says how
much of her time it was.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from learners.retention import FEWEST
from marketplace.lib.money import Money

from ..models import PoolPart

__all__ = ["FEWEST", "Told", "told"]


@dataclass(frozen=True)
class Told:
    """What a creator is told of her parts of one division. `amount` is hers; `waits` is that of it which somebody
    claims; `awarded` is beside it: it went to whose claim was upheld. `parts` one by one, those that were awarded too;
    `others`: the sum of hers that fewer than FEWEST members watched. Which courses these are is said nowhere.
    """

    amount: Money
    waits: Money | None
    awarded: Money | None
    parts: list[PoolPart]
    others: Money | None


def told(parts: Sequence[PoolPart]) -> Told:
    """Of one creator's parts of a division, one at least, with `claim`."""
    currency = parts[0].division.currency

    def total(some: Iterable[PoolPart]) -> Money | None:
        amounts = [part.amount for part in some]
        return Money.total(amounts, currency) if amounts else None

    hers = [part for part in parts if not part.is_awarded]
    return Told(
        amount=total(hers) or Money.zero(currency),
        waits=total(part for part in hers if part.is_held),
        awarded=total(part for part in parts if part.is_awarded),
        parts=[part for part in parts if not part.is_of_few],
        others=total(part for part in hers if part.is_of_few),
    )
