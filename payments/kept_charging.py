"""Carrying out what is taken with kept means: parts of a price and months of a membership alike.

A try is a row and an order, written under the agreement's lock before anybody is asked. The provider is asked outside
of transactions, under a key that names agreement, part or month, and try. What is unknown stays so, and is looked up
before it is asked again; only a clear no ends a try, and only then another one, or a payment by hand, may begin.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from marketplace.lib import clock, failpoints

from . import taking
from .gateway import GatewayRefused, GatewayUnknown, gateway
from .kept_means import is_of_the_means
from .models import KeptCharge, KeptRelease, Order
from .provider_shapes import Intent, Session

# After this the provider may have forgotten our key, so a new try could take twice: we look first.
KEY_IS_TRUSTED = timedelta(hours=1)
# No page waits for its buyer: such an order ends with its try, and by no clock.
UNTIL_ANSWERED = timedelta(days=3650)
WAITS_FOR = timedelta(hours=1)
# Until the site keeps the book again of which an agreement is.
OTHER_BOOK = timedelta(days=1)

Tell = Callable[[Any, Order], None]


def carry_out(row: KeptCharge, tell_failed: Tell) -> None:
    """The worker's part: ask the provider, once, and bring in what it says. Unknown outcomes rise and are looked up.
    `tell_failed` writes to the buyer of (agreement, order) that it did not come.
    """
    order = row.order
    if order.book != settings.PAYMENTS_BOOK:
        row.wait_until_due(OTHER_BOOK)  # another provider knows of it, or none
        return
    if not order.is_open:
        _close(row, row.State.PAID if order.is_paid else row.State.FAILED)
        return
    found = found_of(order) if row.key else []  # without a key it was never asked
    said = found[0] if found else None
    if said is None and not order.agreement.wants(order, clock.now()):
        _drop(row)
        return
    if said is None and not (order.agreement.customer_id and order.agreement.method_id):
        _fail(row, "no_means", tell_failed)
        return
    if said is None:
        row.ask_under(_key(row), clock.now())
        failpoints.reach("kept_charge.before_call")
        try:
            said = gateway().charge_kept(
                order.total,
                customer=order.agreement.customer_id,
                method=order.agreement.method_id,
                reference=order.reference,
                transfer_group=order.transfer_group,
                idempotency_key=row.key,
            )
        except GatewayRefused as refused:
            if not is_of_the_means(refused):
                raise  # work that fails: tried again, and in the end somebody looks
            _fail(row, refused.provider_code or "refused", tell_failed)
            return
    failpoints.reach("kept_charge.after_call")
    _follow(row, said, tell_failed)
    for second in found[1:]:
        if second.status == "succeeded":
            _bring_in(row, second)  # flagged: the order is paid by the first


def found_of(order: Order) -> list[Intent]:
    """What the provider has of this try; where it took the money, that first."""
    agreement = order.agreement
    assert agreement is not None  # a charge is of one
    if not agreement.customer_id:
        return []
    try:
        hers = gateway().find_intents(agreement.customer_id)
    except GatewayRefused as refused:
        if not refused.is_unknown_there:
            raise
        hers = []
    return sorted((one for one in hers if one.reference == order.reference), key=lambda one: one.status != "succeeded")


def _key(row: KeptCharge) -> str:
    """The same for every call of one try, until it was not used for long and the provider shows no trace of it: what it
    keeps under that key then is a failure that it would only say again. So a list that lags takes nothing twice.
    """
    order = row.order
    first = f"{row.KIND}:{order.agreement.token.hex}:{row.what}:{row.number}:{order.reference}"
    if row.key_used_at is None:
        return first
    return row.key if clock.now() - row.key_used_at < KEY_IS_TRUSTED else f"{first}:{row.rounds}.{row.attempts}"


def _follow(row: KeptCharge, said: Intent, tell_failed: Tell) -> None:
    if said.status == "succeeded":
        taken = _bring_in(row, said)
        failpoints.reach("kept_charge.after_taken")
        if taken.is_paid:  # else it does not fit, and finance was told
            _close(row, row.State.PAID)
    elif said.status in ("requires_payment_method", "canceled"):
        _fail(row, said.error or said.status, tell_failed)
    else:
        raise GatewayUnknown(provider_code=said.status)  # it may still come


def _bring_in(row: KeptCharge, said: Intent) -> Order:
    charge = gateway().retrieve_charge(said.charge_id)
    return taking.take(row.order_id, Session.unseen(charge), charge)


@transaction.atomic
def _fail(row: KeptCharge, reason: str, tell_failed: Tell) -> None:
    """A clear no: this try took nothing and will not. The agreement waits for its next one, or says what follows."""
    order = Order.objects.hold(pk=row.order_id)
    assert order is not None
    assert order.agreement is not None
    with row.fenced() as held:
        if order.fail():
            agreement = order.agreement.hold()
            agreement.fail_try(clock.now())
            tell_failed(agreement, order)
        held.finish(state=row.State.FAILED, reason=reason[:60])
    failpoints.reach("kept_charge.before_fail_commit")


@transaction.atomic
def _drop(row: KeptCharge) -> None:
    """It is not wanted any more and was not taken: no try that counts. What is still to come of it goes back."""
    order = Order.objects.hold(pk=row.order_id)
    assert order is not None
    with row.fenced() as held:
        order.fail()
        held.finish(state=row.State.FAILED, reason="ended")


@transaction.atomic
def _close(row: KeptCharge, state: str) -> None:
    with row.fenced() as held:
        held.finish(state=state)


def release(row: KeptRelease) -> None:
    """The worker's part when nothing of an agreement is open. What the provider does not know is forgotten already."""
    agreement = row.agreement
    if agreement.book != settings.PAYMENTS_BOOK:
        row.wait_until_due(OTHER_BOOK)
        return
    if row.charges.under_way().filter(finished_at=None).exists():
        row.wait_until_due(WAITS_FOR)  # a payment that may have been made is looked up by whose it is
        return
    if agreement.customer_id:
        try:
            gateway().forget_customer(agreement.customer_id)
        except GatewayRefused as refused:
            if not refused.is_unknown_there:
                raise
    with row.fenced() as held:
        agreement.hold().forget_means()
        held.finish()
