"""A month of the pool is divided: reckoned, frozen as rows that never change, and booked batch by batch.

Two at once: the second waits at the pool's account and finds it done; the unique key stands behind the lock.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Min

from marketplace.lib import clock, failpoints

from ..closing import months as calendar
from ..models import AccountKind, LedgerAccount, MembershipMonth, PoolDivision, PoolMonth, PoolPart, PoolView
from . import arithmetic, booking
from .looking import Look, look

# Beyond the end of the month: longer than a month may be taken back, and what was watched offline has come in.
SETTLES_AFTER = timedelta(days=15)


def follow(now: datetime | None = None) -> int:
    """What beat rings: divide what is due, and book what was divided. Returns how many months were divided."""
    now = now or clock.now()
    divided = sum(divide(currency, month, now) is not None for currency, month in due(now))
    for division in PoolDivision.objects.unbooked():
        booking.book(division)
    booking.free_held()
    return divided


def due(now: datetime) -> list[tuple[str, date]]:
    """(currency, month) that are to be divided at `now`, each currency's in their order."""
    accounts = LedgerAccount.objects.filter(kind=AccountKind.POOL, book=settings.PAYMENTS_BOOK)
    currencies = accounts.order_by("currency").values_list("currency", flat=True)
    return [(currency, month) for currency in currencies for month in _months(currency, now)]


def due_at(month: date) -> datetime:
    """From when on a month is divided."""
    return calendar.end_of(month) + SETTLES_AFTER


def present(currency: str, now: datetime) -> date:
    """The month that is divided next."""
    newest = PoolDivision.objects.here().filter(currency=currency).first()
    last = calendar.month_of(now.astimezone(UTC).date())
    while due_at(calendar.before(last)) > now:
        last = calendar.before(last)
    return max(last, calendar.after(newest.month)) if newest else last


def _months(currency: str, now: datetime) -> Iterator[date]:
    unpooled = MembershipMonth.objects.filter(
        membership__creator=None, membership__book=settings.PAYMENTS_BOOK, membership__currency=currency, pooled=None
    )
    oldest = unpooled.aggregate(oldest=Min("ends_at"))["oldest"]
    if oldest is None:
        return
    newest = PoolDivision.objects.here().filter(currency=currency).first()
    month = calendar.month_of(oldest.astimezone(UTC).date())
    if newest:
        month = max(month, calendar.after(newest.month))
    while due_at(month) <= now:
        yield month
        month = calendar.after(month)


@transaction.atomic
def divide(currency: str, month: date, now: datetime | None = None) -> PoolDivision | None:
    """Once. None where it was divided before, or where there is nothing to divide yet."""
    now, book = now or clock.now(), settings.PAYMENTS_BOOK
    LedgerAccount.objects.select_for_update(no_key=True).get(kind=AccountKind.POOL, book=book, currency=currency)
    if due_at(month) > now:
        return None
    if PoolDivision.objects.filter(book=book, currency=currency, month__gte=month).exists():
        return None
    shown = look(currency, month, now)
    if shown.reckoned is None:
        return None
    division = _write(shown, shown.reckoned)
    failpoints.reach("pool.before_commit")
    return division


def _write(shown: Look, reckoned: arithmetic.Reckoned) -> PoolDivision:
    parts = shown.parts
    division = PoolDivision.objects.create(
        book=shown.book, currency=shown.currency, month=shown.month, amount_minor=reckoned.amount,
        late_minor=shown.given.late, rest_minor=reckoned.rest, members=shown.members, seconds=shown.seconds,
        batches=max(part.batch for part in parts) + 1, inputs_hash=shown.digest(), divided_at=shown.at,
    )  # fmt: skip
    months = {
        pk: PoolMonth(
            division=division, month_id=pk, amount_minor=left, divided_minor=reckoned.divided[pk],
            seconds=sum(shown.given.seconds.get(pk, {}).values()),
        )
        for pk, left in shown.given.months.items()
    }  # fmt: skip
    PoolMonth.objects.bulk_create(months.values(), batch_size=1_000)
    views = (
        PoolView(pool_month=months[pk], course_id=course, seconds=shown.given.seconds[pk][course], amount_minor=minor)
        for (pk, course), minor in reckoned.views.items()
    )
    PoolView.objects.bulk_create(views, batch_size=1_000)
    for part in parts:
        part.division = division
    PoolPart.objects.bulk_create(parts, batch_size=1_000)
    return division
