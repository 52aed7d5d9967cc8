"""Orders that somebody must look at: found, settled with a reason, and not found again for the same."""

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import AuditEvent
from marketplace.lib.errors import NotAllowed
from payments import desk, order_flags
from payments.models import Order
from tests.payments import shop
from tests.payments.test_coupon_pages import api_of, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(lin) -> Order:
    order = shop.buy(lin, shop.two_courses())
    order.flag("refund 7 failed: the card is closed")
    return order


def waiting() -> tuple[int, bool]:
    (tile,) = (tile for tile in desk.tiles(0) if tile.code == "orders")
    assert tile.address == reverse("payments:finance_orders") + "?flagged=1"
    return tile.count, tile.waits


def test_what_was_looked_at_waits_no_longer_and_says_by_whom(order, fay) -> None:
    assert waiting() == (1, True)
    order_flags.settle_flag(order, by=fay, reason="Paid by hand")
    assert waiting() == (0, False)
    noted = AuditEvent.objects.get(verb="order.settle_flag")
    assert (noted.actor, noted.facts["reason"]) == (fay, "Paid by hand")
    assert noted.facts["flag"] == "refund 7 failed: the card is closed"


def test_the_same_words_are_no_news_and_others_are(order, fay) -> None:
    order_flags.settle_flag(order, by=fay, reason="Paid by hand")
    order.refresh_from_db()
    order.flag("refund 7 failed: the card is closed")
    assert waiting()[0] == 0
    order.flag("refund 8 failed: the card is closed")
    assert waiting()[0] == 1


def test_settled_twice_it_is_noted_once(order, fay) -> None:
    order_flags.settle_flag(order, by=fay, reason="Paid by hand")
    with pytest.raises(order_flags.OrderNotFlagged):
        order_flags.settle_flag(order, by=fay, reason="Paid by hand")
    assert AuditEvent.objects.filter(verb="order.settle_flag").count() == 1


def test_it_is_finances_to_say(order, lin, cole) -> None:
    for person in (lin, cole):
        with pytest.raises(NotAllowed):
            order_flags.settle_flag(order, by=person, reason="Fine")


def test_finance_finds_and_settles_it_on_the_orders_page(order, fay, lin) -> None:
    client = client_of(fay)
    assert order.number in client.get("/finance/orders/?flagged=1").content.decode()
    page = client.get(order.get_absolute_url()).content.decode()
    assert "refund 7 failed" in page
    assert "refund 7 failed" not in client_of(lin).get(order.get_absolute_url()).content.decode()
    assert client.post(f"/finance/orders/{order.number}/settle/", {"reason": ""}, follow=True).status_code == 200
    assert waiting()[0] == 1
    page = client.post(f"/finance/orders/{order.number}/settle/", {"reason": "Paid by hand"}, follow=True)
    assert "The remark was settled." in page.content.decode()
    assert order.number not in client.get("/finance/orders/?flagged=1").content.decode()
    assert order.number in client.get("/finance/orders/").content.decode()


def test_the_api_does_the_same(order, fay, lin) -> None:
    api: APIClient = api_of(fay)
    (found,) = api.get("/api/v1/finance/orders/?flagged=1").json()["results"]
    assert (found["number"], found["flag_reason"]) == (order.number, "refund 7 failed: the card is closed")
    settled = api.post(f"/api/v1/finance/orders/{order.number}/settle/", {"reason": "Paid by hand"})
    assert (settled.status_code, settled.json()["flagged_at"]) == (200, None)
    assert api.get("/api/v1/finance/orders/?flagged=1").json()["results"] == []
    assert "flag_reason" not in api_of(lin).get(f"/api/v1/orders/{order.number}/").json()


def test_the_page_of_a_wish_to_give_back_that_does_not_fit_says_as_much_as_before(order, fay, settings) -> None:
    desk_of_fay = client_of(fay)
    before = desk_of_fay.get(order.get_absolute_url()).content.decode()
    answer = desk_of_fay.post(reverse("payments:refund", args=[order.number]), {"amount": "1", "reason": ""})
    assert answer.status_code == 422
    for text in (before, answer.content.decode()):
        assert f"<dt>Sold by</dt><dd>{settings.KEZHAN_SELLER_NAME}</dd>" in text
        assert reverse("payments:settle_order_flag", args=[order.number]) in text
