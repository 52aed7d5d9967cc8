"""What a line of a creator's statement is made of: the price on the tag and the rule, or what was left of a share.

For each kind of entry what the verifier needs to reckon her amount anew, and nothing of anybody else by name.
"""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db.models import F

from .. import tiers
from ..models import EntryKind, ItemShare, LedgerEntry, Order, OrderItem, PoolPart, RefundShare, Role, ShareKind
from . import booked, canonical, papers

Facts = dict[str, Any]
GIVEN_BACK = {EntryKind.REFUND, EntryKind.DISPUTE_LOST}


class Parts:
    """The parts of her lines in some entries; a fixed number of queries however many there are."""

    def __init__(self, creator_id: int, entries: list[LedgerEntry]) -> None:
        self._creator_id = creator_id
        numbers = [e.meta.get("order") for e in entries if e.kind == "sale"]
        self._sold = self._shares_by("item__order__number", numbers, "item__shares")
        items = [e.meta.get("item") for e in entries if e.kind == "release"]
        self._released = self._shares_by("item_id", items, booked.AT_HAND)
        self._booked = booked.by_refund(share for shares in self._released.values() for share in shares)
        self._made_good = self._made_good_by([e.meta.get("made_good") for e in entries if e.kind == "made_good"])
        self._pooled = self._pooled_by([e.meta.get("pool") for e in entries if e.kind == "pool"])
        self._given = self._given_by([e.meta.get("refund") for e in entries if e.kind in GIVEN_BACK])

    def of(self, entry: LedgerEntry) -> list[Facts]:
        if entry.kind == EntryKind.SALE:
            return [_sold(share) for share in self._sold.get(entry.meta.get("order"), [])]
        if entry.kind == EntryKind.RELEASE:
            return [self._left(share, entry) for share in self._released.get(entry.meta.get("item"), [])]
        if entry.kind in GIVEN_BACK:
            return self._given.get(entry.meta.get("refund"), [])
        if entry.kind == EntryKind.MADE_GOOD:
            return self._made_good.get(entry.meta.get("made_good"), [])
        if entry.kind == EntryKind.POOL:
            return self._pooled.get((entry.meta.get("pool"), entry.meta.get("batch")), [])
        return []

    def _left(self, share: ItemShare, release: LedgerEntry) -> Facts:
        """What was left of a share when its hold had passed: all but what was booked as taken of it before."""
        before = (row for row in share.taken.all() if self._booked.get(row.line.refund_id, release.pk) < release.pk)
        taken = sum(row.amount_minor for row in before)
        return {
            "item": share.item_id, "kind": share.kind, "share": str(share.amount_minor), "taken": str(taken),
            "amount": str(share.amount_minor - taken),
        }  # fmt: skip

    def _shares_by(self, name: str, keys: list[Any], also: str) -> dict[Any, list[ItemShare]]:
        """Her shares of these orders or items, by that name; with what `also` says."""
        rows = ItemShare.objects.filter(**{f"{name}__in": keys}, owner_id=self._creator_id).annotate(by=F(name))
        rows = rows.select_related("item__rule", "item__order__plan", "item__order__membership").prefetch_related(also)
        found: dict[Any, list[ItemShare]] = defaultdict(list)
        for share in rows.order_by("pk"):
            found[share.by].append(share)  # type: ignore[attr-defined]
        return found

    def _made_good_by(self, share_ids: list[Any]) -> dict[Any, list[Facts]]:
        """What refunds had taken of these shares of hers, by share: it was made good whole."""
        rows = RefundShare.objects.filter(pk__in=share_ids, owner_id=self._creator_id).select_related("line")
        return {row.pk: [_made_good(row)] for row in rows}

    def _pooled_by(self, divisions: list[Any]) -> dict[Any, list[Facts]]:
        """Her parts of these divisions of the pool, by division and batch."""
        found: dict[Any, list[Facts]] = defaultdict(list)
        rows = PoolPart.objects.filter(division__in=divisions, owner_id=self._creator_id, amount_minor__gt=0)
        of_few: dict[Any, int] = defaultdict(int)
        for part in rows.order_by("pk"):
            key = (part.division_id, part.batch)
            if part.is_of_few:
                of_few[key] += part.amount_minor
            else:
                found[key].append(_pooled(part))
        for key, minor in of_few.items():
            found[key].append({"course": None, "kind": "pool", "amount": str(minor)})
        return found

    def _given_by(self, refund_ids: list[Any]) -> dict[Any, list[Facts]]:
        """What she gave of these refunds, by refund."""
        rows = RefundShare.objects.filter(line__refund_id__in=refund_ids, owner_id=self._creator_id)
        mine = list(rows.select_related("line__refund").order_by("pk"))
        items = OrderItem.objects.filter(pk__in=[row.line.item_id for row in mine])
        by_id = {
            item.pk: item for item in items.prefetch_related("shares", "refund_lines__shares", "refund_lines__refund")
        }
        found: dict[Any, list[Facts]] = defaultdict(list)
        for row in mine:
            found[row.line.refund_id].append(_given(row, by_id[row.line.item_id]))
        return found


def _sold(share: ItemShare) -> Facts:
    """One share of one course sold, and all it was reckoned from."""
    item, order = share.item, share.item.order
    others = [s for s in item.shares.all() if s.kind == ShareKind.CREATOR and s.owner_id != share.owner_id]
    if order.plan:
        return _tiered(item) | _sold_in_parts(share, [s.bps for s in others])
    return _tiered(item) | {
        "item": item.pk, "kind": share.kind, "amount": str(share.amount_minor), "bps": share.bps,
        "takes_rest": share.owner_id == item.creator_id, "others_bps": [s.bps for s in others],
        "promoted": item.affiliate_id is not None, "rule": papers.rule_of(item.rule),
        "priced_at": canonical.moment(_priced_at(order)), "list": str(item.list_minor),
        "discount": str(item.discount_minor), "bearer": item.discount_bearer, "inclusive": order.is_tax_inclusive,
        "tax_bps": item.tax_bps, "tax_from": order.tax_source, "net": str(item.net_minor), "tax": str(item.tax_minor),
        "price": str(item.price_minor), "promotion": str(item.promotion_minor),
    }  # fmt: skip


def _priced_at(order: Order) -> datetime:
    """By the rules of which moment it was shared: a month by those of the day on which all months were agreed to."""
    return order.membership.agreed_at if order.membership else order.placed_at


def _sold_in_parts(share: ItemShare, others_bps: list[int]) -> Facts:
    """The same of some parts of a price: the whole sale as it was agreed, and which parts of it these are."""
    item, order = share.item, share.item.order
    plan = order.plan
    assert plan is not None
    whole, keys = plan.whole(), sorted(item.shares.all(), key=lambda each: each.pk)
    mine = keys.index(share)
    return {
        "item": item.pk, "kind": share.kind, "amount": str(whole.shares[mine].amount.minor), "bps": share.bps,
        "takes_rest": share.owner_id == item.creator_id, "others_bps": others_bps,
        "promoted": item.affiliate_id is not None, "rule": papers.rule_of(item.rule),
        "priced_at": canonical.moment(plan.agreed_at), "list": str(whole.list.minor), "discount": "0", "bearer": "",
        "inclusive": order.is_tax_inclusive, "tax_bps": item.tax_bps, "tax_from": order.tax_source,
        "net": str(whole.net.minor), "tax": str(whole.tax.minor), "price": str(whole.price.minor), "promotion": "0",
        "parts": {
            "amounts": [str(minor) for minor in plan.amounts_minor], "from": order.part, "to": order.part_to,
            "shares": [str(each.amount.minor) for each in whole.shares], "mine": mine,
            "amount": str(share.amount_minor),
        },
    }  # fmt: skip


def _tiered(item: OrderItem) -> Facts:
    """Where her promoter's tier begins, which is all that the part hangs on: how much somebody sells is told nobody."""
    if item.promoter_sales is None:
        return {}
    tier = tiers.reached(item.rule.tiers, item.promoter_sales)
    return {"promoter_sales": tier[0] if tier else 0}


def _given(row: RefundShare, item: OrderItem) -> Facts:
    """What one share gave of one refund, and what was left of every share of the course when it was asked for."""
    shares = sorted(item.shares.all(), key=lambda share: share.pk)
    keys: list[int | None] = [share.pk for share in shares]  # what went to tax has no share, and stands nowhere here
    taken: dict[Any, int] = defaultdict(int)
    for line in item.refund_lines.all():
        if line.pk < row.line_id and _stood(line, row.line.refund.requested_at):
            for given in line.shares.all():
                taken[given.share_id or given.kind] += given.amount_minor
    return {
        "item": item.pk, "kind": row.kind, "refunded": str(row.line.amount_minor), "amount": str(row.amount_minor),
        "mine": keys.index(row.share_id),
        "left": {
            "tax": str(item.tax_minor - taken["tax"]), "promotion": str(item.promotion_minor - taken["promotion"]),
            "shares": [str(share.amount_minor - taken[share.pk]) for share in shares],
        },
    }  # fmt: skip


def _made_good(row: RefundShare) -> Facts:
    return {
        "item": row.line.item_id, "kind": row.kind, "refund": row.line.refund_id, "amount": str(row.amount_minor),
    }  # fmt: skip


def _pooled(part: PoolPart) -> Facts:
    """Her part of one course's part of the pool. How long it was watched, and by whom, is not told here; of courses
    that few watched only the sum.
    """
    return {
        "course": part.course_id, "kind": "pool", "whole": str(part.course_minor), "bps": part.bps,
        "takes_rest": part.role == Role.CREATOR, "others_bps": part.others_bps, "amount": str(part.amount_minor),
    }  # fmt: skip


def _stood(line: Any, at: Any) -> bool:
    """Whether an earlier refund counted at that time: it had not failed."""
    return line.failed_at is None or line.failed_at > at
