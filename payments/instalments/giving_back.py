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

from ..discounts import spread_in_steps
from ..models import InstalmentPlan, OrderItem, Refund
from ..models.refund_line import MoreThanIsLeft
from ..refunds import NothingToRefund, PartOfWhat
from . import in_parts


class LeftMoved(DomainError):
    code = "left_moved"
    message = _("Something of this plan was paid or given back meanwhile. Look again before you decide.")


@dataclass(frozen=True)
class PaidPart:
    """One order of a plan with what was given back of it; `failed` is a refund that the provider refused, while the
    money is still here.
    """

    item: OrderItem
    failed: Refund | None

    @property
    def order(self) -> Any:
        return self.item.order

    @property
    def left(self) -> Money:
        return self.item.left


def paid_parts(plan: InstalmentPlan) -> list[PaidPart]:
    """What was paid of a plan, in its order."""
    items = in_parts.paid_items([plan.pk]).get(plan.pk, [])
    refused = failed_of([item.order_id for item in items if item.left])
    return [PaidPart(item, refused.get(item.order_id)) for item in items]


def failed_of(orders: Sequence[int]) -> dict[int, Refund]:
    """The newest refund of each order, where the provider refused that one."""
    newest: dict[int, Refund] = {}
    for refund in Refund.objects.filter(order__in=orders).select_related("order").order_by("pk"):
        newest[refund.order_id] = refund
    return {order: refund for order, refund in newest.items() if refund.state == Refund.State.FAILED}


def left_of(plan: InstalmentPlan) -> Money:
    """What of it can still be given back."""
    return _sum(plan, in_parts.paid_items([plan.pk]).get(plan.pk, []))


@transaction.atomic
def give_back(
    plan: InstalmentPlan, *, by: Any, reason: str, left: Money, amount: Money | None = None, ends_access: bool = True
) -> list[Refund]:
    """Give back all that is `left` of the parts that were paid, or `amount` of it in proportion of what each has left.

    `left` is what the person saw. With `ends_access` the course goes back and the open parts are canceled. The money
    moves afterwards, by a worker. Raises NotAllowed, LeftMoved, NothingToRefund, PartOfWhat, MoreThanIsLeft,
    OrderDisputed.
    """
    if not by.has_role("finance"):
        raise NotAllowed
    in_parts.hold_plan(plan.pk)
    items = in_parts.paid_items([plan.pk]).get(plan.pk, [])
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
    cause = Refund.Cause.STAFF
    return [
        Refund.objects.ask(item.order, [(item, minor)], by=by, reason=reason, cause=cause, ends_access=ends_access)
        for item, minor in asked
    ]


def _spread(items: Sequence[OrderItem], left: Money, amount: Money | None) -> list[tuple[OrderItem, int]]:
    weights = [item.left.minor for item in items]
    if amount is None:
        return list(zip(items, weights, strict=True))
    is_fit = amount.currency == left.currency and amount.minor > 0
    if not is_fit or amount.minor % CURRENCIES[amount.currency].charge_multiple:
        raise PartOfWhat
    if amount.minor > left.minor:
        raise MoreThanIsLeft(left=str(left))
    return [(item, part.minor) for item, part in zip(items, spread_in_steps(amount, weights), strict=True)]


def _sum(plan: InstalmentPlan, items: Sequence[OrderItem]) -> Money:
    return Money.total((item.left for item in items), plan.currency)
