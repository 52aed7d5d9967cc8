"""How entries become hashes. Pure; `docs/verify/kezhan_verify.py` does the same by itself and must stay in step.

Every hash is SHA-256 over a word that says what is hashed, and the compact JSON of a list (FORMAT names this way).
A line's hash is salted, so that a proof tells nobody what stands on somebody else's account.
"""

import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

FORMAT = "kezhan-1"
WITH_ACCOUNTS = "kezhan-2"  # a seal that says where creators' accounts stood, too
START = "0" * 64  # what the first seal follows
EMPTY_ROOT = hashlib.sha256(b"empty").hexdigest()


def text(value: Any) -> bytes:
    """One way to write a value: no spaces, keys in order, every character as itself."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(what: str, value: Any) -> str:
    return hashlib.sha256(what.encode() + b"\n" + text(value)).hexdigest()


def moment(at: datetime) -> str:
    """A time to the microsecond, in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def salt(secret: bytes, what: str, pk: int) -> str:
    """What hides a line or an entry's facts: of the seal's secret, so that it can be made again."""
    return hmac.new(secret, f"{what}:{pk}".encode(), hashlib.sha256).hexdigest()[:32]


def line_hash(account: str, owner: int | None, currency: str, amount_minor: int, salt_: str) -> str:
    return digest("line", [account, owner, currency, str(amount_minor), salt_])


def facts_hash(meta: dict[str, Any], payload_hash: str, salt_: str) -> str:
    return digest("facts", [meta, payload_hash, salt_])


def entry_hash(head: dict[str, Any]) -> str:
    """`head`: id, book, key, kind, order, occurred_at, created_at, reverses, facts, lines (hashes in booking order)."""
    return digest("entry", head)


def account_hash(account: str, owner: int | None, currency: str, lines: int, amount_minor: int, salt_: str) -> str:
    """Where an account stood when its day was sealed: how many lines it had since it began, and what they sum to."""
    return digest("account", [account, owner, currency, lines, str(amount_minor), salt_])


def seal_hash(
    book: str, day: str, entries: int, first_id: int, last_id: int, root: str, previous: str, accounts: str = ""
) -> str:
    """`accounts`: the Merkle root of where accounts stood; "" for a seal of the time before there was one."""
    if not accounts:
        return digest("seal", [FORMAT, book, day, entries, first_id, last_id, root, previous])
    return digest("seal", [WITH_ACCOUNTS, book, day, entries, first_id, last_id, root, accounts, previous])


def _pair(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _leaf(entry: str) -> bytes:
    return hashlib.sha256(b"\x00" + bytes.fromhex(entry)).digest()


def _levels(entries: Sequence[str]) -> list[list[bytes]]:
    """The tree from the leaves to the root. A node without a neighbor goes up as it is."""
    levels = [[_leaf(entry) for entry in entries]]
    while len(levels[-1]) > 1:
        below = levels[-1]
        pairs = [_pair(below[at], below[at + 1]) for at in range(0, len(below) - 1, 2)]
        levels.append(pairs + below[len(pairs) * 2 :])
    return levels


def root(entries: Sequence[str]) -> str:
    """The Merkle root of a day's entry hashes, in order of id."""
    return _levels(entries)[-1][0].hex() if entries else EMPTY_ROOT


class Tree:
    """A day's tree, kept to answer for many entries."""

    def __init__(self, entries: Sequence[str]) -> None:
        self._levels = _levels(entries)

    @property
    def root(self) -> str:
        return self._levels[-1][0].hex()

    def path(self, at: int) -> list[str]:
        """What leads from the leaf at `at` to the root: "L…" stands left of what is known so far, "R…" right."""
        steps = []
        for level in self._levels[:-1]:
            beside = at ^ 1
            if beside < len(level):
                steps.append(("R" if at % 2 == 0 else "L") + level[beside].hex())
            at //= 2
        return steps
