"""Taking the parts that are due, with the means that their buyers agreed to keep.

A try is a row and an order, written under the plan's lock before anybody is asked: whoever comes at the same moment, a
second charger or the buyer herself, finds that order open and takes nothing. The provider is asked outside of
transactions, under a key that names plan, part and try. What is unknown stays so, and is looked up before it is asked
again; only a clear no ends a try, and only then another one, or a payment by hand, may begin.
"""

import logging
from datetime import timedelta

from django.db import transaction

from learners.models import Enrollment
from marketplace.lib import clock, failpoints, sweeps

from .. import taking
from ..gateway import GatewayRefused, GatewayUnknown, gateway
from ..kept_means import is_of_the_means
from ..models import InstalmentCharge, InstalmentPlan, MeansRelease, Order
from ..provider_shapes import Intent, Session
from . import mails, plans

log = logging.getLogger(__name__)

MOST = 500  # plans a sweep
# After this the provider may have forgotten our key, so a new try could take twice: we look first.
KEY_IS_TRUSTED = timedelta(hours=1)
# No page waits for its buyer: such an order ends with its try, and by no clock.
UNTIL_ANSWERED = timedelta(days=3650)
WAITS_FOR = timedelta(minutes=5)
REASON = InstalmentPlan.EndReason


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
    course = plan.course
    if not Enrollment.objects.active().of(plan.buyer).filter(reference=plan.reference).exists():
        plan.end(REASON.RIGHT_ENDED, now)
    elif course.is_taken_down or course.live_version_id is None:
        if plan.end(REASON.COURSE_GONE, now):
            mails.ended(plan)
    elif course.is_on_sale:  # else it waits until its creator may sell again
        order = plans.place(plan, plan.next_part, plan.next_part, now, UNTIL_ANSWERED)
        InstalmentCharge.objects.begin(order, plan.failed_tries + 1)
        failpoints.reach("instalment.before_begin_commit")
        return True
    return False


def carry_out(row: InstalmentCharge) -> None:
    """The worker's part: ask the provider, once, and bring in what it says. Unknown outcomes rise and are looked up."""
    order = row.order
    assert order.plan is not None  # a charge is of a part
    if not order.is_open:
        _close(row, row.State.PAID if order.is_paid else row.State.FAILED)
        return
    is_old = clock.now() - order.placed_at > KEY_IS_TRUSTED
    said = _found(order) if row.attempts > 1 or row.rounds or is_old else None
    if said is None and not order.plan.is_live:
        _fail(row, "ended")  # it ended before anybody was asked; what was asked and is still to come goes back
        return
    if said is None:
        failpoints.reach("instalment.before_call")
        try:
            said = gateway().charge_kept(
                order.total,
                customer=order.plan.customer_id,
                method=order.plan.method_id,
                reference=order.reference,
                transfer_group=order.transfer_group,
                idempotency_key=_key(row, is_old=is_old),
            )
        except GatewayRefused as refused:
            if not is_of_the_means(refused):
                raise  # work that fails: tried again, and in the end somebody looks
            _fail(row, refused.provider_code or "refused")
            return
    failpoints.reach("instalment.after_call")
    _follow(row, said)


def _found(order: Order) -> Intent | None:
    """What the provider has of this try; where it took the money, that."""
    assert order.plan is not None
    if not order.plan.customer_id:
        return None
    hers = [one for one in gateway().find_intents(order.plan.customer_id) if one.reference == order.reference]
    return min(hers, key=lambda one: one.status != "succeeded", default=None)


def _key(row: InstalmentCharge, *, is_old: bool) -> str:
    """The same for every call of one try, until the provider has shown no trace of it for long: what it keeps under the
    first key then is a failure that it would only say again.
    """
    plan, order = row.order.plan, row.order
    assert plan is not None
    first = f"instalment:{plan.token.hex}:{order.part}:{row.number}:{order.reference}"
    return f"{first}:{row.rounds}.{row.attempts}" if is_old else first


def _follow(row: InstalmentCharge, said: Intent) -> None:
    if said.status == "succeeded":
        charge = gateway().retrieve_charge(said.charge_id)
        taken = taking.take(row.order_id, Session.unseen(charge), charge)
        failpoints.reach("instalment.after_taken")
        if taken.is_paid:  # else it does not fit, and finance was told
            _close(row, row.State.PAID)
    elif said.status in ("requires_payment_method", "canceled"):
        _fail(row, said.error or said.status)
    else:
        raise GatewayUnknown(provider_code=said.status)  # it may still come


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
    if InstalmentCharge.objects.under_way().filter(order__plan=plan, finished_at=None).exists():
        row.wait_until_due(WAITS_FOR)  # a payment that may have been made is looked up by whose it is
        return
    if plan.customer_id:
        try:
            gateway().forget_customer(plan.customer_id)
        except GatewayRefused as refused:
            if refused.provider_code != "resource_missing":
                raise
    with row.fenced() as held:
        plan.hold().forget_means()
        held.finish()
