"""Batches of payments: killed in the middle, replayed, overlapping, beside refunds, banks, payouts and return pages.

Whatever happens, each sale is booked once and nobody waits in a circle. Each rule has its negative control: with the
lock, the key or the order of the locks taken away the same load must go wrong.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection

from courses.models import Course
from learners.models import Enrollment
from marketplace.lib import work
from marketplace.lib.errors import DomainError
from payments import after_sale, checkout, disputes, payouts, refunds, settling, taking
from payments.gateway import gateway
from payments.models import Order, PayoutRun, ProviderEvent, Refund
from payments.sandbox import desk, oracle
from payments.sandbox.models import SandboxDispute
from tests import cast
from tests.faults.one_right import without_one_right
from tests.faults.rows import chance, seeds
from tests.faults.taken_away import ENTRY_KEY, MEETING_PLACE, in_place, meeting, taken_away
from tests.payments import shop
from tests.payments.crash import dies_at
from tests.payments.crowd import at_once
from tests.payments.held import all_holds
from tests.payments.sales import place
from tests.payments.waiting import buyers_pay, keep_events, payments_of, ring_once, states

pytestmark = pytest.mark.django_db(transaction=True)

PLACES = ["settling.claimed", "checkout.before_paid", "checkout.before_commit", "settling.before_noted"]


@pytest.fixture
def courses() -> list[Course]:
    return shop.two_courses()


def without_numbers() -> dict[str, Any]:
    """The state of everything, apart from invoice numbers: who is numbered first is chance."""
    after_sale.catch_up()
    state = shop.state_of_everything()
    return state | {"orders": [row[:3] for row in state["orders"]]}


@pytest.mark.parametrize("place", PLACES)
def test_a_batch_whose_worker_is_killed_is_settled_once(courses, place) -> None:
    orders = buyers_pay(6, courses)
    keep_events()
    assert dies_at(place, ring_once)
    assert set(states(orders)) == {"paid" if place == "settling.before_noted" else "pending"}
    assert ProviderEvent.open_work().count() == 6
    ProviderEvent.objects.update(lease_until=None)  # the dead one's lease runs out
    shop.work_off_events()
    assert states(orders) == ["paid"] * 6
    assert Enrollment.objects.count() == 12
    assert not ProviderEvent.open_work().exists()
    assert len(oracle.charges()) == 6
    assert all_holds()


@pytest.mark.parametrize("seed", seeds())
def test_fifty_shuffled_replays_of_a_batch_change_nothing(courses, seed) -> None:
    payments = payments_of(buyers_pay(8, courses))
    taking.take_all(payments)
    once, dice = without_numbers(), chance(seed)
    for _replay in range(50):
        again = dice.sample(payments, dice.randint(1, len(payments)))
        assert {order.state for order in taking.take_all(again)} == {"paid"}
    assert without_numbers() == once
    assert all_holds()


def test_events_of_a_batch_that_are_worked_on_again_change_nothing(courses) -> None:
    buyers_pay(5, courses)
    keep_events()
    ring_once()
    once = without_numbers()
    for _replay in range(3):
        ProviderEvent.objects.all().delete()
        keep_events()
        assert {event.outcome for event in ring_once()} == {"paid"}
    assert without_numbers() == once
    assert all_holds()


def forgotten(orders: list[Order]) -> None:
    """As if nothing had been noted of them but the ledger's entries."""
    Enrollment.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM payments_aftersale")
        cursor.execute(
            "UPDATE payments_order SET state = 'pending', charge_id = NULL, paid_at = NULL, invoice_number = NULL"
        )


def test_without_an_entrys_own_key_a_batch_that_was_forgotten_is_booked_again(courses) -> None:
    """The control: it is the key that a second batch of the same sales meets in the ledger."""
    orders = buyers_pay(3, courses)
    payments = payments_of(orders)
    taking.take_all(payments)
    booked = shop.state_of_everything()["book"]
    forgotten(orders)
    taking.take_all(payments)
    assert shop.state_of_everything()["book"] == booked
    with taken_away(ENTRY_KEY):
        orders = buyers_pay(3, shop.two_courses())
        payments = payments_of(orders)
        taking.take_all(payments)
        booked = shop.state_of_everything()["book"]
        forgotten(orders)
        taking.take_all(payments)
        assert shop.state_of_everything()["book"] != booked


def one_batch(payments: list[taking.Payment]) -> object:
    try:
        return taking.take_all(payments)
    except (IntegrityError, OperationalError) as error:
        return error


@contextmanager
def slow_locks(descending: bool = False) -> Iterator[None]:
    """This thread locks its orders one after the other and waits in between; `descending`: the wrong way round."""

    def slowed(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        sql = sql.replace("SELECT *,", "SELECT *, meet_here(),")
        if descending:
            sql = sql.replace("ORDER BY id FOR NO KEY UPDATE", "ORDER BY id DESC FOR NO KEY UPDATE")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(slowed):
        yield


def overlapping(payments: list[taking.Payment], *, crosswise: bool) -> list[object]:
    """Two workers at once with the same payments, named in opposite order; `crosswise` they also lock them so."""

    def act(n: int) -> object:
        with slow_locks(descending=crosswise and n == 1):
            return one_batch(payments if n else payments[::-1])

    with in_place(MEETING_PLACE):
        return at_once(act, 2)


def test_two_workers_with_overlapping_batches_sell_each_order_once(courses) -> None:
    orders = buyers_pay(8, courses)
    answers = overlapping(payments_of(orders), crosswise=False)
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert states(orders) == ["paid"] * 8
    assert Enrollment.objects.count() == 16
    assert not Refund.objects.exists()
    assert all_holds()


def test_if_orders_were_locked_in_no_order_the_same_two_would_wait_in_a_circle(courses) -> None:
    answers = overlapping(payments_of(buyers_pay(8, courses)), crosswise=True)
    assert "deadlock detected" in " ".join(str(answer) for answer in answers if isinstance(answer, OperationalError))


def test_without_the_orders_lock_overlapping_batches_take_one_payment_for_two(courses) -> None:
    payments = payments_of(buyers_pay(6, courses))
    with in_place(meeting("learners_enrollment")):
        answers = at_once(lambda _n: one_batch(payments), 6, without_locks=True)
    assert Refund.objects.exists() or any(isinstance(answer, IntegrityError) for answer in answers)


def both_baskets(buyers: int, courses: list[Course]) -> list[Order]:
    """Each buyer has paid two pages: one for both courses, one for the first of them."""
    pages = []
    for n in range(buyers):
        buyer = cast.person(f"Buyer{n}")
        for basket in (courses, courses[:1]):
            pages.append(checkout.with_page(place(buyer, basket)))
    for page in pages:
        shop.pay(page)
    return pages


def test_batches_that_sell_the_same_courses_to_the_same_buyers_give_one_right_each(courses) -> None:
    payments = payments_of(both_baskets(6, courses))
    answers = at_once(lambda n: one_batch(payments[n::2][:: -1 if n else 1]), 2)
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    shop.send_refunds()
    assert sorted(oracle.refunds().values()) == [1999] * 6
    assert Enrollment.objects.active().count() == 12
    assert all_holds()


def test_without_one_right_a_course_the_same_batches_keep_both_prices(courses) -> None:
    payments = payments_of(both_baskets(3, courses))
    with without_one_right():
        at_once(lambda n: one_batch(payments[n::2]), 2)
        shop.send_refunds()
        assert oracle.refunds() == {}


def until_done(act: Callable[[], object], seconds: float = 20) -> None:
    """Again and again while it is refused: what it wants is not there yet."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            act()
        except DomainError:
            time.sleep(0.02)
        else:
            return


def drain() -> None:
    """A worker that is rung for whatever waits, until nothing does."""
    while due := list(ProviderEvent.due_work().order_by("due_at").values_list("pk", flat=True)[:1]):
        settling.take_event(str(due[0]))


@pytest.mark.parametrize("seed", seeds(2))
def test_batches_beside_return_pages_refunds_banks_and_payouts_end_with_exact_books(courses, seed) -> None:
    orders, fay = buyers_pay(16, courses), cast.fay()
    keep_events()
    banked, given = orders[:4], orders[4:8]

    def bank(order: Order) -> None:
        charge = gateway().retrieve_session(order.checkout_session_id or "").charge
        assert charge is not None
        row = desk.on_charge(charge.id, "dispute")
        assert isinstance(row, SandboxDispute)
        disputes.take(row.pk)

    def pay_out() -> None:
        run = payouts.start(None)
        work.run(PayoutRun, run.pk, payouts.carry_out)

    acts: list[Callable[[], object]] = [
        *[drain] * 4,
        *[lambda order=order: checkout.settle(order) for order in chance(seed).sample(orders, 6)],
        *[lambda order=order: until_done(lambda: refunds.refund(order, by=fay, reason="She asked")) for order in given],
        *[lambda order=order: bank(order) for order in banked],
        pay_out,
    ]
    chance(seed).shuffle(acts)
    at_once(lambda n: acts[n](), len(acts))
    shop.work_off_events()
    shop.send_refunds()
    assert set(states(orders)) <= {"paid", "refunded"}
    assert not ProviderEvent.open_work().exists()
    assert Refund.objects.filter(order__in=given).count() == len(given)
    assert all_holds()
