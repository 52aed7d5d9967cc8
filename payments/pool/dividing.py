"""A month of the pool is divided: reckoned, frozen as rows that never change, and booked batch by batch.

Two at once: the second waits at the pool's account and finds it done; the unique key stands behind the lock.
"""

from datetime import UTC, date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from marketplace.lib import clock, failpoints, sweeps

from ..closing import months as calendar
from ..models import AccountKind, LedgerAccount, MembershipMonth, PoolDivision, PoolMonth, PoolPart, PoolView
from . import arithmetic, booking, turns, watching
from .looking import Look, look

Job = PoolDivision | tuple[str, date]


def follow(now: datetime | None = None) -> int:
    """What beat rings: book what a crash has left, then divide what is due and book it; what fails keeps nothing else
    from being done. Returns how many divisions were made.
    """
    now = now or clock.now()
    jobs: list[Job] = [*PoolDivision.objects.here().unbooked(), *due(now)]
    return sum(sweeps.each("pool", jobs, lambda job: _follow(job, now)))


def _follow(job: Job, now: datetime) -> bool:
    if isinstance(job, PoolDivision):
        booking.book(job)
        return False
    division = divide(*job, now)
    if division is not None:
        booking.book(division)
    return division is not None


def due(now: datetime) -> list[tuple[str, date]]:
    """(currency, month) that are to be divided at `now`: of each currency the newest one in which something waits. It
    takes in all that is not divided of those before it.
    """
    accounts = LedgerAccount.objects.filter(kind=AccountKind.POOL, book=settings.PAYMENTS_BOOK)
    currencies = accounts.order_by("currency").values_list("currency", flat=True)
    found = ((currency, _newest_due(currency, now)) for currency in currencies)
    return [(currency, month) for currency, month in found if month is not None]


def _newest_due(currency: str, now: datetime) -> date | None:
    """None where it was divided, or nothing of it waits."""
    turn = turns.turn(currency, now)
    if not turn.is_come:
        return None
    unpooled = MembershipMonth.objects.filter(
        membership__creator=None, membership__book=settings.PAYMENTS_BOOK, membership__currency=currency, pooled=None
    )
    waiting = unpooled.filter(ends_at__lt=calendar.end_of(turn.due))
    last: datetime | None = waiting.aggregate(last=Max("ends_at"))["last"]
    return max(turn.first, calendar.month_of(last.astimezone(UTC).date())) if last else None


@transaction.atomic
def divide(currency: str, month: date, now: datetime | None = None) -> PoolDivision | None:
    """Once. None where it was divided before, or where there is nothing to divide yet."""
    now, book = now or clock.now(), settings.PAYMENTS_BOOK
    LedgerAccount.objects.select_for_update(no_key=True).get(kind=AccountKind.POOL, book=book, currency=currency)
    if not turns.turn(currency, now).takes(month):
        return None
    shown = look(currency, month, now)
    if shown.reckoned is None:
        return None
    division = _write(shown, shown.reckoned)
    failpoints.reach("pool.before_commit")
    return division


def _write(shown: Look, reckoned: arithmetic.Reckoned[watching.Key]) -> PoolDivision:
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
        PoolView(pool_month=months[pk], course_id=key[0], seconds=shown.given.seconds[pk][key], amount_minor=minor)
        for (pk, key), minor in reckoned.views.items()
    )
    PoolView.objects.bulk_create(views, batch_size=1_000)
    for part in parts:
        part.division = division
    PoolPart.objects.bulk_create(parts, batch_size=1_000)
    return division
