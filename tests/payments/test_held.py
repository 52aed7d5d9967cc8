"""What every run is judged by finds what it is there to find."""

import pytest
from django.db import transaction

from accounts.models import User
from marketplace.lib.emails import Mail
from payments import bookings, refunds
from payments.models import LedgerEntry, Order
from payments.sandbox.models import SandboxPayment
from tests import cast
from tests.faults.taken_away import ENTRY_KEY, constraint, take_away
from tests.payments import held, sales, shop

pytestmark = pytest.mark.django_db
MAIL_KEY = constraint("floor_mail", "floor_mail_key_key")


@pytest.fixture
def order(lin: User) -> Order:
    return shop.buy(lin, shop.two_courses())


def test_all_holds_after_a_life_of_money(order: Order) -> None:
    refunds.refund(order, by=cast.fay(), reason="Asked")
    shop.send_refunds()
    shop.deliver_all(times=2, seed=7)
    assert Mail.objects.count() > 1
    assert held.all_holds()


def test_a_charge_that_nobody_booked_is_found(order: Order) -> None:
    payment = SandboxPayment.objects.create(amount=1999, currency="usd", group="order_of_nobody")
    payment.succeed()
    assert list(held.charges_are_sales()) == [f"sale:{payment.charge_id} is booked 0 times"]


def test_a_sale_of_no_charge_is_found(order: Order) -> None:
    SandboxPayment.objects.update(status=SandboxPayment.Status.PROCESSING)
    told = f"sale:{order.charge_id} is booked, and the provider knows no such charge"
    assert list(held.charges_are_sales()) == [told]


def test_a_charge_that_was_booked_twice_is_found() -> None:
    order = sales.sell(sales.creator_named("Ada"))
    assert list(held.charges_are_sales()) == []
    take_away(ENTRY_KEY)
    with transaction.atomic():
        bookings.book_sale(order, order.charge_id)
    assert LedgerEntry.objects.filter(kind="sale").count() == 2
    assert list(held.charges_are_sales()) == [f"sale:{order.charge_id} is booked 2 times"]


def test_a_cause_that_mailed_twice_is_found(order: Order) -> None:
    take_away(MAIL_KEY)
    mail = Mail.objects.latest("pk")
    Mail.objects.create(key=mail.key, to="other@example.com", language="en", subject="s", text="t")
    assert list(held.mails_are_sent_once()) == [f"{mail.key} was mailed 2 times"]


def test_the_same_words_by_another_key_are_found(order: Order) -> None:
    mail = Mail.objects.latest("pk")
    Mail.objects.create(key="again", to=mail.to, language="en", subject=mail.subject, text=mail.text)
    (told,) = held.mails_are_sent_once()
    assert mail.key in told
    assert "again" in told
