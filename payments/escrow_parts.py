"""Parts of the pass's pool of claimed courses: into escrow beside the course's sales, and to whom the verdict says.

A part has no hold, and no buyer can ask for it back: it moves as soon as it may. Whoever calls holds the course's
escrows.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from marketplace.lib.money import Money

from . import escrow_lines, ledger
from .closing import months as calendar
from .models import AccountKind, AccountRef, CourseEscrow, EntryKind, EscrowedShare, PoolPart
from .models.course_escrow import EscrowedShareQuerySet

Outcome = CourseEscrow.Outcome


def owners_of(escrow: CourseEscrow) -> set[int]:
    """Who has parts of its course."""
    rows = PoolPart.objects.filter(course=escrow.course_id, amount_minor__gt=0)
    return set(rows.order_by().values_list("owner_id", flat=True).distinct())


def take_in(escrow: CourseEscrow, book: str, now: datetime) -> int:
    """What its course had of the pool and no payout has sent, as far as its creators have it: a debt of something else
    is not made greater by a claim. Returns how many. The caller holds the balances of `owners_of`.
    """
    parts = PoolPart.objects.unpaid(escrow.course_id, book)
    left = escrow_lines.available({part.owner_id for part in parts}, book)
    rows = []
    for part in parts:
        name = (part.owner_id, part.division.currency)
        amount = Money(max(0, min(part.amount_minor, left.get(name, 0))), part.division.currency)
        if amount:
            left[name] -= amount.minor
            rows.append((part, amount))
    _take(escrow, rows, now)
    return len(rows)


def after_booking(escrows: Iterable[CourseEscrow], parts: Sequence[PoolPart], now: datetime) -> None:
    """Of parts that were booked in this transaction those of courses that somebody claims, or that were awarded to
    somebody else since the watching began: into escrow, before a payout sees them, and all of each, since this
    transaction has brought it: what its creator owes is as it was before. `claim` of each says what became of it.

    The caller holds these escrows (`hold_of`) and the creators' available balances.
    """
    of_course: dict[int, list[CourseEscrow]] = {}
    for escrow in escrows:
        of_course.setdefault(escrow.course_id, []).append(escrow)
    theirs: dict[CourseEscrow, list[PoolPart]] = {}
    for part in parts:
        heir = _heir(part, of_course.get(part.course_id, []))
        part.claim = heir.outcome if heir else None
        if heir is not None:
            theirs.setdefault(heir, []).append(part)
    for escrow, some in theirs.items():
        _take(escrow, [(part, part.amount) for part in some], now)
        if escrow.outcome == Outcome.AWARD:
            award(EscrowedShare.objects.kept().filter(escrow=escrow, pool_part__in=some), now)


def _heir(part: PoolPart, escrows: Sequence[CourseEscrow]) -> CourseEscrow | None:
    """The oldest claim that was upheld since the first moment that the part can be of; else the oldest open one."""
    since = calendar.start_of(calendar.before(part.watched_in))
    upheld = (one for one in escrows if one.outcome == Outcome.AWARD and one.closed_at and one.closed_at >= since)
    return next(upheld, None) or next((one for one in escrows if one.is_open), None)


def claim_of(part: PoolPart, escrows: Sequence[CourseEscrow]) -> str | None:
    """Where a part of a course with these escrows would stand if it were booked now, as `PoolPart.claim` says."""
    heir = _heir(part, escrows)
    return heir.outcome if heir else None


def _take(escrow: CourseEscrow, rows: Sequence[tuple[PoolPart, Money]], now: datetime) -> None:
    """So much of each part; the balances are held."""
    posts = []
    for part, amount in rows:
        lines = [
            (AccountRef(AccountKind.CREATOR_AVAILABLE, part.owner_id), amount),
            (AccountRef(AccountKind.RIGHTS_ESCROW, part.owner_id), -amount),
        ]
        posts.append(_post(escrow, "in", EntryKind.ESCROW, part.pk, lines, part.division.book, now))
    if posts:
        ledger.post_all(posts)
        EscrowedShare.objects.take_parts(escrow, rows, now)


def give_back(kept: EscrowedShareQuerySet, now: datetime) -> None:
    """Of these the parts: their creators have them again, those too that a claimant was paid. The caller holds the
    balances of their `receivers`.
    """
    rows = list(kept.of_parts())
    for kind, of_kind in escrow_lines.by_origin(rows):
        lines = ((row, escrow_lines.back(row, None)) for row in of_kind)
        ledger.post_all([_post(row.escrow, kind, kind, row.pool_part_id, made, row.book, now) for row, made in lines])
    EscrowedShare.objects.filter(pk__in=[row.pk for row in rows]).end_as(EscrowedShare.End.BACK, now)


def award(kept: EscrowedShareQuerySet, now: datetime) -> None:
    """Of these the parts: the claimant's, once the verdict is final."""
    rows, kind = list(kept.of_parts()), EntryKind.AWARD
    if rows:
        lines = ((row, escrow_lines.awarded(row)) for row in rows)
        ledger.post_all(
            [_post(row.escrow, "award", kind, row.pool_part_id, made, row.book, now) for row, made in lines]
        )
        EscrowedShare.objects.filter(pk__in=[row.pk for row in rows]).end_as(EscrowedShare.End.AWARD, now)


def _post(
    escrow: CourseEscrow, what: str, kind: EntryKind, part: int | None, lines: list[ledger.Line], book: str,
    now: datetime,
) -> ledger.Post:  # fmt: skip
    return ledger.Post(
        f"escrow:{escrow.pk}:{what}:part:{part}", kind, lines, book, {"escrow": escrow.pk, "pool_part": part},
        occurred_at=now,
    )  # fmt: skip
