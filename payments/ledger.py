"""The one way to write the ledger, and to read a balance from it.

`post` books one event under a key that names it. Booked again with the same lines it answers with the first entry;
with other lines it is refused. It either books everything or undoes the whole transaction it stands in.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from marketplace.lib.errors import DomainError
from marketplace.lib.money import Money, UnknownCurrency, Unread

from .models import AccountKind, AccountRef, EntryKind, LedgerAccount, LedgerCheckpoint, LedgerEntry, LedgerPosting

Line = tuple[AccountRef, Money]

__all__ = [
    "AccountRef",
    "KeyReused",
    "Line",
    "Overdrawn",
    "Post",
    "Unbalanced",
    "balance",
    "balances_of",
    "post",
    "post_all",
    "reverse",
    "summed_trial_balance",
    "trial_balance",
]


class KeyReused(DomainError):
    code = "ledger_key_reused"
    message = _("Another event of money was booked under this key.")


class Overdrawn(DomainError):
    code = "overdrawn"
    message = _("There is not that much money to pay out.")


class Unbalanced(Exception):
    """The lines do not sum to zero per currency, or are fewer than two: always a bug."""


@dataclass(frozen=True)
class Post:
    """One event to be booked: see `post`."""

    key: str
    kind: EntryKind
    lines: Sequence[Line]
    book: str
    meta: dict[str, Any] = field(default_factory=dict)
    reverses: LedgerEntry | None = None
    occurred_at: datetime | None = None


def post(
    key: str,
    kind: EntryKind,
    lines: Sequence[Line],
    *,
    book: str,
    meta: dict[str, Any] | None = None,
    reverses: LedgerEntry | None = None,
    occurred_at: datetime | None = None,
) -> LedgerEntry:
    """Book one event. Lines are (account, amount), debit positive; lines of nothing are left out.

    Raises KeyReused, Unbalanced, UnknownCurrency, and Overdrawn when a payout hold would take an account below its
    floor.
    """
    return post_all([Post(key, kind, lines, book, meta or {}, reverses, occurred_at)])[0]


def post_all(posts: Sequence[Post]) -> list[LedgerEntry]:
    """Book several events in one statement, all or none. Raises as `post`."""
    wanted = [_plain(event) for event in posts]
    if len({event.key for event in posts}) < len(posts):
        raise KeyReused
    with transaction.atomic(savepoint=False):
        try:
            booked = LedgerEntry.objects.write(wanted)
        except IntegrityError as error:
            if getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") == "ledger_floor":
                raise Overdrawn from error
            raise
        for event, plain, row in zip(posts, wanted, booked, strict=True):
            # No entry: then the one that was to be reversed has its reversal already.
            if row is None or row.payload_hash != plain["payload_hash"]:
                raise KeyReused(key=event.key)
    return [row for row in booked if row is not None]


def _plain(event: Post) -> dict[str, Any]:
    lines = [(ref, amount) for ref, amount in event.lines if amount]
    for _ref, amount in lines:
        if isinstance(amount, Unread):
            raise UnknownCurrency(amount.currency)
    _must_balance(lines)
    return {
        "book": event.book,
        "idem_key": event.key,
        "payload_hash": _digest(event.book, event.kind, lines, event.reverses),
        "kind": event.kind,
        "reverses_id": event.reverses and event.reverses.pk,
        "occurred_at": event.occurred_at,
        "meta": event.meta,
        "lines": [
            {
                "kind": ref.kind, "owner": ref.owner_id, "currency": amount.currency, "minor": amount.minor,
                "side": ref.kind.side, "cached": ref.kind.is_cached, "floor": ref.kind.floor_minor,
            }
            for ref, amount in lines
        ],
    }  # fmt: skip


def reverse(
    entry: LedgerEntry, key: str, kind: EntryKind = EntryKind.REVERSAL, *, occurred_at: datetime | None = None
) -> LedgerEntry:
    """Undo an entry by its opposite. The database allows one reversal an entry."""
    lines = [
        (AccountRef(AccountKind(p.account.kind), p.account.owner_id), Money(-p.amount_minor, p.currency))
        for p in entry.postings.select_related("account")
    ]
    return post(key, kind, lines, book=entry.book, meta=entry.meta, reverses=entry, occurred_at=occurred_at)


def balance(kind: AccountKind, owner_id: int | None, currency: str, book: str) -> Money:
    """What stands on the account, in its normal direction: what Ada has available is positive, her debt negative."""
    account = LedgerAccount.objects.filter(kind=kind, owner_id=owner_id, currency=currency, book=book)
    found = account.standing().first()
    return found.shown(found.amount_minor) if found else Money.zero(currency)


def balances_of(owner_id: int, book: str) -> dict[tuple[AccountKind, str], Money]:
    """All balances of one creator by (kind, currency), in one query."""
    accounts = LedgerAccount.objects.filter(owner_id=owner_id, book=book).standing()
    return {
        (AccountKind(account.kind), account.currency): account.shown(account.amount_minor)
        for account in accounts.order_by("currency", "kind")
    }


@dataclass(frozen=True)
class TrialRow:
    kind: AccountKind
    debit: Money
    credit: Money


@dataclass(frozen=True)
class TrialBalance:
    """All accounts of one book and currency by kind. `difference` is zero, or the ledger is broken."""

    book: str
    currency: str
    rows: list[TrialRow]
    debit: Money
    credit: Money

    @property
    def difference(self) -> Money:
        return self.debit - self.credit


def trial_balance(book: str | None = None) -> list[TrialBalance]:
    """One trial balance for each book and currency, as balances are kept: a page reads it, however long the history."""
    return _trials(LedgerCheckpoint.objects.sums(), book)


def summed_trial_balance(book: str | None = None) -> list[TrialBalance]:
    """The same from the postings themselves, each of them: for the checks of the books."""
    names = ("account__book", "currency", "account__kind")
    sums = LedgerPosting.objects.values_list(*names).annotate(total=Sum("amount_minor")).order_by(*names)
    return _trials([(*row[:3], int(row[3])) for row in sums], book)


def _trials(sums: list[tuple[str, str, str, int]], book: str | None) -> list[TrialBalance]:
    groups: dict[tuple[str, str], list[TrialRow]] = {}
    for of_book, currency, kind, total in sums:
        if book in (None, of_book):
            row = TrialRow(AccountKind(kind), Money(max(total, 0), currency), Money(max(-total, 0), currency))
            groups.setdefault((of_book, currency), []).append(row)
    return [
        TrialBalance(
            of_book,
            currency,
            rows,
            Money.total((row.debit for row in rows), currency),
            Money.total((row.credit for row in rows), currency),
        )
        for (of_book, currency), rows in groups.items()
    ]


def _must_balance(lines: list[Line]) -> None:
    if len(lines) < 2:
        raise Unbalanced(f"{len(lines)} lines")
    left: dict[str, int] = {}
    for _ref, amount in lines:
        left[amount.currency] = left.get(amount.currency, 0) + amount.minor
    if any(left.values()):
        raise Unbalanced(f"left over: {left}")


def _digest(book: str, kind: str, lines: list[Line], reverses: LedgerEntry | None) -> str:
    payload = [
        book,
        kind,
        reverses and reverses.pk,
        sorted([ref.kind, ref.owner_id or 0, amount.currency, amount.minor] for ref, amount in lines),
    ]
    return hashlib.sha256(json.dumps(payload, separators=(",", ":")).encode()).hexdigest()
