"""Closing a month, and what it would be: the figures are reckoned, looked at, and frozen once."""

import logging
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from marketplace.lib.errors import DomainError, NotAllowed

from ..models import LedgerSeal, MonthClose, ReconBreak
from ..models.month_close import START
from ..proof import canonical
from . import mails, months, obstacles, reckoning

log = logging.getLogger(__name__)
FORMAT = "kezhan-month-1"


class MonthAlreadyClosed(DomainError):
    code = "month_already_closed"
    message = _("This month is closed already. What was frozen stands; a later correction is booked in a later month.")


class MonthsDoNotSum(DomainError):
    """The lines of a currency do not sum to zero: the checks of the books say where."""

    code = "month_does_not_sum"
    message = _("The month's lines do not sum to zero. Nothing was closed; the checks of the books name the entry.")


def close_named(year: int, number: int, *, by: Any, note: str = "", reason: str = "") -> MonthClose:
    """`close` of the month with this number. Raises NoSuchMonth as well."""
    return close(months.named(settings.PAYMENTS_BOOK, year, number), by=by, note=note, reason=reason)


@transaction.atomic
def close(month: date, *, by: Any, note: str = "", reason: str = "") -> MonthClose:
    """Freeze the month of the present book. `reason`: why, though the provider's list differs in something.

    Raises NotAllowed, MonthAlreadyClosed, the first of `obstacles.in_the_way`, MonthsDoNotSum.
    """
    if not by.has_role("finance"):
        raise NotAllowed
    book, note, reason = settings.PAYMENTS_BOOK, note.strip()[:500], reason.strip()[:500]
    # Whoever closes it at the same time waits here, and so does a late entry: both then see that it is closed.
    MonthClose.objects.hold()
    if MonthClose.objects.of(book).filter(month=month).exists():
        raise MonthAlreadyClosed
    for found in obstacles.in_the_way(book, month):
        if not (found.yields_to_a_reason and reason):
            raise found
    facts = preview(month)
    at = timezone.now()
    told = {"closed_at": canonical.moment(at), "by": by.pk, "note": note, "reason": reason if facts["breaks"] else ""}
    row = MonthClose.objects.add(facts | told, by=by, at=at)
    audit.record(by, "books.close_month", row, month=facts["month"], hash=row.hash, reason=row.reason)
    mails.closed(row)
    # As with the seals: whoever keeps logs elsewhere has a copy of the hash there.
    log.info("month_closed", extra={"book": book, "month": facts["month"], "hash": row.hash})
    return row


def preview(month: date) -> dict[str, Any]:
    """What closing the month would freeze now, without who and when. Raises MonthsDoNotSum."""
    book = settings.PAYMENTS_BOOK
    before = MonthClose.objects.of(book).filter(month__lt=month).last()
    frozen = before.facts if before else None
    after_id = frozen["sealed"]["last_id"] if frozen else 0
    closed = reckoning.closing_of(frozen["currencies"]) if frozen else {}
    moved = reckoning.of_month(book, month, after_id=after_id)
    since = months.after(before.month) if before else None
    opening = reckoning.until(book, month, after_id=after_id, since=since, opening=closed)
    by_currency = reckoning.currencies(opening, moved)
    if any(sum(int(row["closing"]) for row in one["accounts"]) for one in by_currency):
        raise MonthsDoNotSum
    return {
        "format": FORMAT, "book": book, "month": f"{month:%Y-%m}", "previous": before.hash if before else START,
        "entries": moved.entries, "currencies": by_currency, "sealed": _sealed(book, month),
        "breaks": [_break(row) for row in obstacles.open_breaks(book, month)],
    }  # fmt: skip


def _sealed(book: str, month: date) -> dict[str, Any]:
    """The root of the chain at the month's last day; without one the month cannot be closed yet."""
    seal = LedgerSeal.objects.of(book).filter(day=months.last_day(month)).first()
    if seal is None:
        return {"day": f"{months.last_day(month)}", "hash": "", "last_id": 0}
    return {"day": seal.day.isoformat(), "hash": seal.hash, "last_id": seal.last_id}


def _break(row: ReconBreak) -> dict[str, Any]:
    return {
        "id": row.pk, "kind": row.kind, "key": row.key, "currency": row.currency, "note": row.note,
        "amount": None if row.amount_minor is None else str(row.amount_minor),
        "found_at": canonical.moment(row.found_at),
    }  # fmt: skip
