"""What a learner can have back by herself: arithmetic on days and on seconds watched, the same wherever it is asked.

Whole within the first days and the first part of the course; then, for some days more and up to a larger part, the
share of the price that was not watched; nothing once the course was completed. No ORM, no clock, no float.
Source: product page X4 and its table of defaults.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from marketplace.lib.money import CURRENCIES, Money

BPS = 10_000
_MOMENT = timedelta(microseconds=1)


class Terms(Protocol):
    """Days since the purchase, and basis points of the course's length: whole first, then a part."""

    whole_days: int
    whole_bps: int
    part_days: int
    part_bps: int


class Kind(StrEnum):
    WHOLE = "whole"
    PART = "part"
    NONE = "none"


class Reason(StrEnum):
    """Why an offer is what it is. The last four come from facts that are no arithmetic: `payments.meter`."""

    EARLY = "early"
    UNWATCHED_SHARE = "unwatched_share"
    COMPLETED = "completed"
    TOO_LATE = "too_late"
    WATCHED_TOO_MUCH = "watched_too_much"
    NOTHING_LEFT = "nothing_left"
    REFUNDED_BEFORE = "refunded_before"
    UNDER_WAY = "under_way"
    DISPUTED = "disputed"
    NOT_YOURS = "not_yours"


@dataclass(frozen=True)
class Offer:
    """What would come back now, and what ends it.

    The offer keeps its kind up to and including the moment `until` and `watched_most_s` seconds watched; what follows
    then is `after_time` and `after_watching`. The amount of a part falls with each second watched.
    """

    kind: Kind
    amount: Money
    reason: Reason
    until: datetime | None = None
    watched_most_s: int | None = None
    after_time: Kind = Kind.NONE
    after_watching: Kind = Kind.NONE

    def __bool__(self) -> bool:
        return self.kind != Kind.NONE


def nothing(currency: str, reason: Reason) -> Offer:
    return Offer(Kind.NONE, Money.zero(currency), reason)


def offer(
    rule: Terms,
    price: Money,
    *,
    bought_at: datetime,
    now: datetime,
    watched_s: int,
    length_s: int,
    has_certificate: bool,
    left: Money | None = None,
) -> Offer:
    """`watched_s`: unique seconds seen of `length_s`. `left`: what of `price` was not given back yet (all, if None)."""
    left = price if left is None else left
    watched_s = max(0, min(watched_s, length_s))
    kind = _kind(rule, bought_at, now, watched_s, length_s)
    if has_certificate:
        return nothing(price.currency, Reason.COMPLETED)
    if left.minor <= 0:
        return nothing(price.currency, Reason.NOTHING_LEFT)
    if kind == Kind.NONE:
        is_late = now > bought_at + timedelta(days=rule.part_days)
        return nothing(price.currency, Reason.TOO_LATE if is_late else Reason.WATCHED_TOO_MUCH)
    if kind == Kind.WHOLE:
        until, most_s = bought_at + timedelta(days=rule.whole_days), most_seconds(rule.whole_bps, length_s)
        facts: dict[str, Any] = {"bought_at": bought_at, "length_s": length_s, "has_certificate": False, "left": left}
        after_time = offer(rule, price, now=until + _MOMENT, watched_s=watched_s, **facts).kind
        after_watching: Kind = kind
        if most_s < length_s:  # or watching it all ends nothing
            after_watching = offer(rule, price, now=now, watched_s=most_s + 1, **facts).kind
        return Offer(kind, left, Reason.EARLY, until, most_s, after_time, after_watching)
    amount = min(left, unwatched_share(price, watched_s, length_s))
    if not amount:
        return nothing(price.currency, Reason.WATCHED_TOO_MUCH)
    most_s = most_seconds(rule.part_bps, length_s)
    return Offer(Kind.PART, amount, Reason.UNWATCHED_SHARE, bought_at + timedelta(days=rule.part_days), most_s)


def _kind(rule: Terms, bought_at: datetime, now: datetime, watched_s: int, length_s: int) -> Kind:
    for kind, days, bps in ((Kind.WHOLE, rule.whole_days, rule.whole_bps), (Kind.PART, rule.part_days, rule.part_bps)):
        if now <= bought_at + timedelta(days=days) and watched_s <= most_seconds(bps, length_s):
            return kind
    return Kind.NONE


def most_seconds(bps: int, length_s: int) -> int:
    """The most whole seconds of `length_s` that are not more than `bps` of it."""
    return bps * length_s // BPS


def unwatched_share(price: Money, watched_s: int, length_s: int) -> Money:
    """The part of `price` for what was not watched, down to what the provider can move. All, without any length."""
    if not length_s:
        return price
    exact = price.minor * (length_s - min(watched_s, length_s)) // length_s
    return Money(exact - exact % CURRENCIES[price.currency].charge_multiple, price.currency)
