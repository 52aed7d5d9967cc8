"""Giving money back: the wish is a row, the provider does it, then the books and the right to watch follow at once.

Who may ask, and the asking of the provider, are here; what it answers leads to `refund_answers`.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from marketplace.lib import clock, failpoints
from marketplace.lib.errors import DomainError, NotAllowed
from marketplace.lib.money import CURRENCIES, Money

from . import refund_cover
from .gateway import GatewayRefused, gateway
from .hand import second_look
from .models import Order, OrderItem, Refund
from .models.under_key import NotSettled
from .provider_shapes import ProviderRefund
from .refund_answers import end_rights, find, follow, look_again, refuse, settle_nothing, take_charge_refunds

__all__ = [
    "end_rights",
    "follow",
    "look_again",
    "must_not_be_hers",
    "refund",
    "refund_under_rule",
    "send",
    "take_charge_refunds",
]


class NothingToRefund(DomainError):
    code = "nothing_to_refund"
    message = _("There is nothing left to give back in this order.")


class PartOfWhat(DomainError):
    code = "part_of_what"
    status = 400
    message = _("A part is more than nothing, in the order's currency, and of one course.")


class OwnMoney(DomainError):
    code = "second_person_needed"
    status = 403
    message = _("Somebody else of the finance team must give this back: you bought it, or you earn by it.")


def refund(
    what: Order | OrderItem, *, by: Any, reason: str, amount: Money | None = None, ends_access: bool = True
) -> Refund:
    """Give back all that is left of an order or of one item, or `amount` of an item.

    The people of finance may for every sale that is not theirs, a creator for her own items. With `ends_access` the
    courses go back too. The money moves afterwards, by a worker. Raises NotAllowed, OwnMoney, NothingToRefund,
    PartOfWhat, MoreThanIsLeft, CannotCover.
    """
    cause = _cause(what, by)
    if amount is not None and not isinstance(what, OrderItem):
        raise PartOfWhat
    return _ask(what, by=by, reason=reason, amount=amount, ends_access=ends_access, cause=cause)


def refund_under_rule(item: OrderItem, *, by: Any, reason: str, origin: str) -> Refund:
    """All that is left of a sale whose course was taken from its learners.

    The decision that `origin` names is what allows it: who decided it was asked for her role then, and `by` is written
    down as who asked. A worker comes later, and she may have no role any more. `making_good` finds refunds by it, too.

    Raises NothingToRefund, OrderDisputed, MoreThanIsLeft.
    """
    assert origin, "a decision orders it"
    return _ask(item, by=by, reason=reason, amount=None, ends_access=True, cause=Refund.Cause.RULES, origin=origin)


def _ask(
    what: Order | OrderItem, *, by: Any, reason: str, amount: Money | None, ends_access: bool, cause: str,
    origin: str = "",
) -> Refund:  # fmt: skip
    with transaction.atomic():
        order = Order.objects.hold_with_parts(what.pk if isinstance(what, Order) else what.order_id)
        assert order is not None
        items = order.items.select_related("order").order_by("pk")
        if isinstance(what, OrderItem):
            items = items.filter(pk=what.pk)
        # What cost nothing has no money left, but perhaps a right.
        standing = set(order.items.unrefunded().values_list("pk", flat=True))
        parts = [(i, _part(i, amount)) for i in items if i.left or (not i.price and i.pk in standing)]
        if not order.is_paid or not parts:
            raise NothingToRefund(order=order.number)
        audit.record(by, "order.refund", order, reason=reason, items={item.pk: minor for item, minor in parts})
        asked = Refund.objects.ask(
            order, parts, by=by, reason=reason, cause=cause, ends_access=ends_access, origin=origin
        )
        if cause == Refund.Cause.GOODWILL:
            refund_cover.must_cover(asked)
        if order.plan_id:
            end_rights(asked)  # with the plan, which has ended
        return asked


def _cause(what: Order | OrderItem, by: Any) -> str:
    # Her own sale she gives back as every creator does: with what she has. A finance role lends her nothing.
    if isinstance(what, OrderItem) and what.creator and what.creator.user_id == by.pk and what.buyer_id != by.pk:
        return Refund.Cause.GOODWILL
    if not by.has_role("finance"):
        raise NotAllowed
    must_not_be_hers([what if isinstance(what, Order) else what.order], by)
    return Refund.Cause.STAFF


def must_not_be_hers(orders: Iterable[Order], by: Any) -> None:
    """Nobody decides alone over money that would be hers, or less of which would be. Raises OwnMoney."""
    if are_hers(orders, by):
        raise OwnMoney


def are_hers(orders: Iterable[Order], by: Any) -> bool:
    """Whether she bought one of them, or shares in it."""
    return by.pk in second_look.gainers(*orders)


def _part(item: OrderItem, amount: Money | None) -> int:
    if amount is None:
        return item.left.minor
    if amount.currency != item.order.currency or amount.minor <= 0:
        raise PartOfWhat
    if amount.minor % CURRENCIES[amount.currency].charge_multiple:
        raise PartOfWhat
    return amount.minor


def send(row: Refund) -> None:
    """The worker's part: ask the provider, once, and settle what it says. Unknown outcomes rise and are tried again."""
    order = row.order
    if not row.amount_minor:
        settle_nothing(row)
        return
    assert order.charge_id is not None  # nothing is given back of an order that was not paid
    if order.is_paid_by_hand:
        return  # somebody of finance sends it from the bank, and says so (`hand.refunding`)
    said = find(row) if row.may_have_been_asked else None
    try:
        said = said or _ask_provider(row)
    except GatewayRefused as refused:
        refuse(row, refused.provider_code or str(refused))
        return
    except NotSettled as not_yet:
        row.wait_until_due(not_yet.wait)
        return
    if said is None:
        return
    failpoints.reach("refund.after_call")
    follow(row, said)


def _ask_provider(row: Refund) -> ProviderRefund | None:
    """None: it has come to its end meanwhile. What was given up is not asked for: its money may be promised anew."""
    with row.fenced() as held:
        if held.state != Refund.State.REQUESTED:
            return None
        held.ask_now(clock.now())
        name, key = held.provider_name, held.provider_key
    failpoints.reach("refund.before_call")
    return gateway().create_refund(
        charge_id=row.order.charge_id or "", amount=row.amount, idempotency_key=key, metadata={"refund": name}
    )
