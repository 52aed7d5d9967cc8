"""Every call of the provider that a purchase, a refund and a payout make, failing in every way: the end is the same.

Whoever failed tries again, as people and workers do. What happened is judged by the provider's own record.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now

from courses.models import Course
from marketplace.lib import clock, work
from marketplace.lib.money import Money
from payments import checkout, onboarding, payouts, refunds, transfers
from payments.gateway import GatewayError
from payments.models import Order, Payout, Refund
from payments.sandbox import cashier, oracle
from payments.sandbox.models import SandboxAccount, SandboxFault, SandboxRefund, SandboxSession, SandboxTransfer
from payments.sandbox.transport import SandboxTransport
from tests import cast
from tests.faults.rows import ROUNDS
from tests.payments import shop
from tests.payments.held import all_holds
from tests.payments.sales import creator_named, pass_hold, sell

WRITES = {
    "checkout.sessions.create": SandboxSession,
    "refunds.create": SandboxRefund,
    "accounts.create": SandboxAccount,
    "transfers.create": SandboxTransfer,
}
READS = ["checkout.sessions.retrieve", "refunds.list", "accounts.retrieve", "transfers.list"]
# Every way to fail when bin/faults asks; with all other tests those that differ most.
MODES = [mode.value for mode in SandboxFault.Mode] if ROUNDS > 1 else ["timeout_after", "500", "400"]
ASKED_AFTER_A_LOST_ANSWER = {"refunds.list": "refunds.create", "transfers.list": "transfers.create"}
LOST = ["timeout_before", "broken_after", "500", "429"] if ROUNDS > 1 else ["500"]


@pytest.fixture(autouse=True)
def _late_is_before_the_next_try(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SandboxTransport, "late_by", timedelta(0))


@pytest.fixture
def courses(db: None) -> list[Course]:
    return shop.two_courses()


def again_and_again(do: Callable[[], Any], is_done: Callable[[Any], bool] = bool) -> Any:
    """What a person who clicks again, or a worker that is rung again, comes to."""
    for _try in range(6):
        try:
            answer = do()
        except GatewayError:
            continue
        if is_done(answer):
            return answer
    raise AssertionError("it never came to an end")


def bought(courses: list[Course]) -> Order:
    lin = cast.lin()
    order = again_and_again(lambda: shop.start(lin, courses))
    cashier.act(order.checkout_session_id, "pay")
    return again_and_again(lambda: checkout.settle(order), lambda settled: settled.is_paid)


def given_back(order: Order, price_minor: int = 3000) -> None:
    """The one course of 30.00; a refund that the provider refused is asked for again."""
    item, fay = order.items.get(price_minor=price_minor), cast.fay()

    def give() -> bool:
        clock.advance(timedelta(hours=2))
        if not order.refunds.exclude(state="failed").exists():
            refunds.refund(item, by=fay, reason="She asked")
        for refund in order.refunds.filter(state="requested"):
            Refund.objects.filter(pk=refund.pk).update(due_at=Now(), lease_until=None)
            work.run(Refund, refund.pk, refunds.send)
        return order.refunds.filter(state="done").exists()

    again_and_again(give)


def paid_out() -> None:
    """Ada's share of the other course; a payout that the provider refused is another one in the next run."""
    ada = Course.objects.get(slug__startswith="pottery").creator

    def open_account() -> bool:
        account = onboarding.start(ada).account
        SandboxAccount.objects.get(pk=account.provider_account_id).become("active")
        return onboarding.refresh(account).is_active

    again_and_again(open_account)

    def pay() -> bool:
        clock.advance(timedelta(days=1))  # the provider forgets its keys, and what it said under them
        payouts.run(None)
        Payout.objects.hurry()
        for payout in Payout.open_work():
            work.run(Payout, payout.pk, transfers.submit)
        return Payout.objects.filter(creator=ada, state="sent").exists()

    again_and_again(pay)


def story(courses: list[Course], operation: str, mode: str) -> None:
    sell(creator_named("Funder"))  # so that the provider holds enough to send
    if operation in ASKED_AFTER_A_LOST_ANSWER:
        SandboxFault.objects.plan(ASKED_AFTER_A_LOST_ANSWER[operation], "timeout_after")
    SandboxFault.objects.plan(operation, mode)
    order = bought(courses)
    given_back(order)
    pass_hold()
    paid_out()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("operation", WRITES)
def test_a_write_that_fails_has_its_effect_once(courses, operation: str, mode: str) -> None:
    story(courses, operation, mode)
    assert moved_once()


@pytest.mark.parametrize("operation", WRITES)
def test_without_our_keys_and_questions_a_lost_answer_has_its_effect_twice(courses, settings, operation: str) -> None:
    settings.PAYMENTS_HTTP_CLIENT = "tests.payments.forgetful.NewKeyEachTime"
    sell(creator_named("Funder"))
    SandboxFault.objects.plan(operation, "timeout_after")
    order = bought(courses)
    if operation == "refunds.create":
        given_back(order, price_minor=1999)  # of a smaller part the provider has enough left to give it twice
    else:
        pass_hold()
        paid_out()
    assert WRITES[operation].objects.count() == 2


@pytest.mark.parametrize("mode", LOST)
@pytest.mark.parametrize("operation", READS)
def test_a_question_that_fails_changes_nothing(courses, operation: str, mode: str) -> None:
    story(courses, operation, mode)
    assert moved_once()


def moved_once() -> bool:
    order = Order.objects.get(state="paid", items__course_title="Glazes")
    charged = oracle.charges()[order.charge_id]
    refunded, sent = oracle.refunds(), [amount for amount in oracle.transfers().values() if amount]
    share = order.items.get(course_title__startswith="Pottery").creator_share
    return (
        (charged, refunded, sent) == (4999, {order.charge_id: 3000}, [share.minor])
        and share == Money(1499, "USD")
        and all_holds()
    )
