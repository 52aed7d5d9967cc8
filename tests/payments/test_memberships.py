"""Memberships: what is agreed, what a month is as an order, and which courses it opens."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from creators.models import Suspension
from learners.models import Enrollment
from learners.models.enrollment import AlreadyEnrolled
from marketplace.lib import clock
from marketplace.lib.errors import NotAllowed
from marketplace.lib.money import Money
from payments import ledger, meter
from payments.memberships import agreeing, rights
from payments.memberships.agreeing import Agreed, AlreadyMember, OwnMembership
from payments.models import AccountKind, Membership, MembershipCourse, MembershipMonth, MembershipOffer, Order
from payments.models.membership_offer import MembershipPriceRefused, NoMembership
from tests import cast
from tests.courses.factories import make_course
from tests.payments import shop
from tests.payments.held import books_hold
from tests.payments.membered import NINE, club, fresh, join, offer_of, open_course, start

pytestmark = pytest.mark.django_db


def balance(kind: AccountKind, owner: int | None = None) -> int:
    return ledger.balance(kind, owner, "USD", "sandbox").minor


class TestAnOffer:
    def test_is_a_version_that_its_creator_writes(self, ada: User) -> None:
        offer, _course = club()
        newer = offer_of(offer.creator, Money(1_200, "USD"))
        assert list(MembershipOffer.objects.of(offer.creator)) == [newer, offer]
        assert MembershipOffer.objects.present(offer.creator) == newer
        assert list(MembershipOffer.objects.open()) == [newer]

    def test_said_again_it_is_the_same(self, ada: User) -> None:
        offer, _course = club()
        assert offer_of(offer.creator) == offer

    def test_is_changed_by_nobody_else(self, ada: User, lin: User) -> None:
        offer, _course = club()
        with pytest.raises(NotAllowed):
            MembershipOffer.objects.choose(offer.creator, by=lin, price=NINE, name="Mine", is_open=True)
        with pytest.raises(NotAllowed):
            MembershipOffer.objects.choose(None, by=ada, price=NINE, name="All", is_open=True)

    def test_is_a_record(self, ada: User) -> None:
        club()
        with pytest.raises(IntegrityError), transaction.atomic():
            MembershipOffer.objects.update(price_minor=100)

    @pytest.mark.parametrize("price", [Money(99, "USD"), Money(10_001, "USD"), Money(0, "USD")])
    def test_has_limits_of_price(self, ada: User, price: Money) -> None:
        with pytest.raises(MembershipPriceRefused):
            club(price)

    def test_opens_what_is_on_sale_without_what_others_share_in(self, ada: User) -> None:
        offer, course = club()
        shared, _free = make_course(title="Shared"), make_course(title="Free", price=Money(0, "USD"))
        assert set(offer.courses()) == {course, shared}
        split(shared, ada)
        assert set(offer.courses()) == {course}

    def test_opens_only_the_marked_where_it_says_so(self, ada: User) -> None:
        offer, course = club(opens="marked")
        other = make_course(title="Other")
        assert not offer.courses().exists()
        assert MembershipCourse.objects.place(other, by=ada)
        assert not MembershipCourse.objects.place(other, by=ada)
        assert list(offer.courses()) == [other]
        assert MembershipCourse.objects.lift(other, by=ada)
        assert not offer.courses().exists()
        with pytest.raises(NotAllowed):
            MembershipCourse.objects.place(course, by=cast.cole())


class TestAgreeing:
    def test_the_first_month_is_an_order_of_its_own(self, ada: User, lin: User) -> None:
        offer, _course = club()
        membership = join(lin, offer)
        [order] = Order.objects.all()
        item = order.items.get()
        assert (order.total, item.course, item.creator, item.title) == (
            NINE, None, offer.creator, "A month of “The kiln club”",
        )  # fmt: skip
        assert item.granted_at
        assert (membership.state, membership.last_month) == ("running", 1)
        assert membership.customer_id
        assert membership.method_id
        month = MembershipMonth.objects.get()
        assert (month.number, month.order, month.ends_at) == (1, order, membership.paid_until)
        assert offer.creator
        assert balance(AccountKind.CREATOR_PENDING, offer.creator.pk) == 810
        assert balance(AccountKind.PLATFORM_REVENUE) == 90
        assert books_hold()

    def test_asked_twice_it_is_one_order(self, ada: User, lin: User) -> None:
        offer, _course = club()
        assert start(lin, offer) == start(lin, offer)
        assert Membership.objects.count() == 1

    def test_another_price_than_she_saw_is_shown_again(self, ada: User, lin: User) -> None:
        offer, _course = club()
        with pytest.raises(agreeing.PriceChanged):
            agreeing.start(lin, offer, Agreed(Money(800, "USD"), clock.now().date()))

    def test_a_closed_one_takes_nobody_new(self, ada: User, lin: User) -> None:
        offer, _course = club()
        offer.close(by=ada)
        with pytest.raises(NoMembership):
            start(lin, offer)

    def test_one_is_enough(self, ada: User, lin: User) -> None:
        offer, _course = club()
        join(lin, offer)
        with pytest.raises(AlreadyMember):
            start(lin, offer)
        with pytest.raises(OwnMembership):
            start(ada, offer)

    def test_two_that_are_paid_at_once_are_one_and_money_back(self, ada: User, lin: User) -> None:
        offer, _course = club()
        first = start(lin, offer)
        second = start(lin, offer_of(offer.creator, Money(1_200, "USD")))
        shop.pay(second)
        assert Order.objects.get(pk=first.pk).state == "expired"
        shop.deliver_all()
        assert Membership.objects.running().count() == 1

    def test_of_a_suspended_creator_there_is_none(self, ada: User, lin: User, sam: User) -> None:
        offer, _course = club()
        Suspension.objects.suspend(creator=ada.creator, by=sam, rule_code="x", reason="y")
        assert agreeing.offered(ada.creator) is None
        with pytest.raises(NoMembership):
            start(lin, offer)

    def test_what_was_agreed_stands(self, ada: User, lin: User) -> None:
        offer, _course = club()
        membership = join(lin, offer)
        for change in ({"total_minor": 1}, {"terms": {}}, {"first_on": "2020-01-01"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Membership.objects.filter(pk=membership.pk).update(**change)

    def test_switched_off_nobody_is_offered_one(self, ada: User, lin: User, settings) -> None:
        offer, _course = club()
        settings.KEZHAN_MEMBERSHIPS = False
        assert agreeing.offered(ada.creator) is None
        with pytest.raises(NoMembership):
            start(lin, offer)

    @pytest.mark.parametrize(("price", "platform"), [(Money(500, "JPY"), 50), (Money(3_000, "KWD"), 300)])
    def test_in_other_currencies(self, ada: User, lin: User, price: Money, platform: int) -> None:
        offer, _course = club(price)
        join(lin, offer)
        assert ledger.balance(AccountKind.PLATFORM_REVENUE, None, price.currency, "sandbox").minor == platform
        assert books_hold()


class TestThePass:
    def test_a_month_fills_the_pool(self, ada: User, lin: User) -> None:
        course = make_course()
        offer = offer_of(None, Money(2_000, "USD"), name="Kezhan pass")
        assert not offer.courses().exists()
        from payments.models import PassListing

        PassListing.objects.place(course, by=ada)
        join(lin, offer)
        assert balance(AccountKind.POOL) == 1_400
        assert balance(AccountKind.PLATFORM_REVENUE) == 600
        assert open_course(lin, course).source == "membership"
        assert books_hold()


class TestARight:
    def test_comes_with_the_first_opening(self, ada: User, lin: User) -> None:
        offer, course = club()
        membership = join(lin, offer)
        assert not Enrollment.objects.exists()
        right = open_course(lin, course)
        assert (right.source, right.reference, right.paused_at) == ("membership", membership.reference, None)
        assert open_course(lin, course) == right

    def test_nobody_else_has_it(self, ada: User, lin: User, cole: User) -> None:
        offer, course = club()
        join(lin, offer)
        with pytest.raises(rights.NotIncluded):
            open_course(cole, course)
        with pytest.raises(rights.NotIncluded):
            open_course(lin, shop.two_courses()[1])

    def test_a_bought_course_is_not_touched(self, ada: User, lin: User) -> None:
        offer, course = club()
        shop.buy(lin, [course])
        membership = join(lin, offer)
        with pytest.raises(AlreadyEnrolled):
            open_course(lin, course)
        fresh(membership).end("canceled", clock.now())
        assert Enrollment.objects.watchable().of(lin).filter(course=course).exists()

    def test_bought_it_is_hers_for_good(self, ada: User, lin: User) -> None:
        offer, course = club()
        membership = join(lin, offer)
        right = open_course(lin, course)
        order = shop.buy(lin, [course])
        right.refresh_from_db()
        assert (right.source, right.reference) == ("purchase", order.number)
        fresh(membership).end("canceled", clock.now())
        right.refresh_from_db()
        assert right.paused_at is None
        assert books_hold()

    def test_a_purchase_that_goes_back_leaves_it_to_the_membership(self, ada: User, lin: User) -> None:
        offer, course = club()
        join(lin, offer)
        open_course(lin, course)
        order = shop.buy(lin, [course])
        item = order.items.get()
        meter.take_back(item, by=lin, expected=item.price)
        shop.send_refunds()
        right = Enrollment.objects.of(lin).active().get(course=course)
        assert right.source == "membership"
        assert books_hold()


def split(course, ada: User) -> None:
    from payments.models import CourseSplit
    from tests.creators.factories import make_creator

    bea = make_creator(cast.person("Bea"))
    CourseSplit.objects.propose(course, [(bea, 1_000)], by=ada).accept(by=bea.user)
