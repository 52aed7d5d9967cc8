from .ledger import AccountKind, AccountRef, Book, EntryKind, LedgerAccount, LedgerBalance, LedgerEntry, LedgerPosting
from .payout import Payout
from .payout_account import PayoutAccount
from .payout_hold import PayoutHold
from .payout_run import PayoutRun, PayoutSkip, SkipReason
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
    "Payout",
    "PayoutAccount",
    "PayoutHold",
    "PayoutRun",
    "PayoutSkip",
    "RevenueRule",
    "SkipReason",
]
