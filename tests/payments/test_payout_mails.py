"""Mails about sales and payouts."""

import pytest

from marketplace.lib.emails import Mail
from marketplace.lib.money import Money
from payments import payout_mails, payouts
from payments.models import ItemShare, OrderItem
from payments.sandbox.models import SandboxFault
from tests import cast
from tests.creators.factories import make_creator
from tests.payments.sales import creator_named, pass_hold, ready_account, sell, submit_all

pytestmark = pytest.mark.django_db


def told(key: str) -> Mail:
    return Mail.objects.get(key__startswith=key)


def test_a_sale_is_told_with_each_deduction_and_the_day_of_release() -> None:
    ada = creator_named("Ada")
    order = sell(ada)
    OrderItem.objects.filter(order=order).update(course_title="Salt & Pepper")
    shares = ItemShare.objects.owned().filter(item__order=order)
    payout_mails.sold(order, ada, list(shares.select_related("item__course", "item__order")))
    mail = told("sale:")
    assert mail.subject == f"You sold a course: order {order.number}"
    assert ": $20.00. Platform fee $5.00, your share $15.00." in mail.text
    assert "http://testserver/studio/earnings/" in mail.text
    assert "&amp;" not in mail.text


def test_a_payout_that_failed_is_told_with_the_providers_reason() -> None:
    ada = creator_named("Ada")
    sell(ada)
    ready_account(ada)
    pass_hold()
    payouts.run(None)
    SandboxFault.objects.plan("transfers.create", "400")
    submit_all()
    mail = told("payout-failed:")
    assert mail.subject == "Your payout of $15.00 did not go through"
    assert "A failure that was asked for" in mail.text


def test_an_account_that_is_missing_is_told_in_the_readers_language() -> None:
    mei = make_creator(cast.person("Mei", language="zh-hans"))
    sell(mei, price=Money(12800, "CNY"))
    pass_hold()
    payouts.run(None)
    mail = told("payout-action:")
    assert (mail.to, mail.language) == ("mei@example.com", "zh-hans")
    assert "¥96.00" in mail.text
