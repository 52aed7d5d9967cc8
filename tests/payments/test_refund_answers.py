"""What the provider says of refunds, in whatever order: what stands at the end is what it has done."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django.utils import translation

from accounts.models import User
from courses.models import Course
from learners.models import Enrollment
from marketplace.lib import clock, work
from marketplace.lib.emails import Mail
from marketplace.lib.money import Money
from payments import meter, refund_answers, refunds, remarks
from payments.gateway import gateway
from payments.models import Order, ReconBreak, Refund
from payments.sandbox import desk, oracle
from payments.sandbox.models import SandboxFault, SandboxLate, SandboxRefund
from tests import cast
from tests.payments import shop
from tests.payments.held import all_holds, books_hold
from tests.payments.sales import only_item

pytestmark = pytest.mark.django_db
PRICE = Money(1999, "USD")
NEVER_LOOKS = "tests.payments.forgetful.NeverLooks"


@pytest.fixture
def courses(db: None) -> list[Course]:
    return shop.two_courses()


@pytest.fixture
def order(lin: User, courses: list[Course]) -> Order:
    return shop.buy(lin, courses[:1])


def taken_back(order: Order) -> Refund:
    """By its buyer, who is told that it is on its way."""
    item = only_item(order)
    return meter.take_back(item, by=order.buyer, expected=item.price)


def send(refund: Refund) -> None:
    """The worker, whenever it is due."""
    Refund.objects.filter(pk=refund.pk).update(due_at=Now(), lease_until=None)
    work.run(Refund, refund.pk, refunds.send)
    refund.refresh_from_db()


def has(order: Order) -> bool:
    return Enrollment.objects.of(order.buyer).active().exists()


def mails() -> set[str]:
    return {
        key.partition(":")[0] for key in Mail.objects.filter(key__startswith="refund").values_list("key", flat=True)
    }


def holds_but_for(*keys: str | None) -> bool:
    """All that must hold, once finance has settled what was told of these refunds, and of nothing else."""
    told = ReconBreak.objects.open()
    assert {(one.kind, one.key) for one in told} == {(ReconBreak.Kind.EVENT, key) for key in keys}
    for one in told:
        one.resolve(by=cast.fay(), note="Seen")
    return all_holds()


class TestAtTheProvidersDesk:
    """Somebody gives all of the charge back there, while her own refund waits here."""

    def gone(self, order: Order) -> Refund:
        order.refresh_from_db()
        assert (order.state, has(order)) == (Order.State.REFUNDED, False)
        done = order.refunds.get(state="done")
        assert (done.cause, done.amount) == (Refund.Cause.PROVIDER, PRICE)
        assert oracle.refunds() == {order.charge_id: PRICE.minor}
        assert "refund-failed" not in mails(), "her money came, whoever sent it"
        return done

    def test_its_event_comes_first(self, order: Order) -> None:
        mine = taken_back(order)
        desk.on_charge(order.charge_id or "", "refund")
        shop.deliver_new()
        order.refresh_from_db()
        assert "fits no item" in order.flag_reason
        send(mine)
        assert mine.state == Refund.State.FAILED
        assert holds_but_for(self.gone(order).provider_refund_id)

    def test_ours_is_refused_first(self, order: Order) -> None:
        mine = taken_back(order)
        desk.on_charge(order.charge_id or "", "refund")
        send(mine)
        assert mine.state == Refund.State.FAILED
        shop.deliver_all(times=2, seed=4)
        assert self.gone(order)
        assert holds_but_for()

    def test_of_one_course_of_two_the_other_stays(self, lin: User, courses: list[Course]) -> None:
        order = shop.buy(lin, courses)
        item = order.items.get(course=courses[0])
        mine = meter.take_back(item, by=lin, expected=item.price)
        desk.on_charge(order.charge_id or "", "refund")
        shop.deliver_new()
        send(mine)
        order.refresh_from_db()
        assert (order.state, has(order)) == (Order.State.REFUNDED, False)
        done = order.refunds.get(state="done")
        assert done.amount == order.total
        assert holds_but_for(done.provider_refund_id)

    def test_when_the_list_is_not_told_ours_is_tried_again(self, order: Order) -> None:
        mine = taken_back(order)
        desk.on_charge(order.charge_id or "", "refund")
        SandboxFault.objects.plan("refunds.list", "timeout_before")
        with pytest.raises(Exception, match="provider"):
            send(mine)
        assert Refund.objects.get(pk=mine.pk).state == Refund.State.REQUESTED
        send(mine)
        shop.deliver_all()
        assert self.gone(order)
        assert holds_but_for()

    def test_a_part_of_it_leaves_her_what_is_left(self, order: Order) -> None:
        """It fits nothing, so finance looks at it; hers is refused and her course is hers."""
        mine = taken_back(order)
        desk.on_charge(order.charge_id or "", "refund", amount=17)
        shop.deliver_new()
        send(mine)
        order.refresh_from_db()
        assert (mine.state, order.state, has(order)) == (Refund.State.FAILED, Order.State.PAID, True)
        assert "refund-failed" in mails()

    def test_ours_that_fails_makes_room_for_it(self, order: Order, fay: User) -> None:
        """Its bank refuses ours, and somebody gives it at the desk before we have heard of that."""
        mine = refunds.refund(order, by=fay, reason="She asked")
        made = _pending(mine)
        made.fail()
        desk.on_charge(order.charge_id or "", "refund")
        refund_answers.look_again(Refund.objects.get(pk=mine.pk))
        mine.refresh_from_db()
        assert mine.state == Refund.State.FAILED
        shop.deliver_all()
        assert self.gone(order)
        assert books_hold(), "the provider lists both movements of ours beside it, and finance settles them"


class TestGivenUpAndMadeAfterAll:
    """The provider was silent, then it refused, and later it had done the first call all the same."""

    @pytest.fixture
    def failed(self, order: Order) -> Refund:
        refund = taken_back(order)
        SandboxFault.objects.plan("refunds.create", "late")
        with pytest.raises(Exception, match="provider"):
            send(refund)
        SandboxFault.objects.plan("refunds.create", "400")
        SandboxLate.objects.update(key="")  # else the same key would be answered that the first call is under way
        send(refund)
        assert (refund.state, has(order), mails()) == (Refund.State.FAILED, True, {"refund-failed"})
        return refund

    def come_to_light(self, *, times: int = 1) -> None:
        clock.advance(timedelta(minutes=11))
        gateway().balance()
        shop.deliver_all(times=times, seed=3)

    def test_the_books_her_right_and_finance_hear_of_it(self, order: Order, failed: Refund, fay: User) -> None:
        self.come_to_light()
        order.refresh_from_db()
        failed.refresh_from_db()
        assert (order.state, has(order), failed.state) == (Order.State.REFUNDED, False, Refund.State.FAILED)
        made = order.refunds.get(state="done")
        assert (made.cause, made.amount, made.requested_by) == (Refund.Cause.METER, PRICE, order.buyer)
        assert made.reading.amount == PRICE
        assert Mail.objects.filter(key=f"refund:{made.pk}", to=order.buyer.email).count() == 1
        assert f"refund {failed.pk} had failed" in order.flag_reason
        alert = ReconBreak.objects.open().get(key=made.provider_refund_id)
        assert (alert.kind, alert.amount) == (ReconBreak.Kind.EVENT, PRICE)
        assert Mail.objects.filter(key=f"break:{alert.pk}:{fay.pk}").count() == 1
        with translation.override("zh-hans"):
            assert remarks.said(order.flag_reason) != order.flag_reason
        assert holds_but_for(made.provider_refund_id)

    def test_heard_of_often_it_is_one_refund(self, order: Order, failed: Refund) -> None:
        self.come_to_light(times=4)
        assert sorted(order.refunds.values_list("state", flat=True)) == ["done", "failed"]
        assert oracle.refunds() == {order.charge_id: PRICE.minor}
        assert holds_but_for(SandboxRefund.objects.get().pk)

    def test_when_she_has_asked_again_that_wish_makes_room(self, order: Order, failed: Refund) -> None:
        again = taken_back(order)
        self.come_to_light()
        order.refresh_from_db()
        assert "after all and fits no item" in order.flag_reason
        send(again)
        order.refresh_from_db()
        assert (again.state, order.state, has(order)) == (Refund.State.FAILED, Order.State.REFUNDED, False)
        assert order.refunds.get(state="done").amount == PRICE
        assert not Mail.objects.filter(key=f"refund-failed:{again.pk}").exists()
        assert holds_but_for(SandboxRefund.objects.get().pk)

    def test_of_another_amount_it_is_for_finance(self, order: Order, failed: Refund) -> None:
        clock.advance(timedelta(minutes=11))
        gateway().balance()
        SandboxRefund.objects.update(amount=7)
        shop.deliver_all()
        order.refresh_from_db()
        assert (order.state, has(order)) == (Order.State.PAID, True)
        assert "after all and fits no item" in order.flag_reason
        assert ReconBreak.objects.open().get().amount == Money(7, "USD")

    def test_while_its_bank_has_not_answered_it_is_asked_about(self, order: Order, failed: Refund) -> None:
        clock.advance(timedelta(minutes=11))
        gateway().balance()
        made = SandboxRefund.objects.select_related("payment").get()
        made.become("pending")
        shop.deliver_all()
        waits = order.refunds.get(state="requested")
        assert (waits.provider_refund_id, has(order)) == (made.pk, True)
        clock.advance(timedelta(days=1))
        made.status = "succeeded"
        made.save()
        shop.sweep()
        order.refresh_from_db()
        assert (order.state, has(order)) == (Order.State.REFUNDED, False)
        assert holds_but_for(made.pk)


def _pending(refund: Refund) -> SandboxRefund:
    """Sent, and its bank has not answered."""
    SandboxFault.objects.plan("refunds.create", "timeout_after")
    with pytest.raises(Exception, match="provider"):
        send(refund)
    made = SandboxRefund.objects.select_related("payment").get()
    made.become("pending")
    send(refund)
    assert (refund.state, refund.provider_refund_id) == (Refund.State.REQUESTED, made.pk)
    return made


@pytest.mark.parametrize("client", ["payments.sandbox.transport.SandboxTransport", NEVER_LOOKS])
def test_a_refusal_that_comes_after_the_event_takes_nothing_back(
    order: Order, fay: User, settings: Any, client: str
) -> None:
    """The worker was refused since an earlier call had done it; meanwhile its event has settled it, and the list may
    not show it yet.
    """
    refund = refunds.refund(order, by=fay, reason="She asked")
    late = Refund.objects.get(pk=refund.pk)
    shop.send_refunds()
    settings.PAYMENTS_HTTP_CLIENT = client
    refund_answers.refuse(late, "charge_already_refunded")
    refund.refresh_from_db()
    assert (refund.state, refund.came_back_at) == (Refund.State.DONE, None)
    assert all_holds()
