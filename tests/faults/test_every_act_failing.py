"""S1, act by act: what else we do with the provider, each call failing in each way.

Whoever was not answered tries again, as a person clicks, a worker is rung, or a sweep looks; the end is the same, once.
Purchase, refund and payout have their stories in `test_provider_failures`.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now

from marketplace.lib import clock, work
from payments import (
    checkout,
    disputes,
    finance,
    ledger,
    onboarding,
    payout_returns,
    payouts,
    refunds,
    sweeps,
)
from payments.gateway import GatewayError
from payments.models import (
    AccountKind,
    Dispute,
    DisputeEvidence,
    LedgerEntry,
    Order,
    Payout,
    ProviderEvent,
    ProviderTransaction,
    ReconBreak,
)
from payments.reconciliation import running
from payments.sandbox import desk
from payments.sandbox.models import (
    SandboxAccount,
    SandboxDispute,
    SandboxFault,
    SandboxSession,
    SandboxTransaction,
    SandboxTransfer,
)
from payments.sandbox.transport import SandboxTransport
from tests import cast
from tests.faults.act import Act
from tests.faults.kept_acts import card_forgotten, part_looked_up, part_taken
from tests.faults.provider_calls import CALLS, undone
from tests.faults.test_provider_failures import READS, WRITES
from tests.payments import held, shop
from tests.payments.books import stands
from tests.payments.sales import creator_named, pass_hold, ready_account, sell, submit_all
from tests.payments.test_invariants import break_in

pytestmark = pytest.mark.django_db


def order_withdrawn() -> Act:
    order = shop.start(cast.lin(), shop.two_courses())
    return Act(
        lambda: checkout.withdraw(order).state == "expired",
        lambda: (SandboxSession.objects.get().status, Order.objects.get().state) == ("expired", "expired"),
    )


def fee_asked_for() -> Act:
    order = shop.buy(cast.lin(), shop.two_courses())
    fees = LedgerEntry.objects.filter(kind="fee")
    return Act(lambda: checkout.take_charge(order.charge_id or ""), lambda: fees.count() == 1)


def refund_looked_at() -> Act:
    order = shop.buy(cast.lin(), shop.two_courses())
    row = refunds.refund(order, by=cast.fay(), reason="Asked")
    shop.send_refunds()
    row.refresh_from_db()

    def look() -> bool:
        refunds.look_again(row)
        return True

    return Act(look, lambda: LedgerEntry.objects.filter(kind="refund").count() == 1)


def dispute_opened() -> Any:
    order = shop.buy(cast.lin(), shop.two_courses())
    return desk.on_charge(order.charge_id or "", "dispute")


def dispute_heard_of() -> Act:
    opened = dispute_opened()
    taken = LedgerEntry.objects.filter(kind="dispute_out")
    return Act(lambda: disputes.take(opened.pk), lambda: (Dispute.objects.count(), taken.count()) == (1, 1))


def answered(*, accepts: bool) -> Act:
    disputes.take(dispute_opened().pk)
    dispute, fay = Dispute.objects.get(), cast.fay()

    def answer() -> bool:
        if not DisputeEvidence.objects.standing().exists():  # refused for good, it may be given anew
            if accepts:
                disputes.accept(dispute, by=fay, reason="She is right")
            else:
                disputes.submit(dispute, by=fay, fields={"uncategorized_text": "She watched it all."})
        DisputeEvidence.objects.filter(finished_at=None).update(due_at=Now(), lease_until=None)
        for pk in DisputeEvidence.open_work().values_list("pk", flat=True):
            work.run(DisputeEvidence, pk, disputes.send)
        return DisputeEvidence.objects.filter(refused_at=None, sent_at__isnull=False).exists()

    def once() -> bool:
        there = SandboxDispute.objects.get()
        return (there.submissions, there.status) == ((0, "lost") if accepts else (1, "under_review"))

    return Act(answer, once)


def onboarded(*, is_ready: bool) -> Act:
    ada = creator_named("Ada")
    if is_ready:
        ready_account(ada)
    return Act(lambda: onboarding.start(ada).url, lambda: SandboxAccount.objects.count() == 1)


def transfer_come_back() -> Act:
    ada = creator_named("Ada")
    sell(ada)
    sell(creator_named("Funder"))
    ready_account(ada)
    pass_hold()
    payouts.run(None)
    submit_all()
    transfer = SandboxTransfer.objects.get()
    transfer.take_back(500, {})
    return Act(
        lambda: payout_returns.take_transfer(transfer.pk),
        lambda: (Payout.objects.get().returned_minor, stands(AccountKind.CREATOR_AVAILABLE, ada.pk)) == (500, 500),
    )


def books_compared() -> Act:
    shop.buy(cast.lin(), shop.two_courses())
    clock.advance(timedelta(days=2))
    return Act(
        lambda: bool(running.run()),
        lambda: (ProviderTransaction.objects.count(), ReconBreak.objects.exists()) == (1, False),
    )


def unread_asked_again() -> Act:
    """A movement of long ago was in a currency that nobody knew; this version knows it."""
    unread = SandboxTransaction.objects.move("stripe_fee", -200, "xyz", "")
    clock.advance(timedelta(days=9))
    SandboxTransaction.objects.move("stripe_fee", -300, "usd", "")
    running.run()
    break_in(f"UPDATE payments_sandboxtransaction SET currency = 'usd' WHERE id = '{unread.pk}'")
    read = ProviderTransaction.objects.filter(pk=unread.pk)
    return Act(
        lambda: bool(running.run()) and read.exists(),
        lambda: (read.count(), ReconBreak.objects.open().exists()) == (1, False),
    )


def balance_shown() -> Act:
    """The finance page says that the provider did not answer, and the next look shows what it holds."""
    shop.buy(cast.lin(), shop.two_courses())

    def look() -> bool:
        (usd,) = finance.agreements(ledger.trial_balance())
        return usd.theirs is not None and not usd.difference

    return Act(look, lambda: not ReconBreak.objects.exists())


def lost_event_swept() -> Act:
    order = shop.start(cast.lin(), shop.two_courses())
    shop.pay(order)
    clock.advance(timedelta(hours=1))

    def sweep() -> bool:
        sweeps.lost_events()
        shop.work_off_events()
        return Order.objects.get().is_paid

    return Act(sweep, lambda: ProviderEvent.objects.filter(finished_at=None).count() == 0)


def dispute_never_heard_of() -> Act:
    """Its events are lost, or older than the provider keeps them."""
    dispute_opened()
    taken = LedgerEntry.objects.filter(kind="dispute_out")

    def sweep() -> bool:
        sweeps.unheard_disputes()
        shop.work_off_inquiries()
        return Dispute.objects.exists()

    return Act(sweep, lambda: (Dispute.objects.count(), taken.count()) == (1, 1))


ACTS: dict[str, Callable[[], Act]] = {
    "checkout.sessions.expire": order_withdrawn,
    "charges.retrieve": fee_asked_for,
    "refunds.retrieve": refund_looked_at,
    "disputes.retrieve": dispute_heard_of,
    "disputes.update": lambda: answered(accepts=False),
    "disputes.close": lambda: answered(accepts=True),
    "account_links.create": lambda: onboarded(is_ready=False),
    "login_links.create": lambda: onboarded(is_ready=True),
    "transfers.retrieve": transfer_come_back,
    "balance.retrieve": balance_shown,
    "balance_transactions.list": books_compared,
    "balance_transactions.retrieve": unread_asked_again,
    "events.list": lost_event_swept,
    "disputes.list": dispute_never_heard_of,
    "payment_intents.create": part_taken,
    "payment_intents.list": part_looked_up,
    "customers.delete": card_forgotten,
}


def test_every_operation_that_we_use_fails_in_some_story() -> None:
    used = {call.operation for call in CALLS.values()}
    assert set(ACTS) | set(WRITES) | set(READS) == used


@pytest.mark.parametrize("operation", ACTS)
def test_an_act_whose_call_fails_is_done_once_when_it_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, operation: str
) -> None:
    monkeypatch.setattr(SandboxTransport, "patience_s", 0.01)
    monkeypatch.setattr(SandboxTransport, "late_by", timedelta(0))  # whoever tries again finds it done
    act = ACTS[operation]()
    for mode in SandboxFault.Mode:
        with undone():
            SandboxFault.objects.plan(operation, mode)
            assert again_and_again(act.do), mode
            assert not SandboxFault.objects.planned().exists(), f"{operation} was not called"
            assert act.once(), mode
            assert act.do()  # done once more, nothing changes
            assert act.once(), mode
            assert not held.broken(), mode


def again_and_again(do: Callable[[], Any]) -> bool:
    for _try in range(4):
        try:
            if do():
                return True
        except GatewayError:
            continue
    return False


def test_before_an_act_nothing_of_it_is_there() -> None:
    """The control of the stories."""
    for operation in (
        "checkout.sessions.expire",
        "disputes.update",
        "disputes.close",
        "transfers.retrieve",
        "disputes.list",
        "payment_intents.create",
        "payment_intents.list",
        "customers.delete",
    ):
        with undone():
            act = ACTS[operation]()
            assert not act.once()
