"""From a row of the trial balance to its accounts, and from an account to the lines that make it: for finance.

Both are paged by what an index gives in order, so a page far behind costs as much as the first, however long the
history is.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from creators.models import Creator
from marketplace.lib.money import Money

from .models import AccountKind, Book, LedgerAccount, LedgerPosting

ROWS = 50
# An entry of the pool has hundreds of lines; who wants them all goes on to their accounts.
OTHERS = 6


@dataclass(frozen=True)
class Line:
    """One line of an account, with the first of the other lines of its entry. `debit` or `credit` is None."""

    posting: LedgerPosting
    debit: Money | None
    credit: Money | None
    others: list[LedgerPosting]
    has_more: bool


@dataclass(frozen=True)
class Page:
    """`rows` of one page; `more` names where the next one begins, None on the last."""

    rows: list[Any]
    more: int | None


def kind_of(book: str, kind: str) -> AccountKind | None:
    """What these words of an address name; None for nothing."""
    return AccountKind(kind) if book in Book.values and kind in AccountKind.values else None


def accounts(book: str, kind: AccountKind, currency: str, after: int = 0) -> Page:
    """The accounts of a kind with their balances, by the key of their owners: those behind `after`. One, without an
    owner, where the kind has none.
    """
    found = LedgerAccount.objects.filter(book=book, kind=kind, currency=currency)
    behind = found.filter(owner_id__gt=after).order_by("owner_id") if kind.is_owned else found
    rows = list(behind.standing()[: ROWS + 1])
    owners = Creator.objects.in_bulk({row.owner_id for row in rows if row.owner_id})
    shown = [named(row, owners) for row in rows[:ROWS]]
    return Page(shown, shown[-1]["account"].owner_id if len(rows) > ROWS else None)


def named(account: LedgerAccount, owners: dict[int, Creator] | None = None) -> dict[str, Any]:
    """An account of `standing()` as pages show it: {account, kind, owner, balance}."""
    known = owners if owners is not None else Creator.objects.in_bulk([account.owner_id] if account.owner_id else [])
    return {
        "account": account, "kind": AccountKind(account.kind), "owner": known.get(account.owner_id or 0),
        "balance": account.shown(account.amount_minor),
    }  # fmt: skip


def lines(account: LedgerAccount, before: int | None = None) -> Page:
    """The newest lines of an account, or those older than the line `before`."""
    found = shown(LedgerPosting.objects.filter(account=account))
    older = found.filter(pk__lt=before) if before is not None else found
    rows = list(older.order_by("-pk")[: ROWS + 1])
    return Page([line(row) for row in rows[:ROWS]], rows[ROWS - 1].pk if len(rows) > ROWS else None)


def shown(postings: QuerySet[LedgerPosting]) -> QuerySet[LedgerPosting]:
    """With all that `line` reads of them."""
    beside = LedgerPosting.objects.select_related("account").order_by("pk")[: OTHERS + 2]
    return postings.select_related("entry").prefetch_related(
        Prefetch("entry__postings", queryset=beside, to_attr="first_lines")
    )


def line(posting: LedgerPosting) -> Line:
    """Of a row of `shown`."""
    amount = posting.amount
    first: list[LedgerPosting] = posting.entry.first_lines  # type: ignore[attr-defined]
    others = [other for other in first if other.pk != posting.pk]
    debit, credit = (amount, None) if amount.minor > 0 else (None, -amount)
    return Line(posting, debit, credit, others[:OTHERS], len(others) > OTHERS)
