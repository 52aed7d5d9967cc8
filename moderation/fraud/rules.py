"""When signs of fraud are brought before a moderator. Pure: counts in, figures or nothing out.

Each rule asks for more than chance, families, schools and companies bring about: several accounts, one thing that ties
them, and, where they bought, that nobody watched what was bought. What honest people do most is watch.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

Figures = dict[str, Any]
VERSION = 1
# Bought and not watched: at least so many tenths of the purchases.
UNWATCHED_TENTHS = 8
OWN_TIE_ACCOUNTS, SHARED_CARD_ACCOUNTS = 3, 4
RING_TIMES, LEAST_CIRCLE = 2, 2
# Five stars by who saw less than that, in percent; from a tenth on one may rate.
PRAISED_UNSEEN = 25
# A device that so many accounts or fewer use is a household's: whoever else rates from it speaks for the creator.
MOST_ON_DEVICE = 8
FARM_CARD_ACCOUNTS, FARM_DEVICE_ACCOUNTS = 4, 6
TEST_DECLINED, TEST_CARDS = 6, 4
CROWD_DECLINED, CROWD_CARDS, CROWD_TENTHS = 20, 10, 8
MANY_DEVICES, MANY_DAYS, MANY_NETWORKS = 7, 5, 6
# Accounts that are named to the moderator; the rest is counted.
MOST_NAMED = 20


@dataclass(frozen=True)
class Tied:
    """Purchases of one creator's courses by accounts with something in common: `tie` says what, and whose."""

    tie: str
    accounts: tuple[int, ...]
    purchases: int
    unwatched: int


def self_purchase(tied: Tied) -> Figures | None:
    """The creator's own card or device behind three accounts, or one card of anybody's behind four; and unwatched."""
    least = SHARED_CARD_ACCOUNTS if tied.tie == "shared_card" else OWN_TIE_ACCOUNTS
    if len(tied.accounts) < least or not _unwatched(tied.unwatched, tied.purchases):
        return None
    return {
        "tie": tied.tie, "accounts": len(tied.accounts), "least_accounts": least, "purchases": tied.purchases,
        "unwatched": tied.unwatched, "named": list(tied.accounts[:MOST_NAMED]),
    }  # fmt: skip


@dataclass(frozen=True)
class Edge:
    """What one creator did for another: purchases or ratings of her courses, and how many of them were hollow."""

    giver: int
    taker: int
    times: int
    hollow: int

    @property
    def is_hollow(self) -> bool:
        return self.times >= RING_TIMES and _unwatched(self.hollow, self.times)


def rings(edges: Iterable[Edge]) -> dict[int, Figures]:
    """Of creators who buy each other's courses in a circle and do not watch them: figures by creator."""
    return {
        start: {
            "circle": size, "least_circle": LEAST_CIRCLE, "purchases": sum(edge.times for edge in inside),
            "unwatched": sum(edge.hollow for edge in inside),
        }
        for start, size, inside in _circles(edges)
    }  # fmt: skip


def rating_rings(edges: Iterable[Edge]) -> dict[int, Figures]:
    """Of creators who praise each other's courses in a circle and have hardly seen them: figures by creator.

    Hollow is a rating of five stars by who saw less than `PRAISED_UNSEEN` percent.
    """
    return {
        start: {
            "circle": size, "least_circle": LEAST_CIRCLE, "ratings": sum(edge.times for edge in inside),
            "praised": sum(edge.hollow for edge in inside),
        }
        for start, size, inside in _circles(edges)
    }  # fmt: skip


def _circles(edges: Iterable[Edge]) -> Iterator[tuple[int, int, list[Edge]]]:
    """(one of a circle, its size, the hollow edges inside). From each a chain leads to every other and back."""
    hollow = [edge for edge in edges if edge.is_hollow]
    onward: dict[int, set[int]] = {}
    for edge in hollow:
        onward.setdefault(edge.giver, set()).add(edge.taker)
    reached = {start: _reach(start, onward) for start in onward}
    for start, far in reached.items():
        circle = {other for other in far if start in reached.get(other, set())}
        if start in circle and len(circle) >= LEAST_CIRCLE:
            yield start, len(circle), [e for e in hollow if e.giver in circle and e.taker in circle]


@dataclass(frozen=True)
class Redeemed:
    """New accounts that redeemed one coupon with one card (`tie` "card") or on one device ("device").

    `on_one_device`: how many of them share a device with another of them.
    """

    tie: str
    accounts: tuple[int, ...]
    on_one_device: int
    uses: int
    unwatched: int


def coupon_farming(seen: Redeemed) -> Figures | None:
    """One person behind many: four accounts of one card and one device; or six on one device that watch nothing."""
    if seen.tie == "card":
        least, is_one = FARM_CARD_ACCOUNTS, seen.on_one_device >= FARM_CARD_ACCOUNTS
    else:
        least, is_one = FARM_DEVICE_ACCOUNTS, _unwatched(seen.unwatched, seen.uses)
    if len(seen.accounts) < least or not is_one:
        return None
    return {
        "tie": seen.tie, "accounts": len(seen.accounts), "least_accounts": least, "uses": seen.uses,
        "unwatched": seen.unwatched, "named": list(seen.accounts[:MOST_NAMED]),
    }  # fmt: skip


def card_testing(*, declined: int, cards: int, tries: int, accounts: int) -> Figures | None:
    """Within 24 hours, by one account or by several on one device: many cards, nearly all of them declined."""
    least, least_cards = (TEST_DECLINED, TEST_CARDS) if accounts == 1 else (CROWD_DECLINED, CROWD_CARDS)
    if declined < least or cards < least_cards or declined * 10 < tries * CROWD_TENTHS:
        return None
    return {
        "declined": declined, "least_declined": least, "cards": cards, "least_cards": least_cards, "tries": tries,
        "accounts": accounts,
    }  # fmt: skip


def account_sharing(*, days: int, devices: int, refused: int, networks: int) -> Figures | None:
    """Within 14 days: on five days seven devices or more a day, from log-ins in six networks or more."""
    if days < MANY_DAYS or networks < MANY_NETWORKS:
        return None
    return {
        "many_days": days, "least_many_days": MANY_DAYS, "devices": devices, "least_devices": MANY_DEVICES,
        "networks": networks, "least_networks": MANY_NETWORKS, "refused": refused,
    }  # fmt: skip


def _unwatched(unwatched: int, of: int) -> bool:
    return of > 0 and unwatched * 10 >= of * UNWATCHED_TENTHS


def _reach(start: int, onward: dict[int, set[int]]) -> set[int]:
    """Everybody to whom a chain leads; `start` too, if one leads back."""
    seen: set[int] = set()
    ahead = list(onward.get(start, ()))
    while ahead:
        here = ahead.pop()
        if here not in seen:
            seen.add(here)
            ahead += onward.get(here, ())
    return seen
