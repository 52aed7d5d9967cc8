"""What every way out has in common: it can be asked to send, and asked what became of it."""

from dataclasses import dataclass
from typing import Protocol

from marketplace.lib.money import Money

from ..models import AccountKind, Payout


@dataclass(frozen=True)
class Sent:
    """Money that left. `reference` is the other side's own name of it, unique among payouts."""

    reference: str
    amount: Money


class WrongTransfer(Exception):
    """The other side has something of this payout that is not it: a person must look."""


class WaitsForPerson(Exception):
    """Only a person can say what became of it: nothing is done until she has."""


class Rail(Protocol):
    """A way out. Refused and unknown are told apart by GatewayRefused and GatewayUnknown, whoever is asked."""

    # The account of the ledger that the money leaves from.
    leaves_from: AccountKind

    def find(self, payout: Payout) -> Sent | None:
        """What an earlier try sent after all. Raises GatewayRefused, GatewayUnknown, WrongTransfer, WaitsForPerson."""

    def send(self, payout: Payout, key: str) -> Sent:
        """Send it now, under a key that makes a repetition harmless. Raises as `find`; WrongTransfer where the answer
        is not what was asked for.
        """
