"""Giving out a year: asked for by finance, carried out by a worker creator by creator, frozen as it is.

Asked for again, whoever's figures and tax identity are as they were keeps her version; for the others there is a new
one with the reason that finance gave.
"""

from collections import defaultdict
from datetime import date
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import audit
from creators.models import Creator
from marketplace.lib.errors import DomainError, NotAllowed

from ..closing import months
from ..models import MonthClose, TaxIdentity, YearReport, YearRound
from . import figures, mails

FORMAT = "kezhan-year-1"
BATCH = 200


class YearNotClosed(DomainError):
    """`facts["months"]`: which are open."""

    code = "year_not_closed"
    message = gettext_lazy("The year's reports are made when all its months are closed.")


class CorrectionNeedsReason(DomainError):
    code = "correction_needs_reason"
    message = gettext_lazy("This year's reports have been given out. Say why they are made again.")


class RoundUnderWay(DomainError):
    code = "round_under_way"
    message = gettext_lazy("This is being done already. Look again in a moment.")


class NothingToRemindOf(DomainError):
    code = "nothing_to_remind_of"
    message = gettext_lazy("This year's reports are not given out yet, or nobody's tax number is missing.")


def issue(year: int, *, by: Any, reason: str = "") -> YearRound:
    """Have every creator's report of the year made. Raises NotAllowed, NoSuchMonth, YearNotClosed,
    CorrectionNeedsReason, RoundUnderWay.
    """
    reason = reason.strip()[:500]
    _must_be_finance(by)
    waiting = open_months(year)
    if waiting:
        named = ", ".join(f"{month:%Y-%m}" for month in waiting)
        raise YearNotClosed(
            _("The year's reports are made when all its months are closed. Open: %(months)s.") % {"months": named},
            months=[f"{month:%Y-%m}" for month in waiting],
        )
    if not reason and YearReport.objects.filter(book=settings.PAYMENTS_BOOK, year=year).exists():
        raise CorrectionNeedsReason
    return _begin(YearRound.Act.ISSUE, year, by, reason)


def remind(year: int, *, by: Any) -> YearRound:
    """Have everybody told who is in the year's reports and gave no tax number. Raises NotAllowed, NothingToRemindOf,
    RoundUnderWay.
    """
    _must_be_finance(by)
    if not lacking(year):
        raise NothingToRemindOf
    return _begin(YearRound.Act.REMIND, year, by, "")


def _must_be_finance(by: Any) -> None:
    if not by.has_role("finance"):
        raise NotAllowed


def _begin(act: YearRound.Act, year: int, by: Any, reason: str) -> YearRound:
    try:
        with transaction.atomic():
            row = YearRound.objects.begin(act, book=settings.PAYMENTS_BOOK, year=year, by=by, reason=reason)
            audit.record(by, f"year.{act.value}", row, year=year, reason=reason)
            return row
    except IntegrityError as error:
        raise RoundUnderWay from error


def open_months(year: int) -> list[date]:
    """The year's months that are not closed, from the books' first month on. Raises NoSuchMonth."""
    book = settings.PAYMENTS_BOOK
    began = months.first(book)
    if began is None or not began.year <= year <= months.present().year:
        raise months.NoSuchMonth
    closed = set(MonthClose.objects.of(book).filter(month__year=year).values_list("month", flat=True))
    every = [date(year, number, 1) for number in range(1, 13)]
    return [month for month in every if month >= began and month not in closed]


def lacking(year: int) -> list[Creator]:
    """Who has a report of the year and gave no tax number, by name."""
    ids = set(YearReport.objects.newest(settings.PAYMENTS_BOOK, year).values_list("creator_id", flat=True))
    known = TaxIdentity.objects.newest_of(ids)
    missing = [pk for pk in ids if pk not in known or not known[pk].has_number]
    return list(Creator.objects.filter(pk__in=missing).select_related("user").order_by("name", "pk"))


def carry_out(row: YearRound) -> None:
    """The worker's part. Interrupted, it goes on behind the last creator who is done."""
    if row.act == YearRound.Act.REMIND:
        _remind(row)
    else:
        _issue(row)
    row.finish()


def _remind(row: YearRound) -> None:
    people = sorted(lacking(row.year), key=lambda creator: creator.pk)
    waiting = [creator for creator in people if creator.pk > row.through_creator_id]
    for at in range(0, len(waiting), BATCH):
        batch = waiting[at : at + BATCH]
        with row.fenced() as held:
            for creator in batch:
                mails.number_missing(creator, row.year, row.pk)
            held.reach(batch[-1].pk, len(batch))
        row.heartbeat()


def _issue(row: YearRound) -> None:
    found: dict[int, dict[str, list[figures.Quarter]]] = defaultdict(dict)
    for (creator, currency), quarters in figures.of_year(row.book, row.year).items():
        found[creator][currency] = quarters
    waiting = sorted(pk for pk in found if pk > row.through_creator_id)
    through = MonthClose.objects.of(row.book).filter(month=date(row.year, 12, 1)).get().hash
    for at in range(0, len(waiting), BATCH):
        batch = waiting[at : at + BATCH]
        with row.fenced() as held:
            made = _make({pk: found[pk] for pk in batch}, held, through)
            held.reach(batch[-1], made)
        row.heartbeat()


def _make(batch: dict[int, dict[str, list[figures.Quarter]]], row: YearRound, through: str) -> int:
    """The reports of some creators, and who is told. Returns how many are new."""
    identities = TaxIdentity.objects.newest_of(batch)
    standing = {
        (report.creator_id, report.currency): report
        for report in YearReport.objects.newest(row.book, row.year).filter(creator_id__in=batch)
    }
    new = []
    for pk, by_currency in batch.items():
        for currency, quarters in sorted(by_currency.items()):
            made = _facts(row, pk, currency, quarters, through, standing.get((pk, currency)))
            identity = identities.get(pk)
            if _differs(standing.get((pk, currency)), made, identity):
                new.append((made, identity))
    YearReport.objects.add(new, by=row.asked_by)
    _tell([made for made, _identity in new], row)
    return len(new)


def _facts(
    row: YearRound, creator: int, currency: str, quarters: list[figures.Quarter], through: str,
    before: YearReport | None,
) -> dict[str, Any]:  # fmt: skip
    total = sum(quarters, figures.Quarter())
    return {
        "format": FORMAT, "book": row.book, "year": row.year, "creator": creator, "currency": currency,
        "version": before.version + 1 if before else 1, "reason": row.reason if before else "",
        "closed_through": through, "quarters": [quarter.as_facts() for quarter in quarters],
        "total": total.as_facts(),
    }  # fmt: skip


def _differs(before: YearReport | None, made: dict[str, Any], identity: TaxIdentity | None) -> bool:
    if before is None:
        return True
    same = before.facts["quarters"] == made["quarters"]
    return not same or before.identity_id != (identity and identity.pk)


def _tell(made: list[dict[str, Any]], row: YearRound) -> None:
    by_creator: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for facts in made:
        by_creator[facts["creator"]].append(facts)
    for creator in Creator.objects.filter(pk__in=by_creator).select_related("user"):
        reports = by_creator[creator.pk]
        key = f"{row.year}:" + ",".join(f"{facts['currency']}{facts['version']}" for facts in reports)
        mails.issued(creator, row.year, [facts["currency"] for facts in reports], key)
