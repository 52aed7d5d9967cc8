"""Taking the parts that are due, with the means that their buyers agreed to keep.

A try is a row and an order, written under the plan's lock before anybody is asked: whoever comes at the same moment, a
second charger or the buyer herself, finds that order open and takes nothing. The provider is asked outside of
transactions, under a key that names plan, part and try. What is unknown stays so, and is looked up before it is asked
again; only a clear no ends a try, and only then another one, or a payment by hand, may begin.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from marketplace.lib import clock, failpoints, sweeps

from .. import taking
from ..gateway import GatewayRefused, GatewayUnknown, gateway
from ..kept_means import is_of_the_means
from ..models import InstalmentCharge, InstalmentPlan, MeansRelease, Order
from ..provider_shapes import Intent, Session
from . import ending, looking_after, mails, plans

log = logging.getLogger(__name__)

MOST = 500  # plans a sweep
# After this the provider may have forgotten our key, so a new try could take twice: we look first.
KEY_IS_TRUSTED = timedelta(hours=1)
# No page waits for its buyer: such an order ends with its try, and by no clock.
UNTIL_ANSWERED = timedelta(days=3650)
WAITS_FOR = timedelta(hours=1)
# Until the site keeps the book again of which a plan is.
OTHER_BOOK = timedelta(days=1)
UNTIL_SOLD_AGAIN = timedelta(days=1)


def begin_due() -> int:
    """What beat rings: a try for each plan of which a part is due. Returns how many began."""
    due = InstalmentPlan.objects.due(clock.now()).order_by("next_at", "pk").values_list("pk", flat=True)
    return sum(sweeps.each("instalments", list(due[:MOST]), begin))


@transaction.atomic
def begin(pk: int) -> bool:
    """A try to take the next part of a plan, if it is due still. By whoever else is here, nothing happens twice."""
    plan, now = InstalmentPlan.objects.hold_all([pk])[pk], clock.now()
    if not InstalmentPlan.objects.due(now).filter(pk=pk).exists():
        return False
    if ending.end_if_over(plan, now):
        return False
    if plan.course.is_on_sale and plan.was_put_off(now) and plan.customer_id:
        looking_after.announce(plan, now)
        return False
    if plan.course.is_on_sale:
        order = plans.place(plan, plan.next_part, plan.next_part, now, UNTIL_ANSWERED)
        InstalmentCharge.objects.begin(order, plan.failed_tries + 1)
        failpoints.reach("instalment.before_begin_commit")
        return True
    plan.put_off(now + UNTIL_SOLD_AGAIN)  # its creator may not sell now; those behind it are not to wait for that
    return False


def carry_out(row: InstalmentCharge) -> None:
    """The worker's part: ask the provider, once, and bring in what it says. Unknown outcomes rise and are looked up."""
    order = row.order
    assert order.plan is not None  # a charge is of a part
    if order.book != settings.PAYMENTS_BOOK:
        row.wait_until_due(OTHER_BOOK)  # another provider knows of it, or none
        return
    if not order.is_open:
        _close(row, row.State.PAID if order.is_paid else row.State.FAILED)
        return
    found = _found(order) if row.key else []  # without a key it was never asked
    said = found[0] if found else None
    if said is None and not order.plan.is_live:
        _fail(row, "ended")  # it ended before anybody was asked; what was asked and is still to come goes back
        return
    if said is None and not (order.plan.customer_id and order.plan.method_id):
        _fail(row, "no_means")
        return
    if said is None:
        row.ask_under(_key(row), clock.now())
        failpoints.reach("instalment.before_call")
        try:
            said = gateway().charge_kept(
                order.total,
                customer=order.plan.customer_id,
                method=order.plan.method_id,
                reference=order.reference,
                transfer_group=order.transfer_group,
                idempotency_key=row.key,
            )
        except GatewayRefused as refused:
            if not is_of_the_means(refused):
                raise  # work that fails: tried again, and in the end somebody looks
            _fail(row, refused.provider_code or "refused")
            return
    failpoints.reach("instalment.after_call")
    _follow(row, said)
    for second in found[1:]:
        if second.status == "succeeded":
            _bring_in(row, second)  # flagged: the order is paid by the first


def _found(order: Order) -> list[Intent]:
    """What the provider has of this try; where it took the money, that first."""
    assert order.plan is not None
    if not order.plan.customer_id:
        return []
    try:
        hers = gateway().find_intents(order.plan.customer_id)
    except GatewayRefused as refused:
        if not refused.is_unknown_there:
            raise
        hers = []
    return sorted((one for one in hers if one.reference == order.reference), key=lambda one: one.status != "succeeded")


def _key(row: InstalmentCharge) -> str:
    """The same for every call of one try, until it was not used for long and the provider shows no trace of it: what it
    keeps under that key then is a failure that it would only say again. So a list that lags takes nothing twice.
    """
    plan, order = row.order.plan, row.order
    assert plan is not None
    first = f"instalment:{plan.token.hex}:{order.part}:{row.number}:{order.reference}"
    if row.key_used_at is None:
        return first
    return row.key if clock.now() - row.key_used_at < KEY_IS_TRUSTED else f"{first}:{row.rounds}.{row.attempts}"


def _follow(row: InstalmentCharge, said: Intent) -> None:
    if said.status == "succeeded":
        taken = _bring_in(row, said)
        failpoints.reach("instalment.after_taken")
        if taken.is_paid:  # else it does not fit, and finance was told
            _close(row, row.State.PAID)
    elif said.status in ("requires_payment_method", "canceled"):
        _fail(row, said.error or said.status)
    else:
        raise GatewayUnknown(provider_code=said.status)  # it may still come


def _bring_in(row: InstalmentCharge, said: Intent) -> Order:
    charge = gateway().retrieve_charge(said.charge_id)
    return taking.take(row.order_id, Session.unseen(charge), charge)


@transaction.atomic
def _fail(row: InstalmentCharge, reason: str) -> None:
    """A clear no: this try took nothing and will not. The plan waits for its next one, or pauses the right."""
    order = Order.objects.hold(pk=row.order_id)
    assert order is not None
    assert order.plan is not None
    with row.fenced() as held:
        if order.fail():
            plan = order.plan.hold()
            plan.fail_part(clock.now())
            if plan.is_live:
                mails.failed(plan, order)
        held.finish(state=row.State.FAILED, reason=reason[:60])
    failpoints.reach("instalment.before_fail_commit")


@transaction.atomic
def _close(row: InstalmentCharge, state: str) -> None:
    with row.fenced() as held:
        held.finish(state=state)


def release_means(row: MeansRelease) -> None:
    """The worker's part when nothing of a plan is open. What the provider does not know is forgotten already."""
    plan = row.plan
    if plan.book != settings.PAYMENTS_BOOK:
        row.wait_until_due(OTHER_BOOK)
        return
    if InstalmentCharge.objects.under_way().filter(order__plan=plan, finished_at=None).exists():
        row.wait_until_due(WAITS_FOR)  # a payment that may have been made is looked up by whose it is
        return
    if plan.customer_id:
        try:
            gateway().forget_customer(plan.customer_id)
        except GatewayRefused as refused:
            if not refused.is_unknown_there:
                raise
    with row.fenced() as held:
        plan.hold().forget_means()
        held.finish()
