"""What the provider says of a refund, ours or somebody's at its own desk: the books and the right to watch follow it.

Said again, or in another order, it comes to the same. The provider is asked outside every transaction.
"""

import logging
from collections.abc import Iterable

from django.db import transaction

from learners.models import Enrollment
from learners.models.enrollment import AlreadyEnrolled
from marketplace.lib import failpoints
from marketplace.lib.money import Money

from . import bookings, refund_mails
from .gateway import gateway
from .memberships import rights
from .models import MeterReading, Order, OrderItem, Refund
from .models.refund_line import MoreThanIsLeft
from .provider_shapes import ProviderRefund
from .reconciliation import alerts

log = logging.getLogger(__name__)
# How a refund ends of which nothing was given.
GONE = ("failed", "canceled")


def find(row: Refund) -> ProviderRefund | None:
    """What the provider has of it already."""
    return _found(row, gateway().find_refunds(row.order.charge_id or ""))


def _found(row: Refund, given: Iterable[ProviderRefund]) -> ProviderRefund | None:
    return next((one for one in given if one.metadata.get("refund") == row.provider_name), None)


@transaction.atomic
def follow(row: Refund, said: ProviderRefund) -> None:
    """Bring a refund to where the provider says that it is; said again, nothing happens."""
    held: Refund | None = row.hold()
    assert held is not None
    if held.state == Refund.State.FAILED and said.status not in GONE:
        held = _after_all(held, said)
    if held is None or _is_second(held, said):
        return
    row = held
    if said.status in GONE:
        _name_gone(row, said)
        _give_up(row, f"the provider says {said.status}")
    elif said.status == "succeeded":
        _settle(row, said)
    else:
        row.name_at_provider(said.id)


def _name_gone(held: Refund, said: ProviderRefund) -> None:
    """What failed at the provider itself is named, so that an older answer of the same one is known for what it is."""
    if held.provider_refund_id is None and not Refund.objects.filter(provider_refund_id=said.id).exists():
        held.name_at_provider(said.id)


def _after_all(failed: Refund, said: ProviderRefund) -> Refund | None:
    """What was given up as failed has been made: the money is with its buyer, so a refund is laid down for it, as that
    one was asked for. The failed one stays what it was, and what was told of it too; finance hears of both.

    None: what is left of its items is not that much, since more was given or asked for meanwhile. That is for finance.
    So is what the provider itself had said to have failed: that is its last word, and this an older one, or it
    contradicts itself.
    """
    order = failed.order
    if failed.provider_refund_id == said.id:
        why = f"refund {failed.pk} failed: the provider says {said.status}"
        alerts.does_not_fit(order, said.id, why, said.amount)
        return None
    known = order.refunds.filter(provider_refund_id=said.id).first()
    if known is not None:
        return known
    refund: Refund | None = None
    why = f"refund {failed.pk} had failed; {said.id} of {said.amount} was made for it after all"
    try:
        with transaction.atomic():
            if said.amount == failed.amount:
                refund = Refund.objects.make_anew(failed, provider_refund_id=said.id)
                MeterReading.objects.repeat(failed, refund)
    except MoreThanIsLeft:
        log.error("refund_fits_nothing", extra={"order": order.number, "provider_id": said.id})
    if refund is None:
        why = f"{why} and fits no item"
    alerts.does_not_fit(order, said.id, why, said.amount)
    return refund


def _is_second(held: Refund, said: ProviderRefund) -> bool:
    """Whether the provider has made a refund of ours twice, and this is the other one: its list did not show the first
    for so long that we asked anew. A wish is one refund, so this one moves nothing here; people look where it went.
    """
    if held.provider_refund_id in (None, said.id):
        return False
    if said.status not in GONE:
        why = f"refund {said.id} of {said.amount} was made beside {held.provider_refund_id}, for the same wish"
        alerts.does_not_fit(held.order, said.id, why, said.amount)
    return True


@transaction.atomic
def _settle(row: Refund, said: ProviderRefund) -> None:
    held = row.hold()
    if said.amount != held.amount:
        why = f"refund {said.id} is {said.amount}, asked for {held.amount}"
        alerts.does_not_fit(held.order, said.id, why, said.amount)
        return
    held.name_at_provider(said.id)
    if held.settle():
        end_rights(held)
        bookings.book_refund(held)
        refund_mails.refunded(held)
    failpoints.reach("refund.before_commit")


@transaction.atomic
def settle_nothing(row: Refund) -> None:
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


def refuse(row: Refund, why: str) -> None:
    """The provider will not. What it lists of the charge is taken in before ours is given up: an earlier call may have
    done it, or somebody gave the money back at the provider's own desk, which fitted no item while ours waited.
    """
    given = _ours_first(gateway().find_refunds(row.order.charge_id or ""))
    with transaction.atomic():
        held, done = row.hold(), _found(row, [one for one in given if one.status not in GONE])
        if done is not None:
            follow(held, done)
        elif held.state == Refund.State.REQUESTED and held.provider_refund_id is None:
            # Else an event was faster, and knows better: what has a name was made, and the sweep asks how it ends.
            _give_up(held, why, given)


@transaction.atomic
def _give_up(row: Refund, why: str, given: Iterable[ProviderRefund] = ()) -> None:
    """`given`: what the provider lists of the charge beside it."""
    held = row.hold()
    if held.state == Refund.State.DONE:
        _came_back(held, why)
        return
    is_news = held.fail()
    for said in given if is_news else ():
        if said.status not in GONE:
            take_refund(held.order, said)
    items = held.items
    stands = [item for item in items if item.refunded_at is None]
    if not stands and not any(item.left for item in items):
        return  # all of it went back another way
    # By the meter she is told that her course is hers again: not where another of her wishes has taken it back.
    if is_news and held.is_the_buyers and (stands or held.cause != Refund.Cause.METER):
        if held.order.plan is None:  # with a plan its open parts are gone: finance is told what to do
            _restore_rights(held, stands)
        refund_mails.failed(held)
    held.order.flag(f"refund {held.pk} failed: {why}")
    log.error("refund_failed", extra={"order": held.order.number, "why": why})


def _came_back(held: Refund, why: str) -> None:
    """The money is with us again, and hers: finance pays her another way. Said again, nothing happens."""
    if held.come_back():
        why = f"refund {held.pk} came back: {why}"
        alerts.does_not_fit(held.order, held.provider_refund_id or "", why, held.amount)
        refund_mails.came_back(held)


def _restore_rights(row: Refund, stands: Iterable[OrderItem]) -> None:
    """The right ended when its holder took her money back; the money did not come, so the right does."""
    for course in [one.course for one in stands if one.course and not one.is_tip]:
        try:
            bought = row.order
            Enrollment.objects.grant(learner=bought.buyer, course=course, source="purchase", reference=bought.number)
        except AlreadyEnrolled:
            log.info("right_had_already", extra={"order": row.order.number, "course": course.pk})


def take_charge_refunds(charge_id: str) -> Order | None:
    """What the provider gave back of a charge, ours or somebody's at its own desk. None: the charge is not ours."""
    order = Order.objects.filter(charge_id=charge_id).first()
    if order is not None:
        for said in _ours_first(gateway().find_refunds(charge_id)):
            take_refund(order, said)
    return order


def _ours_first(given: Iterable[ProviderRefund]) -> list[ProviderRefund]:
    """What failed of ours makes room for what somebody gave instead."""
    return sorted(given, key=lambda one: "refund" not in one.metadata)


def look_again(row: Refund) -> None:
    """Ask what became of a refund that the provider left pending. What is unknown rises."""
    if row.provider_refund_id:
        follow(row, gateway().retrieve_refund(row.provider_refund_id))
        row.refresh_from_db(fields=["state"])
        if row.state == Refund.State.FAILED:
            take_charge_refunds(row.order.charge_id or "")  # what it stood in the way of


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
        alerts.does_not_fit(held, said.id, why, said.amount)
        return None
    return Refund.objects.adopt(held, items, provider_refund_id=said.id)


def _items_worth(items: Iterable[OrderItem], amount: Money) -> list[OrderItem]:
    """All that is left if that is the amount, or the one item of which just that is left."""
    left = [item for item in items if item.left and item.left.currency == amount.currency]
    if sum(item.left.minor for item in left) == amount.minor:
        return left
    fitting = [item for item in left if item.left == amount]
    return fitting if len(fitting) == 1 else []
