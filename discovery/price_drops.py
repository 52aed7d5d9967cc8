"""When a price has fallen honestly (X19). Nothing here but stored prices, and no clock.

A fall counts against the lowest price of the thirty days before it, so that raising a price first makes no news; and
against what the course cost when it was saved. Nothing is compared over currencies: there are no rates here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from courses.models import PriceChange
from courses.price_history import Asked, history, lately
from marketplace.lib.money import Money


@dataclass(frozen=True)
class Fall:
    """The change that made it; `before`: the lowest price of the thirty days before that."""

    change: PriceChange
    before: Money


def fall(changes: Sequence[PriceChange], *, first_sold_at: datetime, saved: Money, saved_at: datetime) -> Fall | None:
    """Of all changes of a course, oldest first: the last one, if it is a fall since `saved_at`. None where
    what it was saved at, or was asked for in the thirty days before, is of another currency.
    """
    # A change of what is suggested alone is none of the price.
    changes = [one for before, one in pairwise([None, *changes]) if one and (not before or one.price != before.price)]
    if not changes:
        return None
    last = changes[-1]
    past = history([Asked(one.price, one.changed_at) for one in changes], first_sold_at, last.changed_at)
    if past is None or last.changed_at <= max(saved_at, first_sold_at) or saved.currency != last.currency:
        return None
    asked = [step.price for step in lately(past.steps[:-1], last.changed_at)]
    if not asked or any(price.currency != last.currency for price in asked):
        return None
    before = min(asked)
    return Fall(last, before) if last.price < min(before, saved) else None
