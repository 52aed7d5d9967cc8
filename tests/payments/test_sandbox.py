"""The sandbox: that it behaves as the provider where money is concerned."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from marketplace.lib import clock
from marketplace.lib.money import Money
from payments.gateway import CalledInsideTransaction, GatewayRefused, GatewayUnknown, StripeGateway, gateway
from payments.sandbox import cashier, oracle
from payments.sandbox.encoding import decoded
from payments.sandbox.models import SandboxEvent, SandboxFault, SandboxKey, SandboxSession, SandboxTransfer
from payments.sandbox.transport import SandboxTransport
from tests.payments.test_gateway_contract import Ada, open_session

USD = Money(900, "USD")


@pytest.fixture
def stripe(db: None) -> StripeGateway:
    return gateway()


@pytest.fixture
def account(stripe) -> str:
    account = stripe.create_recipient(Ada())
    cashier.onboard(account)
    session = open_session(stripe)
    cashier.act(session, "pay")
    clock.advance(timedelta(days=3))
    return account


def send(stripe: StripeGateway, account: str, amount: Money = USD, key: str = "payout:1:1") -> str:
    return stripe.create_transfer(amount, account, "payout_1", key, {}).id


def test_the_same_key_is_the_same_act(stripe, account) -> None:
    assert send(stripe, account) == send(stripe, account)
    assert oracle.transfers() == {"payout_1": 900}


def test_the_same_key_with_other_parameters_is_never_called_a_refusal(stripe, account) -> None:
    send(stripe, account)
    with pytest.raises(GatewayUnknown):
        send(stripe, account, Money(901, "USD"))


def test_a_key_is_forgotten_after_a_day(stripe, account) -> None:
    first = send(stripe, account, Money(100, "USD"))
    clock.advance(timedelta(hours=25))
    assert send(stripe, account, Money(100, "USD")) != first


def test_a_refused_act_is_refused_again_under_its_key(stripe, account) -> None:
    too_much = Money(999_900, "USD")
    for _time in range(2):
        with pytest.raises(GatewayRefused) as refused:
            send(stripe, account, too_much)
        assert refused.value.provider_code == "balance_insufficient"
    assert SandboxKey.objects.get(key="payout:1:1").status == 400


def test_wrong_parameters_keep_nothing_under_the_key(stripe, account) -> None:
    with pytest.raises(GatewayRefused):
        send(stripe, "acct_nobody")
    assert send(stripe, account)


@pytest.mark.parametrize("mode", ["timeout_after", "broken_after"])
def test_after_an_effect_the_answer_may_be_lost(stripe, account, mode) -> None:
    SandboxFault.objects.plan("transfers.create", mode)
    with pytest.raises(GatewayUnknown):
        send(stripe, account)
    assert oracle.transfers() == {"payout_1": 900}
    assert send(stripe, account) == stripe.find_transfers("payout_1")[0].id


@pytest.mark.parametrize("mode", ["timeout_before", "409", "429"])
def test_before_an_effect_the_request_may_be_lost(stripe, account, mode) -> None:
    SandboxFault.objects.plan("transfers.create", mode)
    with pytest.raises(GatewayUnknown):
        send(stripe, account)
    assert oracle.transfers() == {}
    assert send(stripe, account)


def test_a_500_is_replayed_under_its_key(stripe, account) -> None:
    SandboxFault.objects.plan("transfers.create", "500")
    for _time in range(2):
        with pytest.raises(GatewayUnknown):
            send(stripe, account)
    assert send(stripe, account, key="payout:1:2")


def test_nobody_is_paid_who_is_not_onboarded(stripe, account) -> None:
    cashier.onboard(account, "restricted")
    with pytest.raises(GatewayRefused) as refused:
        send(stripe, account)
    assert refused.value.provider_code == "insufficient_capabilities_for_transfer"


def test_a_reversal_brings_the_money_back(stripe, account) -> None:
    transfer = SandboxTransfer.objects.get(pk=send(stripe, account))
    before = oracle.balance()["USD"]
    transfer.take_back(400, {})
    assert oracle.balance()["USD"] == before + 400
    assert stripe.retrieve_transfer(transfer.pk).amount_reversed == Money(400, "USD")


def test_the_record_of_money_moved_cannot_be_changed(stripe, account) -> None:
    for sql in ("UPDATE payments_sandboxtransaction SET net = 0", "DELETE FROM payments_sandboxtransaction"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


@pytest.mark.django_db(transaction=True)
def test_the_provider_is_never_called_inside_a_transaction() -> None:
    with pytest.raises(CalledInsideTransaction), transaction.atomic():
        gateway().balance()


def test_a_page_that_is_complete_takes_no_second_payment(stripe) -> None:
    session = open_session(stripe)
    cashier.act(session, "pay")
    with pytest.raises(cashier.NotAtTheCounter):
        cashier.act(session, "pay")
    assert list(oracle.charges().values()) == [1999]


def test_a_late_page_expires_by_itself_and_says_so(stripe) -> None:
    session = open_session(stripe)
    clock.advance(timedelta(hours=3))
    assert stripe.retrieve_session(session).status == "expired"
    assert SandboxEvent.objects.filter(type="checkout.session.expired").count() == 1


@pytest.mark.parametrize("amount", [Money(0, "USD"), Money(49, "USD"), Money(-500, "USD"), Money(49, "JPY")])
def test_what_is_too_little_to_charge_is_refused(stripe, amount) -> None:
    with pytest.raises(GatewayRefused):
        open_session(stripe, amount)
    assert not SandboxSession.objects.exists()


def test_a_live_key_and_the_sandbox_exclude_each_other(settings) -> None:
    settings.STRIPE_SECRET_KEY = "sk_live_1"
    with pytest.raises(Exception, match="live Stripe key"):
        SandboxTransport()


def test_forms_are_read_as_the_provider_reads_them() -> None:
    text = "a[b]=1&c[0][d]=2&c[1][d]=3&expand[]=x&expand[]=y&f=%E8%AF%BE"
    assert decoded(text) == {"a": {"b": "1"}, "c": [{"d": "2"}, {"d": "3"}], "expand": ["x", "y"], "f": "课"}
