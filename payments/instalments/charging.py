"""Taking the parts that are due, with the means that their buyers agreed to keep.

A try is a row and an order, written under the plan's lock before anybody is asked: whoever comes at the same moment, a
second charger or the buyer herself, finds that order open and takes nothing. What is asked of the
provider, and how, is the same as of memberships (`payments.kept_charging`).
"""

from datetime import timedelta

from django.db import transaction

from marketplace.lib import clock, failpoints, sweeps

from .. import kept_charging
from ..kept_charging import UNTIL_ANSWERED
from ..models import InstalmentCharge, InstalmentPlan, MeansRelease, Order
from . import ending, looking_after, mails, plans

MOST = 500  # plans a sweep
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
    """The worker's part. Unknown outcomes rise and are looked up."""
    kept_charging.carry_out(row, _tell_failed)


def _tell_failed(plan: InstalmentPlan, order: Order) -> None:
    if plan.is_live:
        mails.failed(plan, order)


def release_means(row: MeansRelease) -> None:
    """The worker's part when nothing of a plan is open."""
    kept_charging.release(row)
