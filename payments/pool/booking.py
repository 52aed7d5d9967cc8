"""What was divided goes from the pool to the creators' balances: one entry for some of them at a time.

Available at once: the time in which a buyer may take her money back is over, and what goes back later the pool bears.
What somebody claims waits in the creator's pending balance until the verdict.
"""

from django.db import transaction

from marketplace.lib import clock, failpoints
from marketplace.lib.money import Money

from .. import ledger
from ..closing import months as calendar
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
BATCH = 200


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
    held = division.hold()
    key = key_of(held, batch)
    if LedgerEntry.objects.filter(idem_key=key).exists():
        return
    parts = list(held.parts.filter(batch=batch, amount_minor__gt=0).select_related("course", "owner__user"))
    if not parts:
        return
    LedgerBalance.objects.hold_available({part.owner_id for part in parts})
    total = Money(sum(part.amount_minor for part in parts), held.currency)
    lines = [(POOL, total), *((account, -amount) for account, amount in _sums(parts, held.currency).items())]
    meta = {"pool": held.pk, "batch": batch, "month": f"{held.month:%Y-%m}"}
    ledger.post(key, EntryKind.POOL, lines, book=held.book, meta=meta, occurred_at=held.divided_at)
    mails.divided(held, parts)
    failpoints.reach("pool.before_batch_commit")


def _sums(parts: list[PoolPart], currency: str) -> dict[AccountRef, Money]:
    sums: dict[AccountRef, Money] = {}
    for part in sorted(parts, key=lambda part: (part.owner_id, part.pk)):
        kind = AccountKind.CREATOR_PENDING if part.is_held else AccountKind.CREATOR_AVAILABLE
        account = AccountRef(kind, part.owner_id)
        sums[account] = sums.get(account, Money.zero(currency)) + Money(part.amount_minor, currency)
    return sums


def free_held() -> int:
    """What waited for a verdict: to its creator, or to the claimant whose claim was upheld. Returns how many parts."""
    open_ = CourseEscrow.objects.open().order_by().values("course")
    pks = list(PoolPart.objects.held_back().exclude(course__in=open_).values_list("pk", flat=True)[:BATCH])
    return sum(_free(pk) for pk in pks)


@transaction.atomic
def _free(pk: int) -> bool:
    """The oldest claim of these months that was upheld has it."""
    found = PoolPart.objects.hold([pk])
    if not found or CourseEscrow.objects.courses_of([found[0].course_id]):
        return False
    part, division = found[0], found[0].division
    since = calendar.start_of(calendar.before(division.month))
    claims = CourseEscrow.objects.filter(course=part.course_id, opened_at__lte=division.divided_at)
    upheld = claims.filter(outcome=CourseEscrow.Outcome.AWARD, closed_at__gte=since).order_by("pk").first()
    if upheld is not None and upheld.payee_id is None:
        return False  # nobody knows yet to whom it is to be paid
    payee = upheld.payee_id if upheld else part.owner_id
    if part.amount_minor:
        assert payee is not None
        LedgerBalance.objects.hold_available({payee})
        lines = [
            (AccountRef(AccountKind.CREATOR_PENDING, part.owner_id), part.amount),
            (AccountRef(AccountKind.CREATOR_AVAILABLE, payee), -part.amount),
        ]
        kind = EntryKind.AWARD_PAID if upheld and payee != part.owner_id else EntryKind.ESCROW_BACK
        ledger.post(f"pool_part:{part.pk}", kind, lines, book=division.book, meta={"pool_part": part.pk})
    part.free(clock.now())
    return True
