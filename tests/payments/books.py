"""Short ways to write money and entries in tests of the ledger."""

from marketplace.lib.money import Money
from payments import ledger
from payments.models import AccountKind, AccountRef, EntryKind, LedgerEntry

BOOK = "sandbox"
CLEARING = AccountRef(AccountKind.STRIPE_CLEARING)
REVENUE = AccountRef(AccountKind.PLATFORM_REVENUE)
FEES = AccountRef(AccountKind.STRIPE_FEES)
ADA, BEA = 101, 102


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def jpy(minor: int) -> Money:
    return Money(minor, "JPY")


def pending(owner: int = ADA) -> AccountRef:
    return AccountRef(AccountKind.CREATOR_PENDING, owner)


def available(owner: int = ADA) -> AccountRef:
    return AccountRef(AccountKind.CREATOR_AVAILABLE, owner)


def in_transit(owner: int = ADA) -> AccountRef:
    return AccountRef(AccountKind.PAYOUT_IN_TRANSIT, owner)


def sale(key: str = "sale:ch_1", gross: int = 1999, owner: int = ADA) -> LedgerEntry:
    """25 % to the platform, the rest pending for the creator."""
    fee = gross // 4
    lines = [(CLEARING, usd(gross)), (REVENUE, usd(-fee)), (pending(owner), usd(fee - gross))]
    return ledger.post(key, EntryKind.SALE, lines, book=BOOK)


def make_available(amount: int, key: str = "release:1", owner: int = ADA) -> LedgerEntry:
    lines = [(pending(owner), usd(amount)), (available(owner), usd(-amount))]
    return ledger.post(key, EntryKind.RELEASE, lines, book=BOOK)


def hold(amount: int, key: str, owner: int = ADA) -> LedgerEntry:
    lines = [(available(owner), usd(amount)), (in_transit(owner), usd(-amount))]
    return ledger.post(key, EntryKind.PAYOUT_HOLD, lines, book=BOOK)


def stands(kind: AccountKind, owner: int | None = ADA, currency: str = "USD") -> int:
    return ledger.balance(kind, owner, currency, BOOK).minor
