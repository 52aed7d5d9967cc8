"""What keeps a month from being closed, each by a name and with what to do about it."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.lib.errors import DomainError

from .. import watch
from ..models import BookCheck, LedgerEntry, LedgerSeal, MonthClose, ProviderTransaction, ReconBreak
from . import months

# These name a movement at the provider, an unseen one names our own entry; the others have only their first day.
_OF_A_MOVEMENT = {
    ReconBreak.Kind.UNBOOKED, ReconBreak.Kind.UNKNOWN_TYPE, ReconBreak.Kind.AMOUNT, ReconBreak.Kind.CHANGED,
}  # fmt: skip


class Obstacle(DomainError):
    """A fact that is in the way. `where`: the page on which it is dealt with, if one does that."""

    where = ""
    yields_to_a_reason = False


class MonthNotOver(Obstacle):
    code = "month_not_over"


class EarlierMonthOpen(Obstacle):
    code = "earlier_month_open"
    where = "payments:months"


class DaysNotSealed(Obstacle):
    code = "days_not_sealed"
    where = "payments:seals"


class ChecksNotRun(Obstacle):
    code = "checks_not_run"
    where = "payments:reconciliation"


class BooksBroken(Obstacle):
    code = "books_broken"
    where = "payments:reconciliation"


class BreaksOpen(Obstacle):
    """The books are whole and the provider says something else: a person may judge that, and says why."""

    code = "breaks_open"
    where = "payments:reconciliation"
    yields_to_a_reason = True


def in_the_way(book: str, month: date) -> list[Obstacle]:
    """Everything that is in the way now, in the order in which it is dealt with; empty: the month can be closed."""
    return list(_found(book, month))


def _found(book: str, month: date) -> Iterator[Obstacle]:
    if month >= months.present():
        day = date_format(months.after(month), "DATE_FORMAT")
        yield MonthNotOver(_("The month is not over. It can be closed from %(day)s (UTC) on.") % {"day": day})
        return
    yield from _earlier(book, month)
    yield from _unsealed(book, month)
    yield from _checks(month)
    yield from _breaks(book, month)


def _earlier(book: str, month: date) -> Iterator[Obstacle]:
    earlier = months.before(month)
    began = months.first(book)
    if began is None or earlier < began or MonthClose.objects.of(book).filter(month=earlier).exists():
        return
    still_open = next(one for one in months.waiting(book) if one < month)
    words = {"month": date_format(still_open, "YEAR_MONTH_FORMAT")}
    yield EarlierMonthOpen(
        _("Months are closed one after the other. Close %(month)s first.") % words, month=f"{still_open:%Y-%m}"
    )


def _unsealed(book: str, month: date) -> Iterator[Obstacle]:
    newest = LedgerSeal.objects.newest(book)
    rest = LedgerEntry.objects.filter(
        book=book, created_at__gte=months.start_of(month), created_at__lt=months.end_of(month)
    )
    if newest is None or newest.day < months.last_day(month) or rest.filter(pk__gt=newest.last_id).exists():
        yield DaysNotSealed(
            _(
                "The days of the month are not all sealed. A worker seals them within the hour; "
                "manage.py ledger seal does it now."
            )
        )


def _checks(month: date) -> Iterator[Obstacle]:
    """Those of the books themselves: each ran after the month's end, not too long ago, and found nothing."""
    ran = dict(BookCheck.objects.values_list("name", "ran_at"))
    standings = watch.standings()
    end = months.end_of(month)
    stale = [one.name for one in standings if one.is_late or _before(ran.get(one.name), end)]
    broken = [one.name for one in standings if one.breaks]
    if broken:
        words = {"names": ", ".join(broken)}
        yield BooksBroken(_("The books do not hold: %(names)s. Mend what the checks name; they run each hour.") % words)
    if stale:
        words = {"names": ", ".join(stale)}
        yield ChecksNotRun(
            _("Not checked since the month ended: %(names)s. The checks run each hour and each night, if beat runs.")
            % words
        )


def _before(ran_at: datetime | None, end: datetime) -> bool:
    return ran_at is None or ran_at < end


def _breaks(book: str, month: date) -> Iterator[Obstacle]:
    found = len(open_breaks(book, month))
    if found:
        yield BreaksOpen(
            ngettext(
                "%(count)d break with the provider is open from this month or earlier. Settle it, or say why the month "
                "is closed all the same.",
                "%(count)d breaks with the provider are open from this month or earlier. Settle them, or say why the "
                "month is closed all the same.",
                found,
            )
            % {"count": found},
            count=found,
        )


def open_breaks(book: str, month: date) -> list[ReconBreak]:
    """What does not fit with the provider and is of this month or an earlier one.

    A break is of the day of what it names: of the movement there, or of our entry; else of the day it was found.
    """
    rows = list(ReconBreak.objects.open().filter(book=book))
    at = _moments(rows)
    return [row for row in rows if at.get(row.pk, row.found_at) < months.end_of(month)]


def _moments(rows: list[ReconBreak]) -> dict[int, datetime]:
    movements = [row.key for row in rows if row.kind in _OF_A_MOVEMENT]
    entries = [row.key for row in rows if row.kind == ReconBreak.Kind.UNSEEN]
    known: dict[str, Any] = dict(ProviderTransaction.objects.filter(pk__in=movements).values_list("pk", "created"))
    known |= dict(LedgerEntry.objects.filter(idem_key__in=entries).values_list("idem_key", "created_at"))
    return {row.pk: known[row.key] for row in rows if row.key in known}
