"""Where a claimed share stands and what moving it is in the ledger. Reads rows, and writes none."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from marketplace.lib.money import Money

from . import ledger
from .models import (
    AccountKind,
    AccountRef,
    CourseEscrow,
    EntryKind,
    EscrowedShare,
    ItemShare,
    LedgerBalance,
    OrderItem,
    Refund,
    ReleasedShare,
    Reserve,
    ShareKind,
)


@dataclass(frozen=True)
class Taken:
    """What comes into escrow of a share: from pending, or from what is available and in reserve of it."""

    share: ItemShare
    pending: Money
    available: Money
    reserve: Reserve | None

    @property
    def amount(self) -> Money:
        kept = self.reserve.amount if self.reserve else Money.zero(self.pending.currency)
        return self.pending + self.available + kept

    @property
    def lines(self) -> list[ledger.Line]:
        owner = self.share.owner_id
        lines = [
            (AccountRef(AccountKind.CREATOR_PENDING, owner), self.pending),
            (AccountRef(AccountKind.CREATOR_AVAILABLE, owner), self.available),
            (AccountRef(AccountKind.RIGHTS_ESCROW, owner), -self.amount),
        ]
        return lines + ([(AccountRef(AccountKind.CREATOR_RESERVE, owner), self.reserve.amount)] if self.reserve else [])


def owners_of(items: Iterable[int]) -> set[int]:
    """Whose balances may give something when these items are taken in."""
    shares = ItemShare.objects.filter(item__in=items, kind=ShareKind.CREATOR, owner__isnull=False)
    return {owner for owner in shares.order_by().values_list("owner_id", flat=True).distinct() if owner is not None}


def taken(escrow: CourseEscrow, items: dict[int, OrderItem], book: str) -> list[Taken]:
    """Of each creator's share in items that the caller holds, with the balances of `owners_of` these.

    Of a share of which `escrow` has a part already it is the rest: what came back from a payout since.

    What is available is taken down to zero at most: a debt of other sales is not made greater by a claim.
    """
    done = Q(taken__line__refund__state=Refund.State.DONE)
    gone = Coalesce(Sum("taken__amount_minor", filter=done), 0)
    mine = ItemShare.objects.filter(item__in=items, kind=ShareKind.CREATOR)
    standing = EscrowedShare.objects.exclude(end="back").filter(share__item__in=items)
    here = {row.share_id: row.left.minor for row in standing.filter(escrow=escrow, end="")}
    free = mine.exclude(pk__in=standing.exclude(escrow=escrow, end="").values("share"))
    shares = list(free.annotate(booked_minor=F("amount_minor") - gone).order_by("owner_id", "pk"))
    waiting = {row.share_id: row for row in ReleasedShare.objects.filter(share__in=shares)}
    kept = {row.share_id: row for row in Reserve.objects.kept().filter(share__in=shares)}
    left = available({share.owner_id for share in shares}, book)
    return [_taken(share, items[share.item_id], here.get(share.pk, 0), waiting, kept, left) for share in shares]


def _taken(
    share: ItemShare, item: OrderItem, here: int, waiting: dict[int, ReleasedShare], kept: dict[int, Reserve],
    left: dict[tuple[int | None, str], int],
) -> Taken:  # fmt: skip
    currency = item.order.currency
    # What is left of the share beside what is in escrow of it already: no more than that can come in.
    zero, booked = Money.zero(currency), max(0, share.booked_minor - here)  # type: ignore[attr-defined]
    if item.released_at is None:
        return Taken(share, Money(booked, currency), zero, None)
    row, name = waiting.get(share.pk), (share.owner_id, currency)
    minor = max(0, min(row.amount_minor, booked, left.get(name, 0))) if row else 0
    left[name] = left.get(name, 0) - minor
    return Taken(share, zero, Money(minor, currency), kept.get(share.pk))


def available(owners: Collection[int | None], book: str) -> dict[tuple[int | None, str], int]:
    """By (creator, currency) what is available, in minor units. The caller holds it."""
    rows = LedgerBalance.objects.filter(
        account__kind=AccountKind.CREATOR_AVAILABLE, account__owner_id__in=owners, account__book=book
    )
    return {
        (owner, currency): -minor
        for owner, currency, minor in rows.values_list("account__owner_id", "account__currency", "amount_minor")
    }


def by_origin(rows: list[EscrowedShare]) -> Iterator[tuple[EntryKind, list[EscrowedShare]]]:
    """Those that wait, and those that had been awarded: two kinds of entries."""
    for kind, is_awarded in ((EntryKind.ESCROW_BACK, False), (EntryKind.AWARD_BACK, True)):
        found = [row for row in rows if bool(row.end) == is_awarded and row.left]
        if found:
            yield kind, found


def back(row: EscrowedShare, item: OrderItem | None) -> list[ledger.Line]:
    """To where its creator's share of this sale, or her part of the pool, would stand had nobody claimed it."""
    is_pending = item is not None and item.released_at is None
    place = AccountKind.CREATOR_PENDING if is_pending else AccountKind.CREATOR_AVAILABLE
    return [(_origin(row), row.left), (AccountRef(place, row.owner_id), -row.left)]


def _origin(row: EscrowedShare) -> AccountRef:
    if row.end != EscrowedShare.End.AWARD:
        return AccountRef(AccountKind.RIGHTS_ESCROW, row.owner_id)
    if row.paid_at is None or row.escrow.payee_id is None:
        return AccountRef(AccountKind.RIGHTS_AWARDED)
    return AccountRef(AccountKind.CREATOR_AVAILABLE, row.escrow.payee_id)


def awarded(row: EscrowedShare) -> list[ledger.Line]:
    return [(AccountRef(AccountKind.RIGHTS_ESCROW, row.owner_id), row.left),
            (AccountRef(AccountKind.RIGHTS_AWARDED), -row.left)]  # fmt: skip


def posts(
    parts: Iterable[tuple[int, list[ledger.Line]]],
    items: dict[int, OrderItem],
    key: str,
    kind: EntryKind,
    now: datetime,
    *,
    after: Mapping[int, int] | None = None,
) -> list[ledger.Post]:
    """One entry a sale, with the lines of all its shares. `after`: by what the keys of some sales go on."""
    ends = {pk: f":{what}" for pk, what in (after or {}).items()}
    lines: dict[int, list[ledger.Line]] = {}
    for item_id, of_share in parts:
        lines.setdefault(item_id, []).extend(of_share)
    return [
        ledger.Post(
            f"{key}:{pk}{ends.get(pk, '')}", kind, of_item, items[pk].order.book,
            {"order": items[pk].order.number, "item": pk}, occurred_at=now,
        )
        for pk, of_item in lines.items()
        if any(amount for _ref, amount in of_item)
    ]  # fmt: skip
