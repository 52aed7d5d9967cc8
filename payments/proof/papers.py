"""The two files that a creator checks her money with, as `docs/verify/kezhan_verify.py` reads them.

JSON with one thing a line, each line written in the one canonical way: so a wrong byte has a line, and a line a name.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from ..models import LedgerSeal, RevenueRule
from . import canonical

SEALS = "kezhan-seals-1"
Facts = dict[str, Any]


def laid_out(head: Facts, name: str, rows: Iterable[Facts], end: Facts | None = None) -> Iterator[bytes]:
    """The bytes of a file: the head, a list called `name` with a row a line, and the end (which may be filled late)."""
    yield canonical.text(head)[:-1] + b',"' + name.encode() + b'":[\n'
    waiting: Facts | None = None
    for row in rows:
        if waiting is not None:
            yield canonical.text(waiting) + b",\n"
        waiting = row
    if waiting is not None:
        yield canonical.text(waiting) + b"\n"
    yield b'],"end":' + canonical.text(end or {}) + b"}\n"


def rule_of(rule: RevenueRule) -> Facts:
    """A revenue rule as it is published and as a line of a statement names it. Tiers are named where there are some: a
    rule without is written as it was before there were tiers, so older files still fit.
    """
    tiers: Facts = {"tier_days": rule.tier_days, "tiers": rule.tier_steps} if rule.tiers else {}
    return tiers | {
        "code": rule.code, "starts_at": canonical.moment(rule.starts_at), "platform_bps": rule.platform_bps,
        "affiliate_bps": rule.affiliate_bps, "fixed_minor": str(rule.fixed_minor),
    }  # fmt: skip


def seals(book: str) -> Iterator[bytes]:
    """All seals of a book and all rules of sharing, for everybody. No entry, no amount, nobody's name."""
    head: Facts = {"format": SEALS, "book": book, "rules": [rule_of(rule) for rule in RevenueRule.objects.all()]}
    head["check"] = canonical.digest("head", head)
    end: Facts = {"count": 0, "newest": canonical.START}
    return laid_out(head, "seals", _seals(book, end), end)


def _seals(book: str, end: Facts) -> Iterator[Facts]:
    for seal in LedgerSeal.objects.of(book).defer("secret").iterator(chunk_size=1000):
        end.update(count=end["count"] + 1, newest=seal.hash)
        yield public(seal)


def public(seal: LedgerSeal) -> Facts:
    accounts: Facts = {"accounts": seal.accounts} if seal.accounts else {}
    return accounts | {
        "day": seal.day.isoformat(), "entries": seal.entries, "first_id": seal.first_id, "last_id": seal.last_id,
        "root": seal.root, "previous": seal.previous, "hash": seal.hash,
    }  # fmt: skip
