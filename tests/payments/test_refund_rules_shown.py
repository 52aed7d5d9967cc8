"""The rules by which money comes back, in the open: each version, and for which purchases it holds."""

import time
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import User
from marketplace.lib import clock
from payments.models import RefundRule
from tests.payments import shop

pytestmark = pytest.mark.django_db
TERMS = {"whole_days": 7, "whole_bps": 2050, "part_days": 20, "part_bps": 5000, "reason": "Most decide in a week"}


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_a_rule_that_never_changed_holds_for_every_purchase(client: Client) -> None:
    page = text(client, "/refund-rules/")
    assert "For every purchase so far" in page
    assert "within 14 days, while you have watched at most 30% of the course" in page
    assert "within 30 days and up to 60% watched" in page
    assert "Nothing once you have completed the course.<" in page


def test_each_version_says_for_which_purchases_it_is(client: Client, fay: User) -> None:
    starts_at = clock.now() + timedelta(days=40)
    RefundRule.objects.introduce(starts_at=starts_at, by=fay, **TERMS)
    assert "To come" in text(client, "/refund-rules/")
    coming, present = client.get("/api/v1/refund-rules/").json()
    assert (coming["standing"], coming["whole_bps"], coming["ends_at"]) == ("coming", 2050, None)
    assert (present["standing"], present["ends_at"]) == ("present", coming["starts_at"])
    clock.advance(timedelta(days=41))
    page = text(client, "/refund-rules/")
    assert "at most 20.5% of the course" in page
    assert "Most decide in a week" in page
    assert [one["standing"] for one in client.get("/api/v1/refund-rules/").json()] == ["present", "past"]


def test_strangers_read_the_old_rule_until_the_next_one_starts_and_not_longer(client: Client, fay: User) -> None:
    """Neither the rule nor a page that shows it is kept beyond that moment."""
    address = shop.two_courses()[0].get_absolute_url()
    text(client, address)
    starts_at = clock.now() + timedelta(seconds=2)
    RefundRule.objects.introduce(starts_at=starts_at, by=fay, **TERMS)
    assert "14 days" in text(client, address)
    time.sleep(max(0.0, (starts_at - clock.now()).total_seconds() + 0.05))
    assert ("14 days" in text(client, address), "7 days" in text(client, address)) == (False, True)


def test_meter_checkout_and_order_lead_there(client: Client, lin: User) -> None:
    courses = shop.two_courses()
    order = shop.buy(lin, courses[:1])
    assert 'href="/refund-rules/"' in text(client, courses[1].get_absolute_url())
    client.force_login(lin)
    client.post("/cart/add/", {"course": courses[1].slug})
    assert 'href="/refund-rules/"' in text(client, "/checkout/?currency=USD")
    assert f'href="/refund-rules/#rule-{order.refund_rule_id}"' in text(client, order.get_absolute_url())


def test_the_list_of_orders_has_a_button_for_what_would_come_back(client: Client, lin: User) -> None:
    order = shop.buy(lin, shop.two_courses())
    client.force_login(lin)
    addresses = [f"/orders/{order.number}/items/{item.pk}/take-back/" for item in order.items.all()]
    page = text(client, "/orders/")
    assert all(address in page for address in addresses)
    assert "Get $19.99 back" in page
    clock.advance(timedelta(days=31))
    assert not any(address in text(client, "/orders/") for address in addresses)


def test_an_order_says_who_sold_it_as_its_invoice_does(client: Client, lin: User, settings) -> None:
    settings.KEZHAN_SELLER_NAME = "Kezhan Ireland Ltd"
    order = shop.buy(lin, shop.two_courses())
    settings.KEZHAN_SELLER_NAME = "Another Company"
    client.force_login(lin)
    page = text(client, order.get_absolute_url())
    assert "Kezhan Ireland Ltd" in page
    assert "Another Company" not in page
