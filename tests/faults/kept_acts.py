"""S1's stories of cards that are kept: a part that is taken, one that is looked up, and a card that is forgotten."""

from contextlib import suppress
from datetime import timedelta

from marketplace.lib import clock, work
from payments.gateway import GatewayError
from payments.instalments import charging, looking_after
from payments.models import InstalmentCharge, InstalmentPlan, LedgerEntry, MeansRelease
from payments.sandbox import oracle
from payments.sandbox.models import SandboxCustomer, SandboxFault
from tests import cast
from tests.faults.act import Act
from tests.payments import in_parts, shop

BOTH = [5000, 5000]


def _with_a_part_due() -> InstalmentPlan:
    plan = in_parts.begin(cast.lin(), in_parts.course_in_parts(2))
    in_parts.a_month_passes(plan)
    looking_after.look_after()
    charging.begin_due()
    return plan


def _carry_out() -> None:
    for pk in InstalmentCharge.open_work().values_list("pk", flat=True):
        with suppress(GatewayError):
            work.run(InstalmentCharge, pk, charging.carry_out)


def _taken(plan: InstalmentPlan) -> Act:
    """A bank that says no is asked again days later, as the plan says."""

    def take() -> bool:
        clock.advance(timedelta(hours=2))  # what the provider said under a key is not asked for again
        plan.refresh_from_db()
        if plan.next_at is not None:
            in_parts.a_month_passes(plan)
        in_parts.due_again()
        in_parts.charge_all()
        plan.refresh_from_db()
        return plan.state == "done"

    sales = LedgerEntry.objects.filter(kind="sale")
    return Act(take, lambda: (sorted(oracle.charges().values()), sales.count()) == (BOTH, 2))


def part_taken() -> Act:
    return _taken(_with_a_part_due())


def part_looked_up() -> Act:
    """Its money was taken, and the answer lost."""
    plan = _with_a_part_due()
    SandboxFault.objects.plan("payment_intents.create", "timeout_after")
    _carry_out()
    return _taken(plan)


def card_forgotten() -> Act:
    """All parts are paid, so nothing needs it."""
    _with_a_part_due()
    _carry_out()
    shop.deliver_all()

    def forget() -> bool:
        in_parts.due_again()
        in_parts.work_off()
        return not MeansRelease.open_work().exists()

    plans = InstalmentPlan.objects.exclude(customer_id="", method_id="")
    return Act(forget, lambda: not SandboxCustomer.objects.exists() and not plans.exists())
