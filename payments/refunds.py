"""Giving money back: the wish is a row, the provider does it, then the books and the right to watch follow at once."""

import logging
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from learners.models import Enrollment
from learners.models.enrollment import AlreadyEnrolled
from marketplace.lib import clock, failpoints
from marketplace.lib.errors import DomainError, NotAllowed
from marketplace.lib.money import CURRENCIES, Money

from . import bookings, refund_cover, refund_mails
from .gateway import GatewayRefused, gateway
from .memberships import rights
from .models import Order, OrderItem, Refund
from .provider_shapes import ProviderRefund
from .reconciliation import alerts

log = logging.getLogger(__name__)
# After this the provider may have forgotten our key, so a new try could pay twice: we look first.
KEY_IS_TRUSTED = timedelta(hours=1)


class NothingToRefund(DomainError):
    code = "nothing_to_refund"
    message = _("There is nothing left to give back in this order.")


class PartOfWhat(DomainError):
    code = "part_of_what"
    status = 400
    message = _("A part is more than nothing, in the order's currency, and of one course.")


def refund(
    what: Order | OrderItem, *, by: Any, reason: str, amount: Money | None = None, ends_access: bool = True
) -> Refund:
    """Give back all that is left of an order or of one item, or `amount` of an item.

    The people of finance may for every sale, a creator for her own items. With `ends_access` the courses go back too.
    The money moves afterwards, by a worker. Raises NotAllowed, NothingToRefund, PartOfWhat, MoreThanIsLeft,
    CannotCover.
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
    if by.has_role("finance"):
        return Refund.Cause.STAFF
    if isinstance(what, OrderItem) and what.creator and what.creator.user_id == by.pk:
        return Refund.Cause.GOODWILL
    raise NotAllowed


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
        _settle_nothing(row)
        return
    assert order.charge_id is not None  # nothing is given back of an order that was not paid
    if order.is_paid_by_hand:
        return  # somebody of finance sends it from the bank, and says so (`hand.refunding`)
    is_old = clock.now() - row.requested_at > KEY_IS_TRUSTED
    said = _found(row) if row.attempts > 1 or is_old else None
    if said is None:
        failpoints.reach("refund.before_call")
        try:
            said = gateway().create_refund(
                charge_id=order.charge_id,
                amount=row.amount,
                idempotency_key=_key(row, is_old=is_old),
                metadata={"refund": _name(row)},
            )
        except GatewayRefused as refused:
            _give_up(row, refused.provider_code or str(refused))
            return
    failpoints.reach("refund.after_call")
    follow(row, said)


def _key(row: Refund, *, is_old: bool) -> str:
    """The same for every try, until the provider has shown no trace of the refund for long.

    Then another: what it keeps under the first is a failure that it would only say again.
    """
    first = f"refund:{_name(row)}"
    return f"{first}:{row.rounds}.{row.attempts}" if is_old else first


def _found(row: Refund) -> ProviderRefund | None:
    given = gateway().find_refunds(row.order.charge_id or "")
    return next((one for one in given if one.metadata.get("refund") == _name(row)), None)


def _name(row: Refund) -> str:
    return f"{row.order.reference}:{row.pk}"


@transaction.atomic
def follow(row: Refund, said: ProviderRefund) -> None:
    """Bring a refund to where the provider says that it is; said again, nothing happens."""
    if _is_second(row.hold(), said):
        return
    if said.status in ("failed", "canceled"):
        _give_up(row, f"the provider says {said.status}")
    elif said.status == "succeeded":
        _settle(row, said)
    else:
        row.name_at_provider(said.id)


def _is_second(held: Refund, said: ProviderRefund) -> bool:
    """Whether the provider has made a refund of ours twice, and this is the other one: its list did not show the first
    for so long that we asked anew. A wish is one refund, so this one moves nothing here; people look where it went.
    """
    if held.provider_refund_id in (None, said.id):
        return False
    if said.status not in ("failed", "canceled"):
        why = f"refund {said.id} of {said.amount} was made beside {held.provider_refund_id}, for the same wish"
        held.order.flag(why)
        alerts.does_not_fit(said.id, why, said.amount, book=held.order.book, order=held.order.number)
    return True


@transaction.atomic
def _settle(row: Refund, said: ProviderRefund) -> None:
    held = row.hold()
    if said.amount != held.amount:
        why = f"refund {said.id} is {said.amount}, asked for {held.amount}"
        held.order.flag(why)
        alerts.does_not_fit(said.id, why, said.amount, book=held.order.book, order=held.order.number)
        return
    held.name_at_provider(said.id)
    if held.settle():
        end_rights(held)
        bookings.book_refund(held)
        refund_mails.refunded(held)
    failpoints.reach("refund.before_commit")


@transaction.atomic
def _settle_nothing(row: Refund) -> None:
    """What cost nothing goes back without the provider: the right ends, and what the platform had added comes back."""
    held = row.hold()
    if held.settle():
        end_rights(held)
        bookings.book_give_back(held, key=held.ledger_key)


def end_rights(row: Refund, reason: str = Enrollment.EndReason.REFUNDED) -> None:
    """The courses that go back leave the buyer's library; said again, nothing happens."""
    order, ending = row.order, row.lines.filter(ends_access=True, item__granted_at__isnull=False).values("item__course")
    bought = rights.held_of(order.buyer).active().filter(reference=order.of_right, course__in=ending)
    for enrollment in bought.select_related("course").order_by("course_id"):
        enrollment.end(reason, by=row.requested_by)
        order.let_parts_go()
        rights.fall_back(order.buyer, enrollment.course)


@transaction.atomic
def _give_up(row: Refund, why: str) -> None:
    held = row.hold()
    if held.state == Refund.State.DONE:
        _came_back(held, why)
        return
    if held.fail() and held.is_the_buyers:
        if held.order.plan is None:  # with a plan its open parts are gone: finance is told what to do
            _restore_rights(held)
        refund_mails.failed(held)
    held.order.flag(f"refund {held.pk} failed: {why}")
    log.error("refund_failed", extra={"order": held.order.number, "why": why})


def _came_back(held: Refund, why: str) -> None:
    """The money is with us again, and hers: finance pays her another way. Said again, nothing happens."""
    if held.come_back():
        order, why = held.order, f"refund {held.pk} came back: {why}"
        order.flag(why)
        alerts.does_not_fit(held.provider_refund_id or "", why, held.amount, book=order.book, order=order.number)
        refund_mails.came_back(held)


def _restore_rights(row: Refund) -> None:
    """The right ended when its holder took her money back; the money did not come, so the right does."""
    for course in [one.course for one in row.items if one.course and not one.is_tip]:
        try:
            bought = row.order
            Enrollment.objects.grant(learner=bought.buyer, course=course, source="purchase", reference=bought.number)
        except AlreadyEnrolled:
            log.info("right_had_already", extra={"order": row.order.number, "course": course.pk})


def take_charge_refunds(charge_id: str) -> Order | None:
    """What the provider gave back of a charge, ours or somebody's at its own desk. None: the charge is not ours."""
    order = Order.objects.filter(charge_id=charge_id).first()
    if order is not None:
        for said in gateway().find_refunds(charge_id):
            take_refund(order, said)
    return order


def look_again(row: Refund) -> None:
    """Ask what became of a refund that the provider left pending. What is unknown rises."""
    if row.provider_refund_id:
        follow(row, gateway().retrieve_refund(row.provider_refund_id))


def take_refund(order: Order, said: ProviderRefund) -> None:
    """Follow one refund of an order, adopting it when it was not made by us."""
    row = order.refunds.filter(provider_refund_id=said.id).first()
    name, _colon, pk = said.metadata.get("refund", "").partition(":")
    if row is None and name == order.reference and pk.isdecimal():
        row = order.refunds.filter(pk=pk).first()
    if row is None and said.status == "succeeded":
        row = _adopt(order, said)
    if row is not None:
        follow(row, said)


@transaction.atomic
def _adopt(order: Order, said: ProviderRefund) -> Refund | None:
    held = Order.objects.hold(pk=order.pk)
    assert held is not None
    known = held.refunds.filter(provider_refund_id=said.id).first()
    if known is not None:
        return known
    items = _items_worth(held.items.select_related("order"), said.amount)
    if not items:
        why = f"refund {said.id} of {said.amount} was made at the provider and fits no item"
        held.flag(why)
        alerts.does_not_fit(said.id, why, said.amount, book=held.book, order=held.number)
        return None
    return Refund.objects.adopt(held, items, provider_refund_id=said.id)


def _items_worth(items: Iterable[OrderItem], amount: Money) -> list[OrderItem]:
    """All that is left if that is the amount, or the one item of which just that is left."""
    left = [item for item in items if item.left and item.left.currency == amount.currency]
    if sum(item.left.minor for item in left) == amount.minor:
        return left
    fitting = [item for item in left if item.left == amount]
    return fitting if len(fitting) == 1 else []
