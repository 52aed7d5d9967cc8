"""Giving money back: by whom, how much, once, and what follows."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from courses.models import Course
from learners import rights
from learners.models import Enrollment
from marketplace.lib import clock, work
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from marketplace.lib.money import Money
from payments import ledger, refunds, remarks
from payments.gateway import gateway
from payments.models import AccountKind, Order, ProviderEvent, ReconBreak, Refund
from payments.sandbox import desk, oracle
from payments.sandbox.models import SandboxFault, SandboxKey, SandboxRefund
from tests.courses.factories import make_course
from tests.payments import shop
from tests.videos.films import put_files
from videos import playback


@pytest.fixture
def courses(db: None) -> list[Course]:
    return shop.two_courses()


@pytest.fixture
def order(lin, courses) -> Order:
    return shop.buy(lin, courses)


def clearing() -> int:
    return ledger.balance(AccountKind.STRIPE_CLEARING, None, "USD", "sandbox").minor


def test_a_whole_refund_gives_every_share_back_and_ends_the_right(order, lin, fay, courses) -> None:
    refunds.refund(order, by=fay, reason="She asked")
    shop.send_refunds()
    order.refresh_from_db()
    assert order.state == Order.State.REFUNDED
    assert oracle.refunds() == {order.charge_id: 4999}
    assert clearing() == oracle.balance()["USD"] == -oracle.fees()["USD"]
    assert not Enrollment.objects.of(lin).active().exists()
    assert ledger.balance(AccountKind.CREATOR_PENDING, courses[0].creator_id, "USD", "sandbox") == Money.zero("USD")
    assert Mail.objects.filter(key__startswith="refund:").count() == 1


@pytest.mark.parametrize("file", ["master.m3u8", "v240/index.m3u8", "v240/s00000.m4s", "poster.jpg"])
def test_after_a_refund_no_file_of_a_lesson_is_sent(lin, fay, file) -> None:
    course = make_course(title="Kilns", lessons=2)
    lesson = course.live_lessons().get(is_preview=False)
    put_files(lesson.video)
    order, address = shop.buy(lin, [course]), playback.file_url(lesson.video, str(lin.pk), file)
    assert Client().get(address).status_code == 200
    refunds.refund(order, by=fay, reason="She asked")
    shop.send_refunds()
    cache.clear()  # the ten seconds for which a yes is remembered
    assert Client().get(address).status_code == 403
    assert not rights.may_watch(lin, lesson)


def test_one_item_is_given_back_and_the_other_stays(order, lin, fay, courses) -> None:
    refunds.refund(order.items.get(course=courses[1]), by=fay, reason="Only this one")
    shop.send_refunds()
    order.refresh_from_db()
    assert order.state == Order.State.PAID
    assert Order.objects.shown().get(pk=order.pk).refunded == Money(3000, "USD")
    assert [e.course for e in Enrollment.objects.of(lin).active()] == [courses[0]]


def test_what_was_given_back_can_be_bought_again(order, lin, fay, courses) -> None:
    refunds.refund(order, by=fay, reason="She asked")
    shop.send_refunds()
    assert shop.buy(lin, courses[:1]).state == Order.State.PAID


def test_only_finance_gives_money_back(order, lin, sam) -> None:
    for person in (lin, sam):
        with pytest.raises(NotAllowed):
            refunds.refund(order, by=person, reason="I want it")


def test_nothing_is_given_back_twice(order, fay) -> None:
    refunds.refund(order, by=fay, reason="once")
    with pytest.raises(refunds.NothingToRefund):
        refunds.refund(order, by=fay, reason="twice")
    shop.send_refunds()
    shop.deliver_all(times=3, seed=1)
    assert oracle.refunds() == {order.charge_id: 4999}
    assert clearing() == oracle.balance()["USD"]


def test_an_open_order_has_nothing_to_give_back(lin, fay, courses) -> None:
    with pytest.raises(refunds.NothingToRefund):
        refunds.refund(shop.start(lin, courses), by=fay, reason="not paid")


@pytest.mark.parametrize("mode", ["timeout_before", "timeout_after", "broken_after", "409", "429"])
def test_an_unknown_answer_is_looked_up_and_the_money_goes_back_once(order, fay, mode) -> None:
    SandboxFault.objects.plan("refunds.create", mode)
    refund = refunds.refund(order, by=fay, reason="She asked")
    with pytest.raises(Exception, match="provider"):
        work.run(Refund, refund.pk, refunds.send)
    refund.refresh_from_db()
    assert refund.state == "requested"
    SandboxKey.objects.all().delete()  # as after a day: the provider has forgotten our key
    refund.reopen()
    work.run(Refund, refund.pk, refunds.send)
    refund.refresh_from_db()
    assert refund.state == "done"
    assert SandboxRefund.objects.count() == 1


def test_a_refused_refund_leaves_the_purchase_and_tells_finance(order, lin, fay) -> None:
    SandboxFault.objects.plan("refunds.create", "400")
    refunds.refund(order, by=fay, reason="She asked")
    shop.send_refunds()
    order.refresh_from_db()
    assert (order.state, bool(order.flagged_at)) == ("paid", True)
    assert Enrollment.objects.of(lin).active().count() == 2
    refunds.refund(order, by=fay, reason="again")
    shop.send_refunds()
    order.refresh_from_db()
    assert order.state == "refunded"


def test_a_refund_made_at_the_providers_own_desk_is_adopted(order, lin) -> None:
    gateway().create_refund(charge_id=order.charge_id, amount=order.total, idempotency_key="desk:1", metadata={})
    shop.deliver_all(times=2)
    order.refresh_from_db()
    assert order.state == "refunded"
    assert order.refunds.get().cause == Refund.Cause.PROVIDER
    assert not Enrollment.objects.of(lin).active().exists()
    assert clearing() == oracle.balance()["USD"]


def test_a_foreign_refund_that_fits_no_item_is_flagged_and_changes_nothing(order) -> None:
    amount = Money(123, "USD")
    gateway().create_refund(charge_id=order.charge_id, amount=amount, idempotency_key="desk:2", metadata={})
    shop.deliver_all()
    order.refresh_from_db()
    assert (order.state, bool(order.flagged_at)) == ("paid", True)


def test_a_second_refund_of_the_same_wish_is_flagged_and_moves_nothing(order, lin, fay, courses) -> None:
    """The provider's list showed the first one for so long not that another was made, under another key."""
    refund = refunds.refund(order.items.get(course=courses[0]), by=fay, reason="Only this one")
    shop.send_refunds()
    first = SandboxRefund.objects.get().pk
    second = gateway().create_refund(
        charge_id=order.charge_id, amount=refund.amount, idempotency_key="refund:later",
        metadata={"refund": refund.provider_name},
    )  # fmt: skip
    shop.deliver_all(times=3, seed=2)
    assert not ProviderEvent.open_work().exists()
    order.refresh_from_db()
    refund.refresh_from_db()
    assert (refund.provider_refund_id, refund.state) == (first, "done")
    assert second.id in order.flag_reason
    with translation.override("zh-hans"):
        assert remarks.said(order.flag_reason) != order.flag_reason
    assert ReconBreak.objects.open().get(key=second.id).amount == refund.amount
    assert (order.state, Enrollment.objects.of(lin).active().count()) == ("paid", 1)
    desk.on_charge(order.charge_id, "fail_refund")
    shop.deliver_all()
    refund.refresh_from_db()
    assert refund.came_back_at is None, "it was the second one that came back"


def test_what_is_being_given_back_is_not_released(order, fay) -> None:
    refunds.refund(order, by=fay, reason="She asked")
    later = order.items.first().hold_until
    assert later > clock.now()
    assert not order.items.due_for_release(later).exists()
