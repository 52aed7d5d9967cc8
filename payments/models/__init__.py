from .ledger import AccountKind, AccountRef, Book, EntryKind, LedgerAccount, LedgerBalance, LedgerEntry, LedgerPosting
from .revenue_rule import RevenueRule

__all__ = [
    "AccountKind",
    "AccountRef",
    "Book",
    "EntryKind",
    "LedgerAccount",
    "LedgerBalance",
    "LedgerEntry",
    "LedgerPosting",
    "RevenueRule",
]
