"""What finance books by hand: a movement at the provider that nothing else books, or that is booked short."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from marketplace.lib.errors import DomainError, NotAllowed

from .. import ledger
from ..models import AccountKind, AccountRef, EntryKind, LedgerEntry, ProviderTransaction, ReconBreak
from ..models.reconciliation import NoteMissing
from . import matching

# Where the other half may stand. Nobody's own account: what a creator is owed is never changed here.
ACCOUNTS = (
    AccountKind.STRIPE_FEES, AccountKind.DISPUTE_FEES, AccountKind.BANK, AccountKind.REFUND_EXPENSE,
    AccountKind.BAD_DEBT, AccountKind.FX_GAIN_LOSS, AccountKind.ROUNDING, AccountKind.DISPUTE_HOLD,
)  # fmt: skip
BOOKABLE = {ReconBreak.Kind.UNBOOKED, ReconBreak.Kind.UNKNOWN_TYPE, ReconBreak.Kind.AMOUNT}


class NotBookable(DomainError):
    code = "not_bookable"
    message = _("There is nothing to be booked for this break, or not to this account.")


def book(row: ReconBreak, account: str, *, by: Any, note: str) -> LedgerEntry:
    """Book what is missing of a movement against `account`; the break ends. A movement is booked by hand once.

    Raises NotAllowed, NoteMissing, NotBookable.
    """
    if not by.has_role("finance"):
        raise NotAllowed
    if not note.strip():
        raise NoteMissing
    if row.resolved_at is not None or row.kind not in BOOKABLE or account not in ACCOUNTS:
        raise NotBookable
    with transaction.atomic():
        moved = ProviderTransaction.objects.select_for_update(no_key=True).get(pk=row.key)
        (standing,) = matching.booked([moved], row.book)
        if not standing.off or moved.matched.exists():
            raise NotBookable
        entry = _post(moved, standing.off, AccountKind(account), by, note)
        row.resolve(by=by, note=note)
        audit.record(by, "books.book_by_hand", row, account=account, entry=entry.pk)
        return entry


def _post(moved: ProviderTransaction, off: Any, account: AccountKind, by: Any, note: str) -> LedgerEntry:
    lines = [(AccountRef(AccountKind.STRIPE_CLEARING), off), (AccountRef(account), -off)]
    meta = {"balance_transaction": moved.pk, "by": by.pk, "note": note.strip()[:300]}
    key = f"by_hand:{moved.pk}"
    return ledger.post(key, EntryKind.ADJUSTMENT, lines, book=moved.book, meta=meta, occurred_at=moved.created)
