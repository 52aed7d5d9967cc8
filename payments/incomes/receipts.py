"""One sale as a receipt for those who have a part in it: every deduction with its rule, and what was taken back.

The course's own creator sees all of it. A co-author or a promoter sees what her part was reckoned from, and her part.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Prefetch
from django.utils.translation import gettext

from creators.models import Creator
from marketplace.lib.money import Money

from ..models import ItemShare, OrderItem, RefundLine, RefundRule, RefundShare, Reserve, Role, ShareKind
from ..models.revenue_rule import percent_text
from ..quotes import BY_PLATFORM
from ..tips import names, taking_back
from .sales import Sale, sales_of


@dataclass(frozen=True)
class Line:
    """One step from the list price to her share. `is_sum`: what stands here is the sum of the lines above."""

    kind: str
    label: str
    amount: Money
    note: str = ""
    is_sum: bool = False


@dataclass(frozen=True)
class Return:
    """One time that money went back to the buyer, and who gave what of it."""

    at: datetime
    is_done: bool
    reason: str
    amount: Money | None
    parts: list[Line]


@dataclass(frozen=True)
class Part:
    """Her share in one role; somebody who promotes what she co-authored has two."""

    sale: Sale
    lines: list[Line]


@dataclass(frozen=True)
class Receipt:
    item: OrderItem
    parts: list[Part]
    returns: list[Return]
    reserves: list[Reserve]
    is_own: bool
    giver: str = ""  # of a tip, where she shows her name

    @property
    def tip_until(self) -> datetime | None:
        """Of a tip: until when its giver may take it back."""
        return taking_back.until(self.item) if self.item.is_tip else None

    @property
    def rule(self) -> RefundRule:
        """By which the buyer may take her money back: that of the order. What of it she has watched is hers to know."""
        return self.item.order.refund_rule

    @property
    def whole_until(self) -> datetime:
        return self._paid_at + timedelta(days=self.rule.whole_days)

    @property
    def part_until(self) -> datetime | None:
        """None for a month of a membership, which comes back whole or not at all."""
        if self.item.is_month:
            return None
        return self._paid_at + timedelta(days=self.rule.part_days)

    @property
    def _paid_at(self) -> datetime:
        order = self.item.order
        paid_at = order.plan.started_at if order.plan else order.paid_at
        assert paid_at is not None  # a sale is paid
        return paid_at


def receipt(creator: Creator, item_id: int) -> Receipt | None:
    """Of the item with this id, or None when she has no part in it or it is not paid."""
    shares = list(
        sales_of(creator)
        .filter(item_id=item_id)
        .prefetch_related(Prefetch("item__shares", queryset=ItemShare.objects.select_related("owner")))
    )
    if not shares:
        return None
    item, sales = shares[0].item, [Sale(share) for share in shares]
    is_own = any(sale.is_own for sale in sales)
    reserves = Reserve.objects.filter(share__item=item, owner=creator).order_by("due_at")
    return Receipt(
        item,
        [Part(sale, list(_lines(sale))) for sale in sales],
        _returns(item, creator, is_own),
        list(reserves),
        is_own,
        names.of(item.order) if item.is_tip else "",
    )


def _lines(sale: Sale) -> Iterator[Line]:
    if sale.is_own:
        yield from _to_the_net(sale.item)
        yield from _to_the_share(sale)
    else:
        yield from _of_others(sale)


def _to_the_net(item: OrderItem) -> Iterator[Line]:
    of_what = _of_what(item)
    plain = gettext("A month") if item.is_month else gettext("List price")
    asked = gettext("Asked price") if of_what else gettext("Tip") if item.is_tip else plain
    yield Line("gross", asked, item.list_price, of_what)
    if item.discount:
        by_platform = item.discount_bearer == BY_PLATFORM
        note = gettext("Borne by the site") if by_platform else gettext("Borne by the creators")
        yield Line("discount", gettext("Discount"), -item.discount, note)
    if item.tax and not item.order.is_tax_inclusive:
        yield Line("tax", gettext("Tax on top"), item.tax)
    yield Line("price", gettext("Paid by the buyer"), item.price, is_sum=True)
    if item.tax:
        rate = gettext("%(percent)s%%, for the state") % {"percent": percent_text(item.tax_bps)} if item.tax_bps else ""
        yield Line("tax", gettext("Tax"), -item.tax, rate)
    if item.promotion:
        note = gettext("Shared as if there were no discount")
        yield Line("promotion", gettext("Added by the site for its discount"), item.promotion, note)
    if item.tax or item.promotion:
        yield Line("basis", gettext("To be shared"), item.net + item.promotion, is_sum=True)


def _of_what(item: OrderItem) -> str:
    """Of which greater price the asked one is a part, in words; "" where it is the list price."""
    if plan := item.order.plan:
        words = gettext(
            "Of %(total)s in %(count)s parts: the shares of the whole are reckoned once, and fall into them."
        )
        return words % {"total": plan.total.format(), "count": plan.months}
    return gettext("Its part of the bundle “%(title)s”") % {"title": item.bundle_title} if item.bundle_title else ""


def _to_the_share(sale: Sale) -> Iterator[Line]:
    item = sale.item
    yield Line("platform", gettext("Platform fee"), -item.platform_share, rule_words(item))
    for share in sorted(item.shares.all(), key=lambda share: share.pk):
        if share.kind == ShareKind.AFFILIATE:
            note = gettext("%(percent)s%% of what is shared") % {"percent": percent_text(share.bps)}
            note = " · ".join(filter(None, [note, tier_words(item)]))
            yield Line("affiliate", gettext("The promoter whose link it was"), -item.affiliate_share, note)
        if share.kind == ShareKind.CREATOR and share.owner_id != item.creator_id:
            note = gettext("%(percent)s%% of the creators' part") % {"percent": percent_text(share.bps)}
            amount = Money(-share.amount_minor, item.order.currency)
            yield Line("coauthors", gettext("Co-author %(name)s") % {"name": share.owner.name}, amount, note)
    yield Line("own", gettext("Your share"), sale.amount, is_sum=True)


def _of_others(sale: Sale) -> Iterator[Line]:
    item, percent = sale.item, percent_text(sale.share.bps)
    if sale.role == Role.PROMOTER:
        yield Line("basis", gettext("To be shared"), item.net + item.promotion, rule_words(item))
        label = gettext("Your share, %(percent)s%%") % {"percent": percent}
        yield Line("own", label, sale.amount, tier_words(item), is_sum=True)
    else:
        yield Line("basis", gettext("The creators' part"), item.creator_share, rule_words(item))
        yield Line("own", gettext("Your share, %(percent)s%%") % {"percent": percent}, sale.amount, is_sum=True)


def rule_words(item: OrderItem) -> str:
    """Which version of which rule shared it: "Marketplace sale, 25% (rule 1)"."""
    return gettext("%(label)s (rule %(number)s)") % {"label": item.rule.label, "number": item.rule_id}


def tier_words(item: OrderItem) -> str:
    """The promoter's tier when it was sold: "tier of 20 sales in 90 days"; "" without one."""
    return item.rule.tier_words(item.promoter_sales)


def _returns(item: OrderItem, creator: Creator, is_own: bool) -> list[Return]:
    lines = (
        RefundLine.objects.filter(item=item, failed_at=None, refund__order__book=settings.PAYMENTS_BOOK)
        .select_related("refund")
        .prefetch_related("shares__made_good")
        .order_by("pk")
    )
    return [_return(line, item, creator, is_own) for line in lines]


def _return(line: RefundLine, item: OrderItem, creator: Creator, is_own: bool) -> Return:
    refund, currency = line.refund, item.order.currency
    totals: dict[str, int] = {}
    for share in line.shares.all():
        kind = _whose(share, creator)
        totals[kind] = totals.get(kind, 0) + share.amount_minor
    shown = _SHOWN if is_own else {"own": _SHOWN["own"]}
    parts = [
        Line(kind, str(label()), Money(totals[kind] if kind == "promotion" else -totals[kind], currency))
        for kind, label in shown.items()
        if totals.get(kind)
    ]
    back = [share.amount_minor for share in line.shares.all() if _is_made_good(share, creator)]
    if back:
        parts.append(
            Line("made_good", gettext("Made good by the site: the decision was overturned"), Money(sum(back), currency))
        )
    amount = Money(line.amount_minor, currency) if is_own else None
    return Return(
        refund.settled_at or refund.requested_at,
        refund.settled_at is not None,
        refund.get_cause_display(),
        amount,
        parts,
    )


def _is_made_good(share: RefundShare, creator: Creator) -> bool:
    return share.owner_id == creator.pk and hasattr(share, "made_good")


_SHOWN = {
    "tax": lambda: gettext("Tax"),
    "promotion": lambda: gettext("Taken back by the site of what it had added"),
    "platform": lambda: gettext("Platform fee"),
    "affiliate": lambda: gettext("The promoter"),
    "coauthors": lambda: gettext("Co-authors"),
    "own": lambda: gettext("Your share"),
}


def _whose(share: RefundShare, creator: Creator) -> str:
    if share.owner_id == creator.pk:
        return "own"
    return {"creator": "coauthors"}.get(share.kind, share.kind)
