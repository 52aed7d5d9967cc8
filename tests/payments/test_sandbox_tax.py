"""Stripe Tax in the sandbox: known only once the buyer has said where she is, and collected only where registered."""

from typing import Any

import pytest
from django.test import Client

from marketplace.lib.money import Money
from payments.gateway import StripeGateway, gateway
from payments.provider_shapes import SessionTax
from payments.sandbox import cashier
from payments.sandbox.cashier import NotAtTheCounter
from tests.payments.test_gateway_contract import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def stripe() -> StripeGateway:
    return gateway()


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def test_a_session_without_automatic_tax_tells_none(stripe: StripeGateway) -> None:
    session = stripe.retrieve_session(open_session(stripe))
    assert session.tax is None
    assert session.subtotal == session.amount == usd(1999)


@pytest.mark.parametrize(("behavior", "total", "tax"), [("exclusive", 2379, 380), ("inclusive", 1999, 319)])
def test_the_tax_is_known_when_the_buyer_has_said_where_she_is(
    stripe: StripeGateway, behavior: str, total: int, tax: int
) -> None:
    opened = open_session(stripe, tax_behavior=behavior)
    assert stripe.retrieve_session(opened).tax == SessionTax(usd(0), "", "", None)
    cashier.act(opened, "pay", country="DE")
    paid = stripe.retrieve_session(opened)
    assert paid.tax == SessionTax(usd(tax), "DE", "VAT", 1900)
    assert (paid.subtotal, paid.amount) == (usd(1999), usd(total))
    assert paid.charge is not None
    assert paid.charge.amount == usd(total)


def test_where_the_platform_is_not_registered_nothing_is_collected(stripe: StripeGateway) -> None:
    opened = open_session(stripe, tax_behavior="exclusive")
    cashier.act(opened, "pay", country="US")
    assert stripe.retrieve_session(opened).tax == SessionTax(usd(0), "US", "", None)


def test_nobody_pays_before_saying_where_she_is(stripe: StripeGateway) -> None:
    with pytest.raises(NotAtTheCounter):
        cashier.act(open_session(stripe, tax_behavior="exclusive"), "pay")


def test_another_country_after_a_declined_card_changes_what_is_charged(stripe: StripeGateway) -> None:
    opened = open_session(stripe, tax_behavior="exclusive")
    cashier.act(opened, "locate", country="DE")
    cashier.act(opened, "decline")
    cashier.act(opened, "pay", country="JP")
    charge = stripe.retrieve_session(opened).charge
    assert charge is not None
    assert charge.amount == usd(1999 + 200)


def test_the_page_asks_for_the_country_first(stripe: StripeGateway) -> None:
    opened, client = open_session(stripe, tax_behavior="exclusive"), Client()
    page = f"/sandbox/checkout/{opened}/"
    assert "Pay with" not in client.get(page).content.decode()
    assert "$23.79" in client.post(page, {"action": "locate", "country": "DE"}).content.decode()
    assert client.post(page, {"action": "pay"}).status_code == 302


def test_rates_of_several_taxes_are_not_taken_for_one() -> None:
    def taxed(*percentages: Any) -> SessionTax | None:
        taxes = [{"amount": 5, "rate": {"percentage": each, "display_name": "Tax"}} for each in percentages]
        return SessionTax.read(
            {
                "currency": "usd", "automatic_tax": {"enabled": True},
                "total_details": {"amount_tax": 5, "breakdown": {"taxes": taxes}},
            }
        )  # fmt: skip

    one, two = taxed("8.875"), taxed("6.5", "2")
    assert one is not None
    assert two is not None
    assert one.bps == 888
    assert two.bps is None
