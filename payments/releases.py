"""The end of the hold: what is pending becomes available when the buyer can no longer ask for it back.

A part may be kept back longer by a reserve rule. It comes back on its day, or before it to fill a debt of its owner.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db import transaction

from marketplace.lib import clock, failpoints
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
    ReleasedShare,
    Reserve,
    ReserveRule,
    ShareKind,
)

BATCH = 200


@dataclass(frozen=True)
class Freed:
    """What is left of a share, and how much of that a reserve rule keeps back."""

    share: ItemShare
    left: Money
    kept: Money
    rule: ReserveRule | None

    @property
    def available(self) -> Money:
        return self.left - self.kept

    @property
    def lines(self) -> list[ledger.Line]:
        """A promoter's joins what she has as a creator: one balance to pay out."""
        promoted = self.share.kind == ShareKind.AFFILIATE
        pending = AccountKind.AFFILIATE_PENDING if promoted else AccountKind.CREATOR_PENDING
        owner = self.share.owner_id
        return [
            (AccountRef(pending, owner), self.left),
            (AccountRef(AccountKind.CREATOR_AVAILABLE, owner), -self.available),
            (AccountRef(AccountKind.CREATOR_RESERVE, owner), -self.kept),
        ]


def free_due(now: datetime | None = None) -> int:
    """Make available all that need wait no longer at `now` (money clock): shares, and what reserves kept of them."""
    now = now or clock.now()
    return release_due(now) + return_reserves(now)


def release_due(now: datetime | None = None) -> int:
    """Release what is left of every paid sale whose hold has passed at `now` (money clock). Returns how many.

    What a crash leaves is due again. Two at once release each sale once.
    """
    now = now or clock.now()
    due = OrderItem.objects.due_for_release(now).order_by("pk").values_list("pk", flat=True)
    return sum(_release(some, now) for some in _by_batches(due.iterator()))


@transaction.atomic
def _release(pks: list[int], now: datetime) -> int:
    # The lock keeps a refund of the same sale waiting, so that it takes the share from where it stands.
    held = OrderItem.objects.due_for_release(now).hold(pk__in=pks)
    # Asked behind the lock: what is claimed waits for the verdict (payments.escrow takes it in).
    claimed = CourseEscrow.objects.courses_of(item.course_id for item in held)
    items = {item.pk: item for item in held if item.course_id not in claimed}
    freed = list(_freed(items))
    LedgerBalance.objects.hold_available({each.share.owner_id for each in freed})
    ledger.post_all(_entries(items, freed, now))
    ReleasedShare.objects.wait((each.share, items[each.share.item_id].order.book, each.available) for each in freed)
    Reserve.objects.keep((each.rule, each.share, items[each.share.item_id].order.book, each.kept) for each in freed)
    OrderItem.objects.mark_released(items, now)
    failpoints.reach("release.before_commit")
    return len(items)


def _freed(items: dict[int, OrderItem]) -> Iterator[Freed]:
    shares = list(ItemShare.objects.owned().with_left().filter(item__in=items).order_by("owner_id", "pk"))
    awarded = set(EscrowedShare.objects.awarded().filter(share__in=shares).values_list("share_id", flat=True))
    shares = [share for share in shares if share.pk not in awarded]
    rules = ReserveRule.objects.for_owners({share.owner_id for share in shares})
    for share in shares:
        assert share.owner_id is not None  # `owned`
        left = Money(share.left_minor, items[share.item_id].order.currency)
        rule = rules.get(share.owner_id)
        yield Freed(share, left, rule.part_of(left) if rule else Money.zero(left.currency), rule)


def _entries(items: dict[int, OrderItem], freed: list[Freed], now: datetime) -> list[ledger.Post]:
    """One entry a sale, under its own key."""
    lines: dict[int, list[ledger.Line]] = {}
    for each in freed:
        lines.setdefault(each.share.item_id, []).extend(each.lines)
    return [
        ledger.Post(
            f"release:{pk}", EntryKind.RELEASE, of_item, items[pk].order.book,
            {"order": items[pk].order.number, "item": pk}, occurred_at=now,
        )
        for pk, of_item in lines.items()
        if any(amount for _ref, amount in of_item)
    ]  # fmt: skip


def return_reserves(now: datetime | None = None) -> int:
    """Make available what reserves have kept long enough, or what its owner owes meanwhile. Returns how many parts."""
    now = now or clock.now()
    due = Reserve.objects.to_return(now).order_by("pk").values_list("pk", flat=True)
    return sum(_return(some, now) for some in _by_batches(due.iterator()))


@transaction.atomic
def _return(pks: list[int], now: datetime) -> int:
    kept = Reserve.objects.hold(pks)
    LedgerBalance.objects.hold_available({part.owner_id for part in kept})
    posts = [
        ledger.Post(
            f"reserve:{part.pk}:back", EntryKind.RESERVE_RELEASE,
            [
                (AccountRef(AccountKind.CREATOR_RESERVE, part.owner_id), part.amount),
                (AccountRef(AccountKind.CREATOR_AVAILABLE, part.owner_id), -part.amount),
            ],
            part.book, {"reserve": part.pk, "item": part.share.item_id}, occurred_at=now,
        )
        for part in kept
    ]  # fmt: skip
    ledger.post_all(posts)
    Reserve.objects.mark_returned(kept, now)
    failpoints.reach("reserve.before_commit")
    return len(kept)


def _by_batches(pks: Iterator[int]) -> Iterator[list[int]]:
    while some := list(islice(pks, BATCH)):
        yield some
