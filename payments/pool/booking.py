"""What was divided goes from the pool to the creators' balances: one entry for some of them at a time.

Available at once: the time in which a buyer may take her money back is over, and what goes back later the pool bears.
What somebody claims goes on into escrow in the same transaction, so that no payout comes between (`escrow_parts`).
"""

from django.db import transaction

from marketplace.lib import clock, failpoints
from marketplace.lib.money import Money

from .. import escrow_parts, ledger
from ..models import (
    AccountKind,
    AccountRef,
    CourseEscrow,
    EntryKind,
    LedgerBalance,
    LedgerEntry,
    PoolDivision,
    PoolPart,
)
from . import mails

POOL = AccountRef(AccountKind.POOL)


def key_of(division: PoolDivision, batch: int) -> str:
    return f"pool:{division.pk}:{batch}"


def book(division: PoolDivision) -> None:
    """All of it; what a crash leaves is booked when it is called again."""
    for batch in range(division.batches):
        _book(division, batch)
        failpoints.reach("pool.between_batches")
    with transaction.atomic():
        held = division.hold()
        if held.booked_at is None:
            held.mark_booked(clock.now())


@transaction.atomic
def _book(division: PoolDivision, batch: int) -> None:
    """Locks the division, the escrows of its courses, and the balances of their creators, in this order."""
    held = division.hold()
    key = key_of(held, batch)
    if LedgerEntry.objects.filter(idem_key=key).exists():
        return
    rows = held.parts.filter(batch=batch, amount_minor__gt=0)
    parts = list(rows.select_related("course", "division", "owner__user").order_by("pk"))
    if not parts:
        return
    escrows = CourseEscrow.objects.hold_of(part.course_id for part in parts)
    LedgerBalance.objects.hold_available({part.owner_id for part in parts})
    total = Money(sum(part.amount_minor for part in parts), held.currency)
    lines = [(POOL, total), *((account, -amount) for account, amount in _sums(parts, held.currency).items())]
    meta = {"pool": held.pk, "batch": batch, "month": f"{held.month:%Y-%m}"}
    ledger.post(key, EntryKind.POOL, lines, book=held.book, meta=meta, occurred_at=held.divided_at)
    escrow_parts.after_booking(escrows, parts, clock.now())
    mails.divided(held, parts)
    failpoints.reach("pool.before_batch_commit")


def _sums(parts: list[PoolPart], currency: str) -> dict[AccountRef, Money]:
    sums: dict[AccountRef, Money] = {}
    for part in sorted(parts, key=lambda part: (part.owner_id, part.pk)):
        account = AccountRef(AccountKind.CREATOR_AVAILABLE, part.owner_id)
        sums[account] = sums.get(account, Money.zero(currency)) + Money(part.amount_minor, currency)
    return sums
