"""What the provider says of refunds, in whatever order: what stands at the end is what it has done."""

import pytest
from django.db.models.functions import Now

from accounts.models import User
from courses.models import Course
from learners.models import Enrollment
from marketplace.lib import work
from marketplace.lib.emails import Mail
from marketplace.lib.money import Money
from payments import meter, refund_answers, refunds
from payments.models import Order, Refund
from payments.sandbox import desk, oracle
from payments.sandbox.models import SandboxFault, SandboxRefund
from tests.payments import shop
from tests.payments.held import all_holds
from tests.payments.sales import only_item

pytestmark = pytest.mark.django_db
PRICE = Money(1999, "USD")


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


class TestAtTheProvidersDesk:
    """Somebody gives all of the charge back there, while her own refund waits here."""

    def gone(self, order: Order) -> None:
        order.refresh_from_db()
        assert (order.state, has(order)) == (Order.State.REFUNDED, False)
        done = order.refunds.get(state="done")
        assert (done.cause, done.amount) == (Refund.Cause.PROVIDER, PRICE)
        assert oracle.refunds() == {order.charge_id: PRICE.minor}
        assert "refund-failed" not in mails(), "her money came, whoever sent it"
        assert all_holds()

    def test_its_event_comes_first(self, order: Order) -> None:
        mine = taken_back(order)
        desk.on_charge(order.charge_id or "", "refund")
        shop.deliver_new()
        order.refresh_from_db()
        assert "fits no item" in order.flag_reason
        send(mine)
        assert mine.state == Refund.State.FAILED
        self.gone(order)

    def test_ours_is_refused_first(self, order: Order) -> None:
        mine = taken_back(order)
        desk.on_charge(order.charge_id or "", "refund")
        send(mine)
        assert mine.state == Refund.State.FAILED
        shop.deliver_all(times=2, seed=4)
        self.gone(order)

    def test_of_one_course_of_two_the_other_stays(self, lin: User, courses: list[Course]) -> None:
        order = shop.buy(lin, courses)
        item = order.items.get(course=courses[0])
        mine = meter.take_back(item, by=lin, expected=item.price)
        desk.on_charge(order.charge_id or "", "refund")
        shop.deliver_new()
        send(mine)
        order.refresh_from_db()
        assert (order.state, has(order)) == (Order.State.REFUNDED, False)
        assert order.refunds.get(state="done").amount == order.total
        assert all_holds()

    def test_when_the_list_is_not_told_ours_is_tried_again(self, order: Order) -> None:
        mine = taken_back(order)
        desk.on_charge(order.charge_id or "", "refund")
        SandboxFault.objects.plan("refunds.list", "timeout_before")
        with pytest.raises(Exception, match="provider"):
            send(mine)
        assert Refund.objects.get(pk=mine.pk).state == Refund.State.REQUESTED
        send(mine)
        shop.deliver_all()
        self.gone(order)

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
        self.gone(order)


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


def test_a_refusal_that_comes_after_the_event_takes_nothing_back(order: Order, fay: User) -> None:
    """The worker was refused since an earlier call had done it; meanwhile its event has settled it."""
    refund = refunds.refund(order, by=fay, reason="She asked")
    late = Refund.objects.get(pk=refund.pk)
    shop.send_refunds()
    refund_answers.refuse(late, "charge_already_refunded")
    refund.refresh_from_db()
    assert (refund.state, refund.came_back_at) == (Refund.State.DONE, None)
    assert all_holds()
