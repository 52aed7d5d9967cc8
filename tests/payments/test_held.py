"""What every run is judged by finds what it is there to find."""

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from marketplace.lib.emails import Mail
from marketplace.lib.money import Money
from payments import bookings, invariants, ledger, payouts, refunds
from payments.models import AccountKind, AccountRef, EntryKind, LedgerEntry, Order, Payout, ProviderEvent
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


def test_an_event_that_nobody_worked_off_is_found(order: Order) -> None:
    assert list(held.events_are_done()) == []
    event = ProviderEvent.objects.take_in(book="sandbox", event_id="evt_left", type="x", object_id="y", body={})
    assert list(held.events_are_done()) == [f"{event} was taken in, and nobody has worked it off: not tried"]


def test_a_row_that_is_still_held_is_found(order: Order) -> None:
    assert list(held.nothing_is_in_hand()) == []
    event = ProviderEvent.objects.take_in(book="sandbox", event_id="evt_held", type="x", object_id="y", body={})
    ProviderEvent.objects.filter(pk=event.pk).update(lease_until=timezone.now())
    assert list(held.nothing_is_in_hand()) == [f"payments.ProviderEvent {event.pk} is still in somebody's hands"]


def test_a_transfer_whose_outcome_is_open_is_found() -> None:
    ada = sales.creator_named("Ada")
    sales.sell(ada)
    sales.ready_account(ada)
    sales.pass_hold()
    payout = payouts.run(None).payouts.get()
    assert list(held.nothing_is_in_hand()) == []
    Payout.objects.filter(pk=payout.pk).update(state=Payout.State.SUBMITTING)
    (told,) = held.nothing_is_in_hand()
    assert told.startswith(f"payout {payout.pk} of 15.00 USD was asked for")


def test_two_wrong_entries_that_make_up_for_each_other_are_found(order: Order) -> None:
    """The sums agree, and neither entry is of anything that the provider lists."""
    assert list(held.the_provider_lists_the_same()) == []
    clearing, bank = AccountRef(AccountKind.STRIPE_CLEARING), AccountRef(AccountKind.BANK)
    for key, minor in (("bank:one", 500), ("bank:two", -500)):
        amount = Money(minor, "USD")
        ledger.post(key, EntryKind.BANK, [(clearing, amount), (bank, -amount)], book="sandbox")
    assert not any(invariants.breaks(ask_provider=True).values())
    assert len(list(held.the_provider_lists_the_same())) == 2
