"""Months of long ago with entries in them, sealed and checked, ready to be closed: March and April 2026."""

from datetime import UTC, date, datetime

from django.db import connection

from payments import invariants, watch
from payments.models import BookCheck, LedgerEntry
from payments.proof import seals
from tests.payments.books import BOOK, sale
from tests.payments.test_invariants import break_in

MARCH, APRIL, MAY = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)


def booked_on(entry: LedgerEntry, at: datetime) -> LedgerEntry:
    """As if it had been written at that time: whoever does this has switched the ledger's own rules off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    break_in(f"UPDATE payments_ledgerentry SET created_at = '{at.isoformat()}' WHERE id = {entry.pk}")
    return entry


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def two_months() -> None:
    """Two sales in March, one in April; both months are sealed, and every check has run since."""
    booked_on(sale("sale:1", 1999), noon(date(2026, 3, 5)))
    booked_on(sale("sale:2", 4000), noon(date(2026, 3, 31)))
    booked_on(sale("sale:3", 800), noon(date(2026, 4, 2)))
    seals.seal_closed_days(BOOK, through=date(2026, 5, 2))
    checked()


def checked() -> None:
    """Every check of the books ran just now and found nothing: these sales are of the ledger alone, without orders."""
    for name in [*invariants.INSIDE, *watch.NIGHTLY]:
        BookCheck.objects.keep(name, [])
