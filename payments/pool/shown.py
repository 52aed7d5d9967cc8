"""The pool as people see it: a creator her parts by month, a member where her money went, finance the divisions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.conf import settings

from courses.models import Course
from creators.models import Creator
from marketplace.lib import clock
from marketplace.lib.money import Money

from .. import escrow_parts
from ..models import (
    AccountKind,
    CourseEscrow,
    ItemShare,
    LedgerAccount,
    Membership,
    MembershipMonth,
    PassListing,
    PoolDivision,
    PoolMonth,
    PoolPart,
    ShareKind,
)
from . import few, looking, turns

MONTHS_SHOWN = 36


@dataclass(frozen=True)
class CreatorMonth:
    """What a creator had of one division, as far as it is told. `pool`, which is its members', is None of a few."""

    division: PoolDivision
    told: few.Told
    pool: Money | None


def of_creator(creator: Creator) -> list[CreatorMonth]:
    """The newest first."""
    mine = PoolPart.objects.of(creator)
    newest = PoolDivision.objects.here().filter(pk__in=mine.order_by().values("division"))[:MONTHS_SHOWN]
    rows = groupby(mine.filter(division__in=list(newest)), key=lambda part: part.division)
    return [_of_creator(division, list(parts)) for division, parts in rows]


def _of_creator(division: PoolDivision, parts: list[PoolPart]) -> CreatorMonth:
    return CreatorMonth(division, few.told(parts), division.amount if division.members >= few.FEWEST else None)


def listing_of(creator: Creator) -> list[tuple[Course, bool]]:
    """Her courses that may be in the pass, each with whether it is."""
    courses = list(Course.objects.on_sale().filter(creator=creator, price_minor__gt=0).order_by("title"))
    listed = set(PassListing.objects.open().filter(course__in=courses).values_list("course_id", flat=True))
    return [(course, course.pk in listed) for course in courses]


@dataclass(frozen=True)
class Went:
    """Where one paid month of the pass went. `pooled` is None as long as it waits in the pool."""

    month: MembershipMonth
    price: Money
    tax: Money
    platform: Money
    pool: Money
    pooled: PoolMonth | None
    courses: list[tuple[Course, int, Money]]

    @property
    def is_rest(self) -> bool:
        """Nothing that she watched counts, so it went to all that was watched."""
        return self.pooled is not None and not self.pooled.seconds

    @property
    def is_forgotten(self) -> bool:
        return self.pooled is not None and bool(self.pooled.seconds) and not self.courses

    @property
    def late(self) -> Money:
        """What of it filled up what the pool had given back of earlier months."""
        zero = Money.zero(self.pool.currency)
        return self.pool - self.pooled.divided if self.pooled and self.pooled.divided < self.pool else zero


def of_membership(membership: Membership, person: Any) -> list[Went]:
    """The newest month first, for its member alone: what she watched is nobody else's. Nothing of a creator's own
    membership, whose money is the creator's.
    """
    if membership.creator_id is not None or membership.member_id != person.pk:
        return []
    months = MembershipMonth.objects.filter(membership=membership).select_related("order", "pooled__division")
    shown = list(months.prefetch_related("pooled__views__course").order_by("-number")[:MONTHS_SHOWN])
    shares = ItemShare.objects.with_left().filter(item__order__in=[month.order_id for month in shown])
    left: dict[tuple[int, str], int] = {
        (share.item.order_id, share.kind): share.left_minor for share in shares.select_related("item__order")
    }
    return list(_went(shown, left))


def _went(months: list[MembershipMonth], left: dict[tuple[int, str], int]) -> Iterator[Went]:
    for month in months:
        currency, pooled = month.order.currency, getattr(month, "pooled", None)
        platform = Money(left.get((month.order_id, ShareKind.PLATFORM), 0), currency)
        pool = Money(pooled.amount_minor if pooled else left.get((month.order_id, ShareKind.POOL), 0), currency)
        views = pooled.views.all() if pooled else []
        courses = sorted(
            ((view.course, view.seconds, Money(view.amount_minor, currency)) for view in views),
            key=lambda row: (-row[2].minor, row[0].title),
        )
        yield Went(month, month.order.total, month.order.tax, platform, pool, pooled, courses)


@dataclass(frozen=True)
class Standing:
    """One currency's pool: what is in it, and which month is divided next, from which day on."""

    currency: str
    amount: Money
    month: date

    @property
    def due_at(self) -> datetime:
        return turns.due_at(self.month)


def standing() -> list[Standing]:
    now = clock.now()
    accounts = LedgerAccount.objects.filter(kind=AccountKind.POOL, book=settings.PAYMENTS_BOOK).standing()
    return [_standing(account, now) for account in accounts.order_by("currency")]


def _standing(account: LedgerAccount, now: datetime) -> Standing:
    month = turns.turn(account.currency, now).next
    return Standing(account.currency, account.shown(account.amount_minor), month)


@dataclass(frozen=True)
class Table:
    """A division, done or looked at beforehand: its parts, the greatest first, and how much by creator."""

    parts: list[PoolPart]
    creators: int


def table(parts: list[PoolPart]) -> Table:
    return Table(sorted(parts, key=lambda part: (-part.amount_minor, part.course_id)), len({p.owner_id for p in parts}))


def look_of(currency: str) -> looking.Look | None:
    """The month that is divided next, as it would be now; None in a currency without a pool."""
    if not LedgerAccount.objects.filter(kind=AccountKind.POOL, book=settings.PAYMENTS_BOOK, currency=currency).exists():
        return None
    now = clock.now()
    return looking.look(currency, turns.turn(currency, now).next, now)


def named(parts: list[PoolPart]) -> list[PoolPart]:
    """Parts that are not written yet, with their courses, owners and claims at hand."""
    courses = Course.objects.in_bulk({part.course_id for part in parts})
    owners = Creator.objects.in_bulk({part.owner_id for part in parts})
    escrows = list(CourseEscrow.objects.filter(course__in=courses).order_by("pk"))
    for part in parts:
        part.course, part.owner = courses[part.course_id], owners[part.owner_id]
        part.claim = escrow_parts.claim_of(part, [one for one in escrows if one.course_id == part.course_id])
    return parts
