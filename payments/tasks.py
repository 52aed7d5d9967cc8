"""The bells of payments. Each task makes one call; the rows themselves hold the work."""

from celery import shared_task
from django.conf import settings

from marketplace.lib import work

from . import (
    after_sale,
    checkpoints,
    disputes,
    escrow,
    invoices,
    making_good,
    onboarding,
    payouts,
    refunds,
    releases,
    rules,
    settling,
    sweeps,
    transfers,
    watch,
)
from .closing import reminding
from .incomes import rollups
from .instalments import charging, forgetting, looking_after
from .memberships import charging as memberships
from .memberships import daily
from .models import (
    AfterRefund,
    AfterSale,
    CardTrace,
    CustomerRelease,
    DisputeEvidence,
    Inquiry,
    InstalmentCharge,
    MeansRelease,
    MembershipCharge,
    MembershipRelease,
    Payout,
    PayoutRun,
    Refund,
    RuleAnnouncement,
    TaxIdentity,
    YearRound,
)
from .pool import dividing
from .proof import seals
from .referrals import clicks
from .sandbox import delivery
from .sandbox.models import SandboxEvent
from .years import issuing


@shared_task(name="payments.tasks.take_provider_event")
def take_provider_event(pk: str) -> None:
    settling.take_event(pk)


@shared_task(name="payments.tasks.follow_sales")
def follow_sales() -> None:
    after_sale.catch_up()


@shared_task(name="payments.tasks.follow_sale")
def follow_sale(pk: str) -> None:
    work.run(AfterSale, pk, after_sale.follow)


@shared_task(name="payments.tasks.roll_up_ledger")
def roll_up_ledger() -> None:
    checkpoints.roll_up()


@shared_task(name="payments.tasks.send_refund")
def send_refund(pk: str) -> None:
    work.run(Refund, pk, refunds.send)


@shared_task(name="payments.tasks.send_dispute_evidence")
def send_dispute_evidence(pk: str) -> None:
    work.run(DisputeEvidence, pk, disputes.send)


@shared_task(name="payments.tasks.look_after_disputes")
def look_after_disputes() -> None:
    # What is known here first: it needs nobody's answer.
    disputes.remind()
    sweeps.open_disputes()
    sweeps.unheard_disputes()


@shared_task(name="payments.tasks.follow_refund")
def follow_refund(pk: str) -> None:
    work.run(AfterRefund, pk, invoices.follow)


@shared_task(name="payments.tasks.look_again")
def look_again(pk: str) -> None:
    work.run(Inquiry, pk, sweeps.look_again)


@shared_task(name="payments.tasks.sweep_open_orders")
def sweep_open_orders() -> None:
    sweeps.open_orders()


@shared_task(name="payments.tasks.sweep_pending_refunds")
def sweep_pending_refunds() -> None:
    sweeps.pending_refunds()


@shared_task(name="payments.tasks.sweep_lost_events")
def sweep_lost_events() -> None:
    sweeps.lost_events()


@shared_task(name="payments.tasks.deliver_sandbox_event")
def deliver_sandbox_event(pk: str) -> None:
    work.run(SandboxEvent, pk, delivery.deliver)


@shared_task(name="payments.tasks.make_payouts")
def make_payouts(pk: str) -> None:
    work.run(PayoutRun, pk, payouts.carry_out)


@shared_task(name="payments.tasks.submit_payout")
def submit_payout(pk: str) -> None:
    work.run(Payout, pk, transfers.submit)


@shared_task(name="payments.tasks.release_due")
def release_due() -> None:
    releases.free_due()


@shared_task(name="payments.tasks.follow_escrows")
def follow_escrows() -> None:
    escrow.follow()


@shared_task(name="payments.tasks.follow_making_good")
def follow_making_good() -> None:
    making_good.follow()


@shared_task(name="payments.tasks.start_weekly_run")
def start_weekly_run() -> None:
    payouts.start(None)


@shared_task(name="payments.tasks.refresh_payout_accounts")
def refresh_payout_accounts() -> None:
    onboarding.refresh_waiting()


@shared_task(name="payments.tasks.roll_up_clicks")
def roll_up_clicks() -> None:
    clicks.roll_up()


@shared_task(name="payments.tasks.expire_traces")
def expire_traces() -> None:
    CardTrace.objects.expire()


@shared_task(name="payments.tasks.seal_ledger")
def seal_ledger() -> None:
    seals.seal_closed_days(settings.PAYMENTS_BOOK)


@shared_task(name="payments.tasks.sweep_late_fees")
def sweep_late_fees() -> None:
    sweeps.late_fees()


@shared_task(name="payments.tasks.compare_books")
def compare_books() -> None:
    sweeps.compare_books()


@shared_task(name="payments.tasks.check_ledger")
def check_ledger() -> None:
    watch.check_hourly()


@shared_task(name="payments.tasks.check_ledger_nightly")
def check_ledger_nightly() -> None:
    watch.check_nightly()


@shared_task(name="payments.tasks.announce_rule")
def announce_rule(pk: str) -> None:
    work.run(RuleAnnouncement, pk, rules.announce)


@shared_task(name="payments.tasks.remind_to_close")
def remind_to_close() -> None:
    reminding.remind()


@shared_task(name="payments.tasks.carry_out_year")
def carry_out_year(pk: str) -> None:
    work.run(YearRound, pk, issuing.carry_out)


@shared_task(name="payments.tasks.forget_tax_identities")
def forget_tax_identities() -> None:
    TaxIdentity.objects.forget_old()


@shared_task(name="payments.tasks.roll_incomes")
def roll_incomes() -> None:
    rollups.roll()


@shared_task(name="payments.tasks.begin_instalments")
def begin_instalments() -> None:
    charging.begin_due()


@shared_task(name="payments.tasks.look_after_instalments")
def look_after_instalments() -> None:
    looking_after.look_after()


@shared_task(name="payments.tasks.forget_customer")
def forget_customer(pk: str) -> None:
    work.run(CustomerRelease, pk, forgetting.forget)


@shared_task(name="payments.tasks.look_after_memberships")
def look_after_memberships() -> None:
    memberships.look_after()


@shared_task(name="payments.tasks.divide_pool")
def divide_pool() -> None:
    dividing.follow()


@shared_task(name="payments.tasks.tell_of_memberships")
def tell_of_memberships() -> None:
    daily.tell_creators()


@shared_task(name="payments.tasks.charge_month")
def charge_month(pk: str) -> None:
    work.run(MembershipCharge, pk, memberships.carry_out)


@shared_task(name="payments.tasks.release_membership_means")
def release_membership_means(pk: str) -> None:
    work.run(MembershipRelease, pk, memberships.release_means)


@shared_task(name="payments.tasks.charge_instalment")
def charge_instalment(pk: str) -> None:
    work.run(InstalmentCharge, pk, charging.carry_out)


@shared_task(name="payments.tasks.release_means")
def release_means(pk: str) -> None:
    work.run(MeansRelease, pk, charging.release_means)
