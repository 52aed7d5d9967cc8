"""What was given up: people hear of it while money is left, it is not asked for again, and no older answer books it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from learners.models import Enrollment
from marketplace.lib import clock, work
from marketplace.lib.emails import Mail
from marketplace.lib.money import Money
from payments import refund_answers, refunds
from payments.gateway import GatewayUnknown, gateway
from payments.models import Order, ReconBreak, Refund
from payments.provider_shapes import ProviderRefund
from payments.sandbox import oracle
from payments.sandbox.models import SandboxFault, SandboxRefund
from tests import cast
from tests.payments import shop
from tests.payments.held import all_holds, books_hold
from tests.payments.sales import only_item
from tests.payments.test_refund_answers import NEVER_LOOKS

pytestmark = pytest.mark.django_db
PRICE, PART = Money(1999, "USD"), Money(300, "USD")


@pytest.fixture
def order(lin: User) -> Order:
    return shop.buy(lin, shop.two_courses()[:1])


def send(refund: Refund) -> Refund:
    """The worker, whenever it is due; what is unknown it tries again."""
    Refund.objects.filter(pk=refund.pk).update(due_at=Now(), lease_until=None)
    try:
        work.run(Refund, refund.pk, refunds.send)
    except GatewayUnknown:
        pass
    refund.refresh_from_db()
    return refund


def refused(refund: Refund) -> Refund:
    SandboxFault.objects.plan("refunds.create", "400")
    return send(refund)


def unheard(refund: Refund) -> SandboxRefund:
    """The provider has made it, and its answer was lost."""
    SandboxFault.objects.plan("refunds.create", "timeout_after")
    assert send(refund).state == Refund.State.REQUESTED
    return SandboxRefund.objects.select_related("payment").latest("created")


def pending(refund: Refund) -> SandboxRefund:
    """The provider has it under its name, and its bank has not answered."""
    made = unheard(refund)
    made.become("pending")
    assert (send(refund).state, refund.provider_refund_id) == (Refund.State.REQUESTED, made.pk)
    return made


def said_of(made: SandboxRefund) -> ProviderRefund:
    return gateway().retrieve_refund(made.pk)


def ask(order: Order, amount: Money, cause: str) -> Refund:
    with transaction.atomic():
        held = Order.objects.hold(pk=order.pk)
        assert held is not None
        return Refund.objects.ask(
            held, [(only_item(held), amount.minor)], by=order.buyer, reason="Taken back", cause=cause
        )


def flag_of(order: Order) -> str:
    order.refresh_from_db()
    return order.flag_reason


def mails(key: str) -> int:
    return Mail.objects.filter(key=key).count()


class TestTheRestOfTheMoney:
    """The course went back with a part of its price, and the rest of the money, given later, does not go."""

    @pytest.fixture
    def order(self, order: Order) -> Order:
        refunds.refund(only_item(order), by=cast.fay(), reason="Part of it", amount=PART)
        shop.send_refunds()
        order.refresh_from_db()
        assert (order.state, only_item(order).left) == (Order.State.REFUNDED, PRICE - PART)
        return order

    def test_that_is_refused_is_told_to_finance(self, order: Order, fay: User) -> None:
        rest = refused(refunds.refund(order, by=fay, reason="The rest"))
        assert rest.state == Refund.State.FAILED
        assert flag_of(order) == f"refund {rest.pk} failed: sandbox_refused"
        assert refunds.refund(order, by=fay, reason="again").amount == PRICE - PART
        assert books_hold()

    def test_that_its_bank_refuses_later_is_told_to_finance(self, order: Order, fay: User) -> None:
        rest = refunds.refund(order, by=fay, reason="The rest")
        pending(rest).fail()
        shop.deliver_new()
        rest.refresh_from_db()
        assert rest.state == Refund.State.FAILED
        assert flag_of(order) == f"refund {rest.pk} failed: the provider says failed"

    def test_that_she_took_back_herself_is_told_to_her(self, order: Order) -> None:
        rest = refused(ask(order, PRICE - PART, Refund.Cause.TIP))
        assert mails(f"refund-failed:{rest.pk}") == 1

    def test_when_all_of_it_went_another_way_nobody_is_told(self, order: Order, fay: User) -> None:
        rest = refunds.refund(order, by=fay, reason="The rest")
        gateway().create_refund(
            charge_id=order.charge_id or "", amount=rest.amount, idempotency_key="desk", metadata={}
        )
        assert refused(rest).state == Refund.State.FAILED
        assert (flag_of(order), only_item(order).left) == ("", Money.zero("USD"))


def test_of_two_wishes_by_the_meter_one_was_made_so_her_course_is_not_hers_again(order: Order) -> None:
    """The first was given up and had been made; that comes to light with the refusal of the second."""
    first = refused(ask(order, PART, Refund.Cause.METER))
    gateway().create_refund(
        charge_id=order.charge_id or "", amount=PART, idempotency_key="late", metadata={"refund": first.provider_name}
    )
    second = refused(ask(order, PART, Refund.Cause.METER))
    assert (second.state, order.refunds.get(state="done").amount) == (Refund.State.FAILED, PART)
    assert not Enrollment.objects.of(order.buyer).active().exists()
    assert (mails(f"refund-failed:{first.pk}"), mails(f"refund-failed:{second.pk}")) == (1, 0)
    assert flag_of(order) == f"refund {second.pk} failed: sandbox_refused"


class TestTheWorkerDiedWhenItHadGivenUp:
    """Before it finished the row, which is open work still."""

    @pytest.fixture
    def left(self, order: Order, fay: User) -> Refund:
        refund = refunds.refund(only_item(order), by=fay, reason="Sorry", amount=PART, ends_access=False)
        SandboxFault.objects.plan("refunds.create", "500")
        send(refund)
        refund_answers.refuse(refund, "insufficient_funds")
        refund.refresh_from_db()
        assert (refund.state, refund.finished_at, refund.dead_at) == (Refund.State.FAILED, None, None)
        clock.advance(timedelta(hours=3))  # so that another key would be asked under
        return refund

    def test_nothing_is_asked_for_again(self, order: Order, left: Refund, fay: User) -> None:
        again = refunds.refund(only_item(order), by=fay, reason="again", amount=PART, ends_access=False)
        assert send(again).state == Refund.State.DONE
        assert (send(left).state, left.key_no, left.finished_at is not None) == (Refund.State.FAILED, 1, True)
        assert oracle.refunds() == {order.charge_id: PART.minor}
        shop.deliver_all()
        assert all_holds()

    def test_what_had_been_made_all_the_same_is_taken_in(self, order: Order, left: Refund) -> None:
        gateway().create_refund(
            charge_id=order.charge_id or "", amount=PART, idempotency_key="late",
            metadata={"refund": left.provider_name},
        )  # fmt: skip
        assert send(left).state == Refund.State.FAILED
        assert order.refunds.get(state="done").amount == PART


class TestWhatHasANameAtTheProvider:
    def test_is_not_given_up_by_a_refusal(self, order: Order, fay: User, settings: Any) -> None:
        """Its list lags; the event has told of the refund. How it ended is asked."""
        refund = refunds.refund(order, by=fay, reason="She asked")
        made = pending(refund)
        client, settings.PAYMENTS_HTTP_CLIENT = settings.PAYMENTS_HTTP_CLIENT, NEVER_LOOKS
        refund_answers.refuse(refund, "charge_already_refunded")
        settings.PAYMENTS_HTTP_CLIENT = client
        refund.refresh_from_db()
        assert (refund.state, flag_of(order)) == (Refund.State.REQUESTED, "")
        made.become("succeeded")
        shop.deliver_all(times=2, seed=3)
        assert order.refunds.get().state == Refund.State.DONE
        assert all_holds()

    @pytest.mark.parametrize("older", ["pending", "succeeded"])
    def test_and_failed_there_is_not_made_after_all(self, order: Order, fay: User, older: str) -> None:
        refund = refunds.refund(order, by=fay, reason="She asked")
        made = pending(refund)
        made.status = older
        made.save()
        answer = said_of(made)
        made.fail()
        refund_answers.look_again(refund)
        refund_answers.follow(refund, answer)
        nothing_is_booked(order, refund, answer)


class TestAnAnswerFromBeforeItFailed:
    """One worker has read what another, who read it later, has written already."""

    @pytest.mark.parametrize("older", ["pending", "succeeded"])
    def test_books_nothing(self, order: Order, fay: User, older: str) -> None:
        refund = refunds.refund(order, by=fay, reason="She asked")
        made = unheard(refund)
        made.status = older
        made.save()
        answer = said_of(made)
        made.fail()
        shop.deliver_new()
        refund_answers.follow(refund, answer)
        nothing_is_booked(order, refund, answer)

    def test_books_nothing_of_what_was_refused_before(self, order: Order, fay: User) -> None:
        refund = refused(refunds.refund(order, by=fay, reason="She asked"))
        gateway().create_refund(
            charge_id=order.charge_id or "", amount=PRICE, idempotency_key="late",
            metadata={"refund": refund.provider_name},
        )  # fmt: skip
        made = SandboxRefund.objects.select_related("payment").get()
        answer = said_of(made)
        made.fail()
        shop.deliver_new()
        refund_answers.follow(refund, answer)
        nothing_is_booked(order, refund, answer)


def nothing_is_booked(order: Order, refund: Refund, answer: ProviderRefund) -> None:
    """Finance is told of the contradiction, and that is all."""
    assert order.refunds.get() == refund
    refund.refresh_from_db()
    assert (refund.state, refund.provider_refund_id) == (Refund.State.FAILED, answer.id)
    assert flag_of(order) == f"refund {refund.pk} failed: the provider says {answer.status}"
    assert ReconBreak.objects.open().get(key=answer.id).amount == PRICE
    assert (order.state, mails(f"refund:{refund.pk}")) == (Order.State.PAID, 0)
    assert Enrollment.objects.of(order.buyer).active().exists()
    assert books_hold()


def test_the_name_of_one_made_after_all_stays_with_it_when_that_fails(order: Order, fay: User) -> None:
    first = refused(refunds.refund(order, by=fay, reason="She asked"))
    gateway().create_refund(
        charge_id=order.charge_id or "", amount=PRICE, idempotency_key="late",
        metadata={"refund": first.provider_name},
    )  # fmt: skip
    shop.deliver_new()
    made = SandboxRefund.objects.select_related("payment").get()
    made.fail()
    refund_answers.follow(first, said_of(made))
    shop.deliver_new()
    first.refresh_from_db()
    assert first.provider_refund_id is None
    assert order.refunds.get(provider_refund_id=made.pk).came_back_at is not None
