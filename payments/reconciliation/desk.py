"""What finance sees of reconciliation: open breaks with their age, what the checks found, what was settled lately."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from marketplace.lib.work import Work

from .. import finance, ledger
from ..models import AccountKind, BookCheck, Inquiry, LedgerSeal, ProviderCursor, ProviderTransaction, ReconBreak
from . import by_hand

SETTLED_SHOWN = 20


def view() -> dict[str, Any]:
    book = settings.PAYMENTS_BOOK
    breaks = ReconBreak.objects.filter(book=book)
    now = timezone.now()
    return {
        "breaks": [Shown(row, now - row.found_at) for row in breaks.open()],
        "settled": breaks.settled().select_related("resolved_by")[:SETTLED_SHOWN],
        "agreements": finance.agreements(ledger.trial_balance(book)),
        "checks": BookCheck.objects.all(),
        "through": ProviderCursor.objects.filter(name="transactions", book=book).first(),
        "waiting": ProviderTransaction.objects.unmatched(book).count(),
        "seal": LedgerSeal.objects.newest(book),
        "comparing": comparing(),
        "accounts": [AccountKind(kind) for kind in by_hand.ACCOUNTS],
    }


class Shown:
    """A break with its age in words, and whether its missing half can be booked here."""

    def __init__(self, row: ReconBreak, age: timedelta) -> None:
        self.row, self.age = row, age
        self.hours = int(age.total_seconds() // 3600)
        self.is_old = row.is_old
        self.is_bookable = row.kind in by_hand.BOOKABLE


def comparing() -> Work | None:
    """The comparison that a worker is to make, if one is asked for and not made yet."""
    return Inquiry.open_work().filter(subject=Inquiry.Subject.BOOKS).first()
