"""Memberships where people, time and other acts get in each other's way: nobody pays for what she cannot have, and
nobody has for nothing what others pay.
"""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts import curbing
from accounts.models import User
from courses.models import Course
from learners.models import Enrollment
from marketplace.lib import clock, sweeps, work
from marketplace.lib.money import Money
from payments import carts, refunds
from payments.memberships import canceling, charging, ending, paying, rights, taking_back
from payments.models import Membership, MembershipCharge, MembershipCourse, MembershipMonth, Order, OrderItem, Refund
from payments.sandbox import desk, oracle
from payments.sandbox.models import SandboxFault
from tests.courses.factories import make_course
from tests.learners.factories import watch
from tests.payments import shop
from tests.payments.crowd import at_once
from tests.payments.held import books_hold
from tests.payments.in_parts import banks_answer
from tests.payments.membered import (
    NINE,
    charge_all,
    club,
    comes,
    fresh,
    join,
    next_month,
    offer_of,
    open_course,
    start,
    work_off,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def right(person: User, course: Course) -> Enrollment:
    return Enrollment.objects.of(person).active().get(course=course)


class TestPayingByHand:
    def test_is_for_the_last_days_alone(self, ada: User, lin: User) -> None:
        membership = join(lin, club()[0])
        with pytest.raises(paying.TooEarly):
            paying.pay(membership, by=lin)
        clock.advance(25 * DAY)
        shop.pay(paying.pay(membership, by=lin))
        shop.deliver_all()
        assert fresh(membership).last_month == 2
        with pytest.raises(paying.TooEarly):
            paying.pay(membership, by=lin)

    def test_ends_nothing_that_is_paid(self, ada: User, lin: User) -> None:
        offer, course = club()
        membership = join(lin, offer)
        open_course(lin, course)
        ending.announce(ada.creator, clock.now() + 40 * DAY, by=ada)
        membership = next_month(membership)
        for wait in (3 * DAY, 24 * DAY):
            clock.advance(wait)
            with pytest.raises(paying.TooEarly):
                paying.pay(membership, by=lin)
            assert fresh(membership).is_live
            assert right(lin, course).paused_at is None


class TestTheMeter:
    def test_opening_much_makes_nothing_less(self, ada: User, lin: User) -> None:
        offer, course = club()
        membership = join(lin, offer)
        open_course(lin, course)
        for n in range(4):
            open_course(lin, make_course(title=f"More {n}", lessons=3))
        for lesson in course.live_version.lessons.all():
            watch(lin, lesson, lesson.duration_s)
        shown = taking_back.of(membership)
        assert shown
        assert shown.watched.seconds
        assert not shown.amount
        with pytest.raises(taking_back.MonthStays):
            taking_back.take_back(membership, by=lin, expected=NINE)

    def test_once_a_year(self, ada: User, lin: User) -> None:
        offer, _course = club()
        taking_back.take_back(join(lin, offer), by=lin, expected=NINE)
        shop.send_refunds()
        again = join(lin, offer)
        shown = taking_back.of(again)
        assert shown
        assert not shown.amount
        clock.advance(366 * DAY)

    def test_what_another_membership_opens_by_now_still_counts(self, ada: User, lin: User, fay: User) -> None:
        from payments.models import PassListing

        offer, course = club()
        PassListing.objects.place(course, by=ada)
        by_pass = join(lin, offer_of(None, Money(2_000, "USD"), name="Pass"))
        open_course(lin, course)
        for lesson in course.live_version.lessons.all():
            watch(lin, lesson, lesson.duration_s)
        join(lin, offer)
        open_course(lin, course)
        shown = taking_back.of(by_pass)
        assert shown
        assert not shown.amount


class TestComingBack:
    def test_wakes_what_was_opened_before(self, ada: User, lin: User) -> None:
        offer, course = club()
        membership = join(lin, offer)
        open_course(lin, course)
        canceling.cancel(membership, by=lin)
        next_month(membership)
        assert right(lin, course).paused_at
        again = join(lin, offer)
        assert (right(lin, course).paused_at, right(lin, course).reference) == (None, again.reference)
        assert books_hold()

    def test_the_courses_page_leads_there(self, ada: User, lin: User) -> None:
        offer, course = club()
        membership = join(lin, offer)
        open_course(lin, course)
        canceling.cancel(membership, by=lin)
        next_month(membership)
        client = Client()
        client.force_login(lin)
        page = client.get(course.get_absolute_url()).content.decode()
        assert "Included in" in page
        assert "Buy this course" in page


class TestALentCourse:
    def test_is_bought_by_the_cart(self, ada: User, lin: User) -> None:
        offer, course = club()
        join(lin, offer)
        open_course(lin, course)
        carts.put(lin, {}, course)
        order = shop.buy(lin, [course])
        assert right(lin, course).reference == order.number

    def test_counts_as_a_learner_once_it_is_bought(self, ada: User, lin: User) -> None:
        offer, course = club()
        before = Course.objects.get(pk=course.pk).learners_count
        join(lin, offer)
        open_course(lin, course)
        assert Course.objects.get(pk=course.pk).learners_count == before
        shop.buy(lin, [course])
        assert Course.objects.get(pk=course.pk).learners_count == before + 1

    def test_that_becomes_free_stays_open(self, ada: User, lin: User) -> None:
        offer, course = club()
        make_course(title="Another")
        membership = join(lin, offer)
        open_course(lin, course)
        Course.objects.get(pk=course.pk).set_price(Money(0, "USD"), by=ada)
        next_month(membership)
        assert right(lin, course).paused_at is None


class TestWhatIsGivenBack:
    def test_of_an_older_month_ends_nothing(self, ada: User, lin: User, fay: User) -> None:
        membership = next_month(join(lin, club()[0]))
        item = OrderItem.objects.get(order__month=1)
        refunds.refund(item, by=fay, reason="Kindness", amount=Money(100, "USD"))
        shop.send_refunds()
        assert fresh(membership).is_live
        assert books_hold()

    def test_of_the_present_one_ends_it(self, ada: User, lin: User, fay: User) -> None:
        membership = next_month(join(lin, club()[0]))
        refunds.refund(OrderItem.objects.get(order__month=2), by=fay, reason="Kindness")
        assert fresh(membership).end_reason == "refunded"

    def test_that_the_provider_refuses_is_told(self, ada: User, lin: User) -> None:
        from marketplace.lib.emails import Mail

        membership = join(lin, club()[0])
        taking_back.take_back(membership, by=lin, expected=NINE)
        SandboxFault.objects.plan("refunds.create", "400")
        shop.send_refunds()
        assert Refund.objects.get().state == "failed"
        assert Mail.objects.filter(key__startswith="refund-failed:").exists()


class TestWhatStopsNothing:
    def test_a_dispute_does_not_keep_what_was_canceled_open(self, ada: User, lin: User) -> None:
        offer, course = club()
        membership = join(lin, offer)
        open_course(lin, course)
        clock.advance(25 * DAY)
        desk.on_charge(Order.objects.get().charge_id, "dispute")
        shop.deliver_all()
        canceling.cancel(membership, by=lin)
        comes(membership)
        charge_all()
        assert fresh(membership).end_reason == "canceled"
        assert right(lin, course).paused_at

    def test_a_row_that_cannot_be_done_keeps_no_other_from_its_month(
        self, ada: User, lin: User, cole: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        offer, _course = club()
        first, second = join(lin, offer), join(cole, offer)
        comes(second)
        real = charging.begin

        def begin(pk: int) -> bool:
            if pk == first.pk:
                raise RuntimeError("broken")
            return real(pk)

        monkeypatch.setattr(charging, "begin", begin)
        with pytest.raises(sweeps.SweepFailed):
            charging.look_after()
        work_off()
        assert fresh(second).last_month == 2

    def test_a_month_that_is_over_is_not_taken(self, ada: User, lin: User) -> None:
        membership = join(lin, club()[0])
        comes(membership)
        charging.look_after()
        clock.advance(40 * DAY)
        work_off()
        assert len(oracle.charges()) == 1
        assert MembershipCharge.objects.get().state == "failed"
        assert fresh(membership).failed_tries == 0
        charge_all()
        assert MembershipMonth.objects.order_by("-number")[0].ends_at > clock.now()
        assert len(oracle.charges()) == 2

    def test_the_last_days_of_a_month_are_not_sold(self, ada: User, lin: User) -> None:
        membership = join(lin, club()[0])
        comes(membership)
        clock.advance(25 * DAY)
        charge_all()
        assert len(oracle.charges()) == 1
        assert fresh(membership).next_at > clock.now()

    def test_a_first_month_that_comes_when_it_is_over_goes_back(self, ada: User, lin: User) -> None:
        order = start(lin, club()[0])
        shop.pay(order)
        clock.advance(40 * DAY)
        shop.deliver_all()
        shop.send_refunds()
        assert not Membership.objects.running().exists()
        assert list(oracle.refunds().values()) == [900]
        assert books_hold()

    def test_a_dispute_between_the_try_and_the_call_stops_the_call(self, ada: User, lin: User) -> None:
        membership = join(lin, club()[0])
        comes(membership)
        charging.look_after()
        desk.on_charge(Order.objects.get(month=1).charge_id, "dispute")
        shop.deliver_all()
        work_off()
        assert len(oracle.charges()) == 1
        assert fresh(membership).failed_tries == 0

    def test_a_try_that_was_given_up_is_seen(self, ada: User, lin: User) -> None:
        membership = join(lin, club()[0])
        comes(membership)
        charging.look_after()
        row = MembershipCharge.objects.get()
        row.bury("nobody answers")
        assert Order.objects.get(month=2).flagged_at
        assert list(Membership.objects.in_trouble()) == [membership]


class TestAnOfferThatOpensNothing:
    def test_ends_after_a_day_and_the_rest_goes_back(self, ada: User, lin: User) -> None:
        offer, course = club(opens="marked")
        MembershipCourse.objects.place(course, by=ada)
        membership = join(lin, offer)
        MembershipCourse.objects.lift(course, by=ada)
        charge_all()
        assert fresh(membership).is_live
        MembershipCourse.objects.place(course, by=ada)
        charge_all()
        assert fresh(membership).empty_since is None
        MembershipCourse.objects.lift(course, by=ada)
        charge_all()
        clock.advance(2 * DAY)
        charge_all()
        shop.send_refunds()
        assert fresh(membership).end_reason == "creator_gone"
        [back] = oracle.refunds().values()
        assert 780 < back < 870
        assert books_hold()


def test_a_barred_member_can_cancel(ada: User, lin: User, sam: User) -> None:
    membership = join(lin, club()[0])
    curbing.impose("bar", lin, by=sam, rule_code="respect", rule_version=1, reason="Insults")
    client = Client()
    client.force_login(User.objects.get(pk=lin.pk))
    assert client.post(reverse("payments:cancel_membership", args=[membership.token])).status_code == 302
    assert fresh(membership).canceled_at


def test_a_month_has_no_course_and_a_course_no_month(ada: User, lin: User) -> None:
    from django.db import IntegrityError, transaction

    offer, course = club()
    join(lin, offer)
    shop.start(lin, [course])
    of_course = OrderItem.objects.get(course=course)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO payments_orderitem SELECT (jsonb_populate_record(i, jsonb_build_object("
            "'id', 999999, 'course_id', NULL))).* FROM payments_orderitem i WHERE i.id = %s",
            [of_course.pk],
        )


@pytest.mark.django_db(transaction=True)
def test_opening_against_a_purchase_leaves_the_purchase(ada: User, lin: User) -> None:
    offer, course = club()
    join(lin, offer)
    open_course(lin, course)
    order = shop.start(lin, [course])
    shop.pay(order)
    at_once(lambda n: shop.deliver_all() if n else rights.open_course(lin, course), 2)
    mine = right(lin, course)
    assert (mine.source, mine.reference) == ("purchase", order.number)
    assert books_hold()


def test_work_is_named(ada: User, lin: User) -> None:
    banks_answer("card_declined")
    membership = join(lin, club()[0])
    comes(membership)
    charging.look_after()
    assert str(MembershipCharge.objects.get()).startswith("try 1")
    for pk in MembershipCharge.open_work().values_list("pk", flat=True):
        work.run(MembershipCharge, pk, charging.carry_out)
