from .ledger import AccountKind, LedgerAccount, LedgerBalance, LedgerEntry, LedgerPosting
from .revenue_rule import RevenueRule

__all__ = [
    "AccountKind",
    "LedgerAccount",
    "LedgerBalance",
    "LedgerEntry",
    "LedgerPosting",
    "RevenueRule",
]
