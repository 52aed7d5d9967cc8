"""What finance sees of reconciliation: open breaks with their age, what the checks found, what was settled lately."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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
        "checks": _checks(),
        "through": ProviderCursor.objects.filter(name="transactions", book=book).first(),
        "waiting": ProviderTransaction.objects.unmatched(book).count(),
        "seal": LedgerSeal.objects.newest(book),
        "compared": ProviderCursor.objects.filter(name=ProviderCursor.COMPARED, book=book).first(),
        **_asked_for(),
        "accounts": [AccountKind(kind) for kind in by_hand.ACCOUNTS],
    }


# What each check holds, in words; in the order in which they are shown.
CHECKS = {
    "I1": _("All lines of a book and currency sum to zero"),
    "I2": _("Every entry has two lines or more and sums to zero in each currency"),
    "I3": _("Each kept balance is the sum of its account's lines"),
    "I5": _("A paid order was sold by one entry, of its own charge"),
    "I6": _("No order gave back more than it took"),
    "I6 shares": _("Shares were given back as it was laid down"),
    "I7": _("A payout is held once, then sent, withdrawn or still held"),
    "I7 bank": _("Payouts by bank file are what the bank answered"),
    "I8": _("Every event of the provider had its effect, or waits for its turn"),
    "I11": _("Nothing is held for longer than its rule says"),
    "C3 seats": _("Each coupon has as many seats taken as orders use"),
    "escrow": _("Disputed income set aside is what its claims say"),
    "tax": _("Tax is of a country, and what was paid to its office is what its rows say"),
    "by hand": _("What was paid by hand is what came in at the bank"),
    "made good": _("What sellers were made good for is what was given back"),
    "instalments": _("Plans of parts are paid in order, at the shares that were agreed"),
    "memberships": _("Months of memberships are paid once, at the shares that were agreed, and open what is paid"),
    "pool": _("The pool of the pass is what no division has taken, and each division is its months, parts and entries"),
    "papers": _("What was sold and given back lately has its invoice or credit note, and numbers have no gap"),
    "months of income": _("The months on creators' pages are the sums of their sales"),
    "I10": _("Rights to watch follow the money"),
    "rebuilt": _("Every balance, rebuilt from the lines, is what is shown"),
    "seals": _("The sealed days are what was sealed"),
    "closed months": _("The closed months are what was closed"),
    "all papers": _("Every sale and refund has its invoice or credit note, and no series has a gap"),
}


def _checks() -> list[tuple[str | Promise, BookCheck]]:
    """The last result of each check, under its sentence."""
    places = {name: at for at, name in enumerate(CHECKS)}
    kept = sorted(BookCheck.objects.all(), key=lambda check: (places.get(check.name, len(places)), check.name))
    return [(CHECKS.get(check.name, check.name), check) for check in kept]


class Shown:
    """A break with its age in words, and whether its missing half can be booked here."""

    def __init__(self, row: ReconBreak, age: timedelta) -> None:
        self.row, self.age = row, age
        self.hours = int(age.total_seconds() // 3600)
        self.is_old = row.is_old
        self.is_bookable = row.kind in by_hand.BOOKABLE


def _asked_for() -> dict[str, Work | None]:
    """The comparison that is asked for and not made yet: at a worker, or waiting since the provider did not answer."""
    row = Inquiry.open_work().filter(subject=Inquiry.Subject.BOOKS, key=settings.PAYMENTS_BOOK).first()
    is_under_way = row is not None and row.is_under_way
    return {"comparing": row if is_under_way else None, "unanswered": None if is_under_way else row}
