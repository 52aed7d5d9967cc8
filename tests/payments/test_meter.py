"""The refund meter: what it shows is what is decided, by the buyer alone, once a course."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from accounts.models import User
from courses.models import Course
from learners import rights, watched
from learners.models import Enrollment, LessonProgress
from learners.watched import Watched
from marketplace.lib import clock
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from marketplace.lib.money import Money
from payments import checkout, ledger, meter, refunds, releases
from payments.models import AccountKind, MeterReading, Order, OrderItem, Refund
from payments.refund_rule import Kind, Reason
from payments.sandbox import oracle
from payments.sandbox.models import SandboxFault
from tests.courses.factories import add_lessons, make_course
from tests.learners.factories import watch
from tests.learners.test_watched import renew
from tests.payments import shop
from tests.payments.held import books_hold
from tests.payments.sales import pass_hold
from tests.payments.test_refund_rule import introduce

pytestmark = pytest.mark.django_db
PRICE = Money(2000, "USD")


@pytest.fixture
def course(db: None) -> Course:
    """Three films of 30 seconds, 20.00 USD."""
    return make_course(price=PRICE)


@pytest.fixture
def item(lin: User, course: Course) -> OrderItem:
    return shop.buy(lin, [course]).items.select_related("order__refund_rule", "course", "buyer").get()


def bought_ago(item: OrderItem, **ago: float) -> None:
    at = clock.now() - timedelta(**ago)
    Order.objects.filter(pk=item.order_id).update(paid_at=at)
    item.order.paid_at = at


def seen(item: OrderItem, seconds: int) -> None:
    """So many seconds of the course's films, from the first one on."""
    rows = []
    for lesson in item.course.live_lessons():
        part = min(seconds, lesson.duration_s)
        rows.append(LessonProgress(learner=item.buyer, course=item.course, lesson_key=lesson.key, covered_s=part))
        seconds -= part
    LessonProgress.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["learner", "lesson_key"], update_fields=["covered_s"]
    )


def take(item: OrderItem, amount: Money | None = None, by: Any = None) -> Refund:
    return meter.take_back(item, by=by or item.buyer, expected=amount or meter.of(item).offer.amount)


def test_what_was_just_bought_comes_back_whole(item) -> None:
    shown = meter.of(item)
    assert (shown.offer.kind, shown.offer.amount) == (Kind.WHOLE, PRICE)
    assert shown.offer.until == item.order.paid_at + timedelta(days=14)
    assert (shown.watched.length_s, shown.watch_left_s) == (90, 27)


def test_taken_back_whole_every_share_returns_and_the_right_ends_at_once(lin, item) -> None:
    refund = take(item)
    assert (refund.cause, refund.amount, refund.requested_by) == (Refund.Cause.METER, PRICE, lin)
    assert not rights.may_watch(lin, item.course.live_lessons().last())
    assert meter.of(item).offer.reason == Reason.UNDER_WAY
    shop.send_refunds()
    item.order.refresh_from_db()
    assert item.order.state == Order.State.REFUNDED
    assert oracle.refunds() == {item.order.charge_id: 2000}
    assert ledger.balance(AccountKind.CREATOR_PENDING, item.creator_id, "USD", "sandbox") == Money.zero("USD")
    assert books_hold()


def test_of_a_part_every_party_keeps_its_share_of_the_rest(item) -> None:
    seen(item, 36)
    shown = meter.of(item)
    assert (shown.offer.kind, shown.offer.amount, shown.kept) == (Kind.PART, Money(1200, "USD"), Money(800, "USD"))
    take(item)
    shop.send_refunds()
    item.refresh_from_db()
    assert (item.refunded, item.left, bool(item.refunded_at)) == (Money(1200, "USD"), Money(800, "USD"), True)
    assert ledger.balance(AccountKind.CREATOR_PENDING, item.creator_id, "USD", "sandbox") == Money(600, "USD")
    pass_hold()
    releases.release_due()
    assert ledger.balance(AccountKind.CREATOR_AVAILABLE, item.creator_id, "USD", "sandbox") == Money(600, "USD")
    assert books_hold()


def test_the_decision_keeps_the_numbers_that_it_was_made_by(item) -> None:
    seen(item, 36)
    bought_ago(item, days=20)
    refund = take(item)
    reading = MeterReading.objects.get()
    assert (reading.refund, reading.kind, reading.amount) == (refund, "part", Money(1200, "USD"))
    assert (reading.watched_s, reading.length_s, reading.rule) == (36, 90, item.order.refund_rule)


def test_both_sides_are_told_by_mail(lin, ada, item) -> None:
    seen(item, 36)
    refund = take(item)
    shop.send_refunds()
    to_lin, to_ada = (
        Mail.objects.get(key=key) for key in (f"refund:{refund.pk}", f"refund-notice:{refund.pk}:{ada.creator.pk}")
    )
    assert (to_lin.to, to_ada.to) == (lin.email, ada.email)
    assert "$12.00" in to_lin.text
    assert "left your library" in to_lin.text
    assert "$12.00 of $20.00" in to_ada.text
    assert "Your part of it is $9.00" in to_ada.text


def test_when_more_was_watched_in_between_nothing_happens_and_the_new_amount_is_told(lin, item) -> None:
    looked_at = meter.of(item).offer.amount
    watch(lin, item.course.live_lessons()[0], 30)
    with pytest.raises(meter.MeterMoved) as moved:
        take(item, looked_at)
    assert moved.value.facts == {"amount": Money(1333, "USD").as_json()}
    assert not Refund.objects.exists()
    assert take(item, Money(1333, "USD")).amount == Money(1333, "USD")


def test_after_the_course_was_completed_nothing_comes_back(lin, item) -> None:
    for ago, lesson in zip((200, 150, 40), item.course.live_lessons(), strict=True):
        watch(lin, lesson, 30, opened_ago=ago)
    assert meter.of(item).offer.reason == Reason.COMPLETED
    with pytest.raises(meter.NothingOffered):
        take(item, PRICE)


@pytest.mark.parametrize(("days", "seconds", "reason"), [(31, 0, Reason.TOO_LATE), (3, 55, Reason.WATCHED_TOO_MUCH)])
def test_beyond_the_rule_nothing_comes_back(item, days, seconds, reason) -> None:
    bought_ago(item, days=days)
    seen(item, seconds)
    assert meter.of(item).offer.reason == reason
    with pytest.raises(meter.NothingOffered):
        take(item, PRICE)


def test_nobody_else_takes_it_back(item, cole, fay, ada) -> None:
    for person in (cole, fay, ada):
        with pytest.raises(NotAllowed):
            take(item, by=person)


def test_the_same_course_comes_back_once(lin, course, item) -> None:
    take(item)
    shop.send_refunds()
    again = shop.buy(lin, [course]).items.get()
    assert meter.of(again).offer.reason == Reason.REFUNDED_BEFORE
    assert meter.before(lin, [course])[0].offer.reason == Reason.REFUNDED_BEFORE
    with pytest.raises(meter.NothingOffered):
        take(again, PRICE)


def test_what_finance_gave_back_does_not_count_as_taken_back(lin, fay, course, item) -> None:
    refunds.refund(item, by=fay, reason="The film was broken")
    shop.send_refunds()
    again = shop.buy(lin, [course]).items.get()
    assert meter.of(again).offer.kind == Kind.WHOLE


def test_when_the_provider_refuses_the_course_is_there_again_and_so_is_the_offer(lin, item) -> None:
    SandboxFault.objects.plan("refunds.create", "400")
    refund = take(item)
    shop.send_refunds()
    assert Enrollment.objects.of(lin).active().get().reference == item.order.number
    assert Mail.objects.filter(key=f"refund-failed:{refund.pk}", to=lin.email).exists()
    item.refresh_from_db()
    assert meter.of(item).offer.kind == Kind.WHOLE
    take(item)
    shop.send_refunds()
    assert oracle.refunds() == {item.order.charge_id: 2000}
    assert not Enrollment.objects.of(lin).active().exists()
    assert books_hold()


def test_what_was_given_as_goodwill_is_not_given_again(fay, item) -> None:
    refunds.refund(item, by=fay, reason="Sorry", amount=Money(500, "USD"), ends_access=False)
    shop.send_refunds()
    item.refresh_from_db()
    assert meter.of(item).offer.amount == Money(1500, "USD")
    take(item)
    shop.send_refunds()
    assert oracle.refunds() == {item.order.charge_id: 2000}
    assert books_hold()


def test_finance_may_give_the_rest_as_well(fay, item) -> None:
    seen(item, 36)
    take(item)
    shop.send_refunds()
    refunds.refund(item.order, by=fay, reason="She was right")
    shop.send_refunds()
    item.order.refresh_from_db()
    assert oracle.refunds() == {item.order.charge_id: 2000}
    assert item.order.state == Order.State.REFUNDED
    assert books_hold()


def test_an_order_keeps_the_rule_of_its_day(lin, fay, item) -> None:
    rule = introduce(fay, whole_days=1, whole_bps=0, part_days=2, part_bps=100)
    clock.advance(timedelta(days=3))
    later = shop.buy(lin, [make_course(title="Kilns", price=PRICE)]).items.get()
    assert later.order.refund_rule == rule
    seen(item, 20)
    assert meter.of(item).offer.kind == Kind.WHOLE
    seen(later, 1)
    assert meter.of(later).offer.reason == Reason.WATCHED_TOO_MUCH


def test_a_course_that_one_had_already_is_not_given_back_twice(lin, course) -> None:
    both = shop.start(lin, [course])
    Enrollment.objects.grant(learner=lin, course=course, source="staff")
    shop.pay(both)
    shop.deliver_all()
    shop.send_refunds()
    assert meter.of(OrderItem.objects.of_buyer(lin).get()).offer.reason == Reason.NOT_YOURS


def test_until_the_money_has_left_the_course_is_not_sold_again(lin, course, item) -> None:
    take(item)
    with pytest.raises(checkout.PurchaseNotClosed):
        shop.start(lin, [course])
    shop.send_refunds()
    assert shop.start(lin, [course]).is_open


def test_many_items_cost_as_many_queries_as_one(lin, item, django_assert_num_queries) -> None:
    shop.buy(lin, [make_course(title=f"Course {n}") for n in range(4)])
    for rows in (OrderItem.objects.of_buyer(lin)[:1], OrderItem.objects.of_buyer(lin)):
        items = list(rows)
        with django_assert_num_queries(8):
            meter.of_items(items)


def test_a_version_that_is_shorter_takes_no_offer_away_and_a_longer_one_counts(lin, course, item) -> None:
    """20 of 90 seconds are seen: the whole price comes back, whatever the creator takes out of the course later."""
    seen(item, 20)
    assert meter.of(item).offer.kind == Kind.WHOLE
    shorter = renew(course, lambda draft: [lesson.remove() for lesson in draft.lessons.in_order()[1:]])
    item.course = shorter
    assert watched.of(lin, shorter) == Watched(20, 30), "the control: of what is there now she has seen two thirds"
    shown = meter.of(item)
    assert (shown.offer.kind, shown.watched) == (Kind.WHOLE, Watched(20, 90))
    item.course = renew(shorter, lambda draft: add_lessons(draft, 4))
    assert meter.of(item).watched == Watched(20, 150)
    assert meter.take_back(item, by=lin, expected=PRICE).amount == PRICE


@pytest.mark.parametrize("days", [0, 40])
def test_a_version_that_came_after_the_purchase_is_shorter_by_any_clock(lin, course, days) -> None:
    """Where the sandbox clock was moved, what is published later has an earlier time than the payment before it."""
    if days:
        clock.advance(timedelta(days=days))
    bought = shop.buy(lin, [course]).items.select_related("order__refund_rule", "course", "buyer").get()
    seen(bought, 20)
    bought.course = renew(course, lambda draft: [lesson.remove() for lesson in draft.lessons.in_order()[1:]])
    assert (meter.of(bought).watched, meter.of(bought).offer.kind) == (Watched(20, 90), Kind.WHOLE)


def test_reading_a_decision_cannot_be_changed(item) -> None:
    take(item)
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        MeterReading.objects.update(watched_s=0)
