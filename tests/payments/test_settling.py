"""Payments that wait are settled together: what goes together, what goes alone, and that nobody is held up."""

import threading

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from courses.models import Course
from learners.models import Enrollment
from payments import checkout, invariants, ledger, lookups, settling, taking
from payments.gateway import CalledInsideTransaction, GatewayRefused, GatewayUnknown, gateway
from payments.ledger import KeyReused
from payments.models import AccountKind, AfterSale, Coupon, CouponUse, EntryKind, LedgerEntry, Order, ProviderEvent
from payments.provider_shapes import Session
from payments.sandbox import cashier, oracle
from payments.sandbox.models import SandboxFault, SandboxSession
from tests import cast
from tests.payments import shop
from tests.payments.books import sale
from tests.payments.sales import place
from tests.payments.test_coupons import coupon_of
from tests.payments.waiting import buyers_pay, keep_events, ring_once, states

pytestmark = pytest.mark.django_db


@pytest.fixture
def courses() -> list[Course]:
    return shop.two_courses()


def all_is_well() -> bool:
    return not any(invariants.breaks(ask_provider=True).values())


class TestTogether:
    def test_one_bell_settles_all_that_wait_by_one_entry_of_the_ledger(self, courses) -> None:
        orders = buyers_pay(5, courses)
        keep_events()
        with CaptureQueriesContext(connection) as said:
            events = ring_once()
        assert states(orders) == ["paid"] * 5
        assert {event.outcome for event in events} == {"paid"}
        assert all(event.finished_at and event.lease_until is None for event in events)
        for statement in ("ledger_post(", "orders_mark_paid(", "INSERT INTO learners_enrollment"):
            assert sum(statement in query["sql"] for query in said.captured_queries) == 1
        assert (Enrollment.objects.count(), AfterSale.open_work().count()) == (10, 5)
        assert all_is_well()

    def test_no_more_are_taken_along_than_may_be(self, courses, monkeypatch) -> None:
        monkeypatch.setattr(settling, "TOGETHER", 3)
        orders = buyers_pay(5, courses)
        keep_events()
        ring_once()
        assert states(orders) == ["paid"] * 3 + ["pending"] * 2

    def test_the_same_session_told_twice_in_a_batch_is_one_sale(self, courses) -> None:
        orders = buyers_pay(2, courses)
        for event in keep_events():
            ProviderEvent.objects.create(
                book=event.book, event_id=f"{event.event_id}_thin", type=f"v1.{event.type}", object_id=event.object_id,
                body={},
            )  # fmt: skip
        events = ring_once()
        assert [event.outcome for event in events] == ["paid"] * 4
        assert LedgerEntry.objects.filter(kind=EntryKind.SALE).count() == len(orders)

    def test_a_coupons_seats_are_used_also_those_released_before(self, ada: User, courses) -> None:
        coupon = coupon_of(ada, cap_total=2)
        orders = []
        for n in range(3):
            orders.append(place_with(coupon, cast.person(f"Buyer{n}"), courses[:1]))
            if n < 2:
                orders[n].expire()  # its seat is free again, and the money comes all the same
        for order in orders:
            shop.pay(order)
        keep_events()
        ring_once()
        assert states(orders) == ["paid"] * 3
        uses = CouponUse.objects.order_by("order_id").values_list("state", "is_beyond_cap")
        assert list(uses) == [("used", False), ("used", True), ("used", False)]
        assert Coupon.objects.get().seats_taken == 2
        assert all_is_well()


def place_with(coupon: Coupon, buyer: User, courses: list[Course]) -> Order:
    return checkout.start(buyer=buyer, courses=courses, coupon_code=coupon.code)


class TestNeighbours:
    """One payment that is not like the others, in the middle of a batch."""

    def test_of_one_with_another_amount_are_sold(self, courses) -> None:
        orders = [shop.start(cast.person(f"Buyer{n}"), courses) for n in range(3)]
        SandboxSession.objects.filter(pk=orders[1].checkout_session_id).update(amount=1)
        for order in orders:
            shop.pay(order)
        keep_events()
        assert [event.outcome for event in ring_once()] == ["paid", "flagged", "paid"]
        assert states(orders) == ["paid", "flagged", "paid"]
        assert Enrollment.objects.count() == 4
        assert not Enrollment.objects.filter(learner_id=orders[1].buyer_id).exists()

    def test_of_one_that_was_taken_before_are_sold(self, courses) -> None:
        orders = buyers_pay(3, courses)
        session = gateway().retrieve_session(orders[1].checkout_session_id or "")
        assert session.charge is not None
        taking.take(orders[1].pk, session, session.charge)
        keep_events()
        assert [event.outcome for event in ring_once()] == ["paid"] * 3
        assert LedgerEntry.objects.filter(kind=EntryKind.SALE).count() == 3
        assert all_is_well()

    def test_of_one_who_has_the_course_already_are_sold_and_hers_is_given_back(self, courses) -> None:
        orders = buyers_pay(3, courses[:1])
        buyer = User.objects.get(pk=orders[1].buyer_id)
        Enrollment.objects.grant(learner=buyer, course=courses[0], source="staff")
        keep_events()
        ring_once()
        shop.send_refunds()
        assert states(orders) == ["paid", "refunded", "paid"]
        assert oracle.refunds() == {Order.objects.get(pk=orders[1].pk).charge_id: 1999}
        assert all_is_well()

    def test_of_one_whose_tax_the_provider_reckons_are_sold(self, courses, settings) -> None:
        first = shop.start(cast.person("Buyer0"), courses)
        settings.KEZHAN_TAX = "stripe"
        taxed = shop.start(cast.person("Buyer1"), courses)
        settings.KEZHAN_TAX = ""
        last = shop.start(cast.person("Buyer2"), courses)
        for order, country in ((first, ""), (taxed, "DE"), (last, "")):
            cashier.act(order.checkout_session_id or "", "pay", country=country)
        keep_events()
        ring_once()
        assert states([first, taxed, last]) == ["paid"] * 3
        taxed.refresh_from_db()
        assert taxed.tax_minor > 0
        assert abs(ledger.balance(AccountKind.TAX_PAYABLE, None, "USD", "sandbox").minor) == taxed.tax_minor
        assert all_is_well()

    def test_of_one_that_is_not_paid_yet_or_not_known_are_sold(self, courses) -> None:
        orders = [shop.start(cast.person(f"Buyer{n}"), courses) for n in range(4)]
        for order, pressed in zip(orders, ("pay", "later", "pay", "pay"), strict=True):
            cashier.act(order.checkout_session_id or "", pressed)
        Order.objects.filter(pk=orders[2].pk).update(checkout_session_id=None, token="0" * 32)
        keep_events()
        assert [event.outcome for event in ring_once()] == ["paid", "pending", "unknown order", "paid"]
        assert Order.objects.get(pk=orders[1].pk).payment_started_at is not None

    def test_of_one_whose_page_never_reached_us_are_sold_and_so_is_it(self, courses) -> None:
        orders = buyers_pay(3, courses)
        Order.objects.filter(pk=orders[1].pk).update(checkout_session_id=None, checkout_url="")
        keep_events()
        ring_once()
        assert states(orders) == ["paid"] * 3


class TestSecondPayment:
    """Of one order, or of one course by one buyer, in the same batch."""

    def test_a_second_charge_of_an_order_is_flagged_and_the_first_is_sold(self, courses) -> None:
        order, other, neighbour = buyers_pay(3, courses)
        told = [gateway().retrieve_session(one.checkout_session_id or "") for one in (order, other, neighbour)]
        payments = [
            taking.Payment(pk, session, session.charge)
            for pk, session in zip((order.pk, order.pk, neighbour.pk), told, strict=True)
            if session.charge is not None
        ]
        first, second, third = taking.take_all(payments)
        assert (first.charge_id, third.state) == (told[0].charge and told[0].charge.id, "paid")
        assert second.flag_reason.startswith("a second charge: ")
        assert LedgerEntry.objects.filter(kind=EntryKind.SALE).count() == 2

    def test_two_orders_with_the_same_course_give_one_right_and_one_price_back(self, lin, courses) -> None:
        orders = [checkout.with_page(place(lin, basket)) for basket in (courses, courses[:1])]
        for order in orders:
            shop.pay(order)
        keep_events()
        ring_once()
        shop.send_refunds()
        assert states(orders) == ["paid", "refunded"]
        assert Enrollment.objects.of(lin).active().count() == 2
        assert sorted(oracle.refunds().values()) == [1999]
        assert all_is_well()


class TestPoisoned:
    """An event that rises each time: whoever waits beside it is settled all the same."""

    @pytest.fixture
    def orders(self, courses) -> list[Order]:
        orders = buyers_pay(4, courses)
        session = gateway().retrieve_session(orders[2].checkout_session_id or "")
        assert session.charge is not None
        sale(f"sale:{session.charge.id}", 400)  # its key names other money
        keep_events()
        return orders

    def test_only_the_one_that_rises_is_left_with_what_it_said(self, orders) -> None:
        with pytest.raises(KeyReused):
            ring_once()
        assert states(orders) == ["paid", "paid", "pending", "paid"]
        assert not Enrollment.objects.filter(learner_id=orders[2].buyer_id).exists()
        events = list(ProviderEvent.objects.order_by("pk"))
        assert [event.finished_at is None for event in events] == [False, False, True, False]
        assert "KeyReused" in events[2].last_error
        assert (events[2].attempts, events[2].lease_until) == (1, None)

    def test_when_it_is_tried_again_it_goes_alone(self, orders, courses) -> None:
        with pytest.raises(KeyReused):
            ring_once()
        poisoned = ProviderEvent.objects.get(finished_at=None)
        later = shop.start(cast.person("Later"), courses)
        shop.pay(later)
        keep_events()
        ProviderEvent.objects.filter(pk=poisoned.pk).update(due_at=poisoned.received_at)
        with pytest.raises(KeyReused):
            settling.take_event(str(poisoned.pk))
        assert states([later]) == ["pending"]
        newest = ProviderEvent.objects.latest("pk")
        settling.take_event(str(newest.pk))
        assert states([later]) == ["paid"]
        assert ProviderEvent.objects.get(pk=poisoned.pk).attempts == 2  # nobody took it along


class TestSilence:
    def test_of_the_provider_gives_events_back_and_settles_what_was_answered(self, courses) -> None:
        orders = buyers_pay(4, courses)
        keep_events()
        SandboxFault.objects.plan("checkout.sessions.retrieve", "timeout_before")
        events = ring_once()
        assert states(orders) == ["pending"] * 4  # silent of the first, it is asked about nobody else
        assert all("GatewayUnknown" in event.last_error and event.lease_until is None for event in events)
        ProviderEvent.objects.update(due_at=events[0].received_at)
        for event in events:
            settling.take_event(str(event.pk))
        assert states(orders) == ["paid"] * 4


def session(name: str) -> Session:
    return Session.read(
        {
            "id": name, "status": "open", "payment_status": "unpaid", "amount_total": 1, "amount_subtotal": 1,
            "currency": "usd", "expires_at": 1,
        }
    )  # fmt: skip


class TestLookups:
    def test_where_the_provider_is_far_questions_are_asked_side_by_side(self) -> None:
        met = threading.Barrier(4)

        def ask(name: str) -> Session:
            met.wait(timeout=20)  # four are asked at the same time, or none is ever answered
            return session(name)

        names = [f"cs_{n}" for n in range(4)]
        assert list(lookups.sessions(ask, names, side_by_side=True)) == names

    def test_side_by_side_too_nobody_is_asked_inside_a_transaction(self) -> None:
        with pytest.raises(CalledInsideTransaction), transaction.atomic():
            lookups.sessions(session, ["cs_0"], side_by_side=True)

    @pytest.mark.parametrize("side_by_side", [True, False])
    def test_what_is_refused_is_left_out(self, side_by_side) -> None:
        def ask(name: str) -> Session:
            if name == "cs_1":
                raise GatewayRefused(provider_code="resource_missing")
            return session(name)

        told = lookups.sessions(ask, ["cs_0", "cs_1", "cs_2"], side_by_side=side_by_side)
        assert list(told) == ["cs_0", "cs_2"]

    def test_after_silence_nobody_else_is_asked_about(self) -> None:
        asked: list[str] = []

        def ask(name: str) -> Session:
            asked.append(name)
            if name == "cs_1":
                raise GatewayUnknown
            return session(name)

        told = lookups.sessions(ask, ["cs_0", "cs_1", "cs_2"], side_by_side=False)
        assert asked == ["cs_0", "cs_1"]
        assert [isinstance(answer, GatewayUnknown) for answer in told.values()] == [False, True, True]
