"""Finance gives the parts of a plan back in one act: all that is left of them, or a sum that is spread over them.

Each part has a refund of its own, as each has a charge of its own; all of them are asked for in one transaction, or
none. What the provider then refuses of one stands on that part's order with what to do, and the others go.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from marketplace.lib.errors import DomainError, NotAllowed
from marketplace.lib.money import CURRENCIES, Money

from .. import refunds
from ..discounts import spread_in_steps
from ..models import Dispute, InstalmentPlan, Order, OrderItem, Refund
from ..models.refund_line import MoreThanIsLeft
from ..refunds import NothingToRefund, PartOfWhat
from . import in_parts


class LeftMoved(DomainError):
    code = "left_moved"
    message = _("Something of this plan was paid or given back meanwhile. Look again before you decide.")


@dataclass(frozen=True)
class Refused:
    """A refund that the provider refused, and what of it nobody has given since."""

    refund: Refund
    owed: Money


@dataclass(frozen=True)
class PaidPart:
    """One order of a plan with what was given back of it. `is_held`: its bank decides about it, so nothing is given."""

    item: OrderItem
    failed: Refused | None
    is_held: bool

    @property
    def order(self) -> Any:
        return self.item.order

    @property
    def left(self) -> Money:
        return self.item.left


def paid_parts(plan: InstalmentPlan) -> list[PaidPart]:
    """What was paid of a plan, in its order."""
    items = in_parts.paid_items([plan.pk]).get(plan.pk, [])
    orders = [item.order_id for item in items]
    refused, held = refused_of(orders), _held(orders)
    return [PaidPart(item, refused.get(item.order_id), item.order_id in held) for item in items]


def refused_of(orders: Sequence[int]) -> dict[int, Refused]:
    """By order what the provider refused last, as far as it was not given since."""
    found: dict[int, Refused] = {}
    for refund in Refund.objects.filter(order__in=orders).select_related("order").order_by("pk"):
        if refund.state == Refund.State.FAILED:
            found[refund.order_id] = Refused(refund, refund.amount)
        elif (before := found.pop(refund.order_id, None)) and refund.amount < before.owed:
            found[refund.order_id] = Refused(before.refund, before.owed - refund.amount)
    return found


def _held(orders: Sequence[int]) -> set[int]:
    refusing = Dispute.objects.refusing_refunds().filter(order__in=orders)
    return set(refusing.values_list("order_id", flat=True))


def left_of(plan: InstalmentPlan) -> Money:
    """What of it can be given back now."""
    return _sum(plan, _givable(plan))


def _givable(plan: InstalmentPlan) -> list[OrderItem]:
    return [part.item for part in paid_parts(plan) if not part.is_held]


@transaction.atomic
def give_back(
    plan: InstalmentPlan, *, by: Any, reason: str, left: Money, amount: Money | None = None, ends_access: bool = True
) -> list[Refund]:
    """Give back all that is `left` of the parts that were paid, or `amount` of it in proportion of what each has left.

    `left` is what the person saw. With `ends_access` the course goes back and the open parts are canceled. The money
    moves afterwards, by a worker. A part about which a bank decides is left out. Raises NotAllowed, OwnMoney,
    LeftMoved, NothingToRefund, PartOfWhat, MoreThanIsLeft.
    """
    _must_be_for_her(plan, by)
    in_parts.hold_plan(plan.pk)
    items = _givable(plan)
    if left != (here := _sum(plan, items)):
        raise LeftMoved(left=here.as_json())
    wanted = _spread(items, here, amount)
    mine = OrderItem.objects.filter(pk__in=[item.pk for item in items])
    standing = set(mine.unrefunded().values_list("pk", flat=True))
    # A part of which no money is left goes with the others, where the course does.
    asked = [(item, minor) for item, minor in wanted if minor or (ends_access and item.pk in standing)]
    if not asked:
        raise NothingToRefund(order=plan.reference)
    told = {item.order.number: minor for item, minor in asked}
    audit.record(by, "instalments.refund", plan, reason=reason, orders=told, ends_access=ends_access)
    return [_ask(item, minor, by, reason, ends_access) for item, minor in asked]


def is_hers(plan: InstalmentPlan, by: Any) -> bool:
    """Whether she pays its parts, or shares in them: then somebody else of the finance team decides."""
    return plan.buyer_id == by.pk or refunds.are_hers(plan.orders.all(), by)


def _must_be_for_her(plan: InstalmentPlan, by: Any) -> None:
    if not by.has_role("finance"):
        raise NotAllowed
    if is_hers(plan, by):
        raise refunds.OwnMoney


@transaction.atomic
def once_more(plan: InstalmentPlan, order: Order, *, by: Any) -> Refund:
    """Give back once more just what the provider refused of one part: no other part gives anything for it.

    Raises NotAllowed, OwnMoney, LeftMoved (nothing is refused, or it was given since), OrderDisputed, MoreThanIsLeft.
    """
    _must_be_for_her(plan, by)
    in_parts.hold_plan(plan.pk)
    part = next((one for one in paid_parts(plan) if one.item.order_id == order.pk), None)
    if part is None or part.failed is None or not part.failed.owed:
        raise LeftMoved
    refused, owed = part.failed.refund, part.failed.owed
    audit.record(by, "instalments.refund_again", plan, order=order.number, refused=refused.pk, amount=owed.minor)
    return _ask(part.item, owed.minor, by, refused.reason, refused.ends_access)


def _ask(item: OrderItem, minor: int, by: Any, reason: str, ends_access: bool) -> Refund:
    cause = Refund.Cause.STAFF
    asked = Refund.objects.ask(item.order, [(item, minor)], by=by, reason=reason, cause=cause, ends_access=ends_access)
    if ends_access:
        # At once: the plan has ended with it, and she does not watch on if the provider should refuse.
        refunds.end_rights(asked)
    return asked


def _spread(items: Sequence[OrderItem], left: Money, amount: Money | None) -> list[tuple[OrderItem, int]]:
    weights = [item.left.minor for item in items]
    if amount in (None, left):
        return list(zip(items, weights, strict=True))
    is_fit = amount.currency == left.currency and amount.minor > 0
    if not is_fit or amount.minor % CURRENCIES[amount.currency].charge_multiple:
        raise PartOfWhat
    if amount.minor > left.minor:
        raise MoreThanIsLeft(left=str(left))
    return [(item, part.minor) for item, part in zip(items, spread_in_steps(amount, weights), strict=True)]


def _sum(plan: InstalmentPlan, items: Sequence[OrderItem]) -> Money:
    return Money.total((item.left for item in items), plan.currency)
