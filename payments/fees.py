"""How one sale is shared. Pure arithmetic in minor units; source: the design's page on money, 3.5."""

from dataclasses import dataclass
from typing import Protocol

from marketplace.lib.money import Money


class SharingRule(Protocol):
    """Basis points of the net price, and a fixed amount in minor units of the sale's currency."""

    @property
    def platform_bps(self) -> int: ...

    @property
    def fixed_minor(self) -> int: ...


@dataclass(frozen=True)
class Shares:
    """The two parts of a net price; they sum to it exactly."""

    platform: Money
    creator: Money


def split(net: Money, rule: SharingRule) -> Shares:
    """The platform takes its rounded part, never more than there is; the creator has the rest. `net` >= 0."""
    if net.minor < 0:
        raise ValueError("a sale is not negative")
    rounded_half_up = (net.minor * rule.platform_bps + 5_000) // 10_000
    platform = Money(min(net.minor, rounded_half_up + rule.fixed_minor), net.currency)
    return Shares(platform, net - platform)
