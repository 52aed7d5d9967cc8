"""Coupons: who may make them, what they promise, and that a code which is not valid says nothing more than that."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, User
from courses.models import Course
from learners.models import Enrollment
from marketplace.lib import clock
from marketplace.lib.errors import NotAllowed
from marketplace.lib.money import Money
from payments import checkout, coupons, invariants, ledger, pricing, taking
from payments.coupons import figures
from payments.coupons.tries import OF_ADDRESS, OF_PERSON, CodesNotReadable, TooManyCodes
from payments.gateway import GatewayRefused
from payments.models import AccountKind, Coupon, CouponUse, Order, Refund
from payments.models.coupon import CODE, CodeTaken, CouponEnded, as_code, new_code
from payments.models.coupon_use import CouponNotValid, CouponUsedBefore
from payments.sandbox import oracle
from payments.sandbox.models import SandboxFault
from tests.courses.factories import make_course
from tests.payments import shop

pytestmark = pytest.mark.django_db


def coupon_of(user: User, **terms: Any) -> Coupon:
    """25 % off all courses of `user`, or what `terms` say."""
    return Coupon.objects.make(by=user, creator=user.creator, **{"kind": "percent", "value": 2500, **terms})


def platform_coupon(fay: User, **terms: Any) -> Coupon:
    """25 % off all courses, at most 100 dollars, or what `terms` say."""
    limit = {} if terms.get("kind") == "amount" else {"most_minor": 10_000, "most_currency": "USD"}
    return Coupon.objects.make(by=fay, **{"kind": "percent", "value": 2500, "cap_total": 100, **limit, **terms})


def found(code: str, buyer: User, address: str = "") -> Coupon:
    return coupons.find(code, buyer=buyer, at=clock.now(), address=address)


class TestMaking:
    def test_a_creators_coupon_is_borne_by_her_and_the_platforms_by_the_platform(self, ada, fay) -> None:
        assert coupon_of(ada).bearer == "creator"
        assert platform_coupon(fay).bearer == "platform"
        assert AuditEvent.objects.filter(verb="coupon.make").count() == 2

    def test_nobody_else_makes_one_for_a_creator_or_for_the_platform(self, ada, cole) -> None:
        with pytest.raises(NotAllowed):
            Coupon.objects.make(by=cole, creator=ada.creator, kind="free")
        with pytest.raises(NotAllowed):
            Coupon.objects.make(by=ada, kind="free")

    def test_a_code_that_is_not_chosen_cannot_be_guessed(self) -> None:
        made = {new_code() for _n in range(200)}
        assert len(made) == 200
        assert all(CODE.fullmatch(code) and len(code) == 10 for code in made)

    def test_a_code_is_one_however_it_is_typed(self, ada) -> None:
        coupon_of(ada, code="spring-26")
        assert Coupon.objects.named(" Spring-26\n").code == "SPRING-26"
        with pytest.raises(CodeTaken):
            coupon_of(ada, code="SPRING-26")

    @pytest.mark.parametrize("typed", ["", "ab", "a" * 25, "-abcd", "spring!", "春天来了", "a\x00bcd"])
    def test_what_cannot_be_a_code_is_none(self, typed) -> None:
        assert as_code(typed) == ""

    @pytest.mark.parametrize(
        ("terms", "field"),
        [
            ({"value": 0}, "value"),
            ({"value": 10_000}, "value"),
            ({"kind": "amount", "value": 500}, "value"),
            ({"kind": "fixed_price", "value": 10, "currency": "USD"}, "value"),
            ({"kind": "amount", "value": 150, "currency": "TWD"}, "value"),
            ({"kind": "free", "value": 1}, "value"),
            ({"min_amount_minor": 100}, "currency"),
            ({"cap_total": 0}, "cap_total"),
            ({"code": "x"}, "code"),
        ],
    )
    def test_terms_that_nobody_could_use_are_refused(self, ada, terms, field) -> None:
        with pytest.raises(ValidationError) as refused:
            coupon_of(ada, **terms)
        assert field in refused.value.message_dict

    @pytest.mark.parametrize(
        "terms",
        [
            {"most_minor": 0, "most_currency": ""},
            {"kind": "free", "value": 0, "most_currency": ""},
            {"currency": "EUR"},
            {"kind": "amount", "value": 500, "currency": "USD", "most_minor": 500, "most_currency": "USD"},
        ],
    )
    def test_the_platforms_says_what_one_order_may_cost(self, fay, terms) -> None:
        with pytest.raises(ValidationError) as refused:
            platform_coupon(fay, **terms)
        assert "most" in refused.value.message_dict

    def test_a_creators_has_no_such_limit(self, ada, fay) -> None:
        with pytest.raises(ValidationError):
            coupon_of(ada, most_minor=500, most_currency="USD")
        coupon = platform_coupon(fay)
        assert coupon.words == "25% off, at most $100.00 off an order"
        with pytest.raises(IntegrityError), transaction.atomic():
            Coupon.objects.filter(pk=coupon.pk).update(most_minor=0, most_currency="")

    def test_the_platforms_says_for_how_many_orders_it_is(self, ada, fay) -> None:
        with pytest.raises(ValidationError) as refused:
            platform_coupon(fay, cap_total=None)
        assert "cap_total" in refused.value.message_dict
        assert coupon_of(ada).cap_total is None
        coupon = platform_coupon(fay)
        with pytest.raises(IntegrityError, match="coupon_of_platform_has_a_cap"), transaction.atomic():
            Coupon.objects.filter(pk=coupon.pk).update(cap_total=None)

    def test_a_creator_lowers_her_own_courses_only(self, ada) -> None:
        glazes = shop.two_courses()[1]
        with pytest.raises(ValidationError):
            coupon_of(ada, courses=[glazes])

    def test_the_database_holds_who_bears_it_and_how_many_seats_there_are(self, ada) -> None:
        coupon = coupon_of(ada, cap_total=2)
        for wrong in ({"bearer": "platform"}, {"seats_taken": 3}, {"value": 0}, {"currency": "XXX"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Coupon.objects.filter(pk=coupon.pk).update(**wrong)

    def test_an_ended_one_stays_ended_and_says_by_whom(self, ada, cole) -> None:
        coupon = coupon_of(ada)
        with pytest.raises(NotAllowed):
            coupon.end(by=cole)
        coupon.end(by=ada, reason="Too dear")
        assert (coupon.ended_by, coupon.end_reason) == (ada, "Too dear")
        with pytest.raises(CouponEnded):
            coupon.end(by=ada)


class TestFinding:
    def test_unknown_ended_early_late_and_full_codes_get_one_answer(self, ada, lin, cole) -> None:
        now = clock.now()
        ended, full = coupon_of(ada, code="ENDED"), coupon_of(ada, code="FULL", cap_total=1)
        ended.end(by=ada)
        coupon_of(ada, code="EARLY", starts_at=now + timedelta(days=1))
        coupon_of(ada, code="LATE", starts_at=now - timedelta(days=2), ends_at=now - timedelta(days=1))
        Coupon.objects.filter(pk=full.pk).update(seats_taken=1)
        answers = set()
        for code in ("UNKNOWN", "ENDED", "FULL", "EARLY", "LATE", "", "春", "x" * 5000):
            with pytest.raises(CouponNotValid) as refused:
                found(code, lin)
            answers.add((type(refused.value), str(refused.value), refused.value.status))
        assert len(answers) == 1

    def test_a_person_who_guesses_is_stopped_and_then_even_the_right_code_is_not_looked_at(self, ada, lin) -> None:
        coupon_of(ada, code="RIGHT")
        for n in range(OF_PERSON):
            with pytest.raises(CouponNotValid):
                found(f"WRONG-{n}", lin)
        with pytest.raises(TooManyCodes):
            found("RIGHT", lin)

    def test_an_address_that_guesses_is_stopped_whoever_asks(self, ada, lin, cole) -> None:
        coupon_of(ada, code="RIGHT")
        for n in range(OF_ADDRESS):
            cache.delete(f"codes.person.{cole.pk}")
            with pytest.raises(CouponNotValid):
                found(f"WRONG-{n}", cole, "203.0.113.9")
        with pytest.raises(TooManyCodes):
            found("RIGHT", lin, "203.0.113.9")
        assert found("RIGHT", lin, "203.0.113.10").code == "RIGHT"

    def test_right_codes_do_not_count(self, ada, lin) -> None:
        coupon_of(ada, code="RIGHT")
        for _n in range(OF_PERSON + 2):
            assert found("RIGHT", lin)

    def test_without_valkey_no_code_is_looked_at(self, ada, lin, settings) -> None:
        coupon_of(ada, code="RIGHT")
        nowhere = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
        settings.CACHES = {"default": nowhere}
        with pytest.raises(CodesNotReadable):
            found("RIGHT", lin)


class TestDiscounts:
    def test_only_the_courses_that_it_is_for_are_lowered(self, ada) -> None:
        pottery, glazes = shop.two_courses()
        assert coupons.discounts_for(coupon_of(ada), [pottery, glazes], at=clock.now()).off == {
            pottery.pk: Money(500, "USD")
        }

    def test_a_coupon_for_other_courses_says_so(self, ada) -> None:
        pottery, glazes = shop.two_courses()
        other = make_course(title="Kilns", lessons=1)
        for coupon in (coupon_of(ada, courses=[other]), coupon_of(ada, currency="EUR")):
            with pytest.raises(coupons.CouponNotForThese):
                coupons.discounts_for(coupon, [pottery, glazes], at=clock.now())

    def test_the_least_amount_and_number_are_of_its_own_courses(self, ada, fay) -> None:
        both = shop.two_courses()
        with pytest.raises(coupons.CouponNotForThese):
            coupons.discounts_for(coupon_of(ada, currency="USD", min_amount_minor=2500), both, at=clock.now())
        with pytest.raises(coupons.CouponNotForThese):
            coupons.discounts_for(coupon_of(ada, min_courses=2), both, at=clock.now())
        wide = platform_coupon(fay, currency="USD", min_amount_minor=4999, min_courses=2)
        assert sum(off.minor for off in coupons.discounts_for(wide, both, at=clock.now()).off.values()) == 1250


class TestWhatThePlatformBears:
    """Creators set the prices, and what the platform bears is their income: a price is no way to more of it."""

    @pytest.fixture
    def pottery(self) -> Course:
        return shop.two_courses()[0]

    def off(self, coupon: Coupon, *courses: Course) -> list[int]:
        found = coupons.discounts_for(coupon, courses, at=clock.now()).off
        return [found[course.pk].minor for course in courses]

    def test_a_course_that_was_bought_meanwhile_costs_it_nothing(self, fay, lin, pottery) -> None:
        """Two tabs: one order is paid, and then comes the other, by a code that leaves nothing to pay."""
        plain = shop.start(lin, [pottery])
        code = platform_coupon(fay, kind="free", value=0).code
        quote = pricing.price_up(lin, [pottery], coupon_code=code, at=clock.now())
        free = Order.objects.place(buyer=lin, quote=quote, language="en")
        shop.pay(plain)
        shop.deliver_all()
        taking.take_nothing(free.pk)
        shop.send_refunds()
        free.refresh_from_db()
        assert (free.state, Refund.objects.get().order) == (Order.State.REFUNDED, free)
        assert ledger.balance(AccountKind.PROMOTIONS, None, "USD", "sandbox") == Money.zero("USD")
        assert Enrollment.objects.of(lin).active().get().reference == plain.number
        assert not any(invariants.breaks(ask_provider=True).values())

    def test_a_price_that_was_raised_for_a_code_makes_nobody_richer(self, ada, fay, lin, pottery) -> None:
        coupon = platform_coupon(fay, kind="free", value=0, most_minor=999_999)
        pottery.set_price(Money(499_900, "USD"), by=ada)
        pottery.refresh_from_db()
        order = start(lin, [pottery], coupon)
        item = order.items.get()
        assert (item.list_minor, item.discount_minor, item.price_minor, item.promotion_minor) == (
            499_900,
            1999,
            497_901,
            1999,
        )

    def test_after_thirty_days_it_is_the_price(self, ada, fay, pottery) -> None:
        coupon = platform_coupon(fay, kind="free", value=0)
        pottery.set_price(Money(5_000, "USD"), by=ada)
        pottery.refresh_from_db()
        assert self.off(coupon, pottery) == [1999]
        clock.advance(timedelta(days=31))
        assert self.off(coupon, pottery) == [5_000]

    def test_a_creators_own_code_goes_by_the_price_of_today(self, ada, pottery) -> None:
        pottery.set_price(Money(5_000, "USD"), by=ada)
        pottery.refresh_from_db()
        assert self.off(coupon_of(ada), pottery) == [1250]

    def test_what_was_dear_from_the_first_day_costs_the_platform_the_most_and_no_more(self, fay, lin) -> None:
        dear = make_course(title="Kilns", price=Money(499_900, "USD"), lessons=1)
        order = start(lin, [dear], platform_coupon(fay, kind="free", value=0))
        item = order.items.get()
        assert (item.discount_minor, item.promotion_minor, item.price_minor) == (10_000, 10_000, 489_900)

    def test_a_code_for_every_currency_takes_about_as_much_in_each(self, fay) -> None:
        coupon = platform_coupon(fay, kind="free", value=0)
        assert coupon.most_in("JPY") == Money(15_000, "JPY")
        assert coupon.most_in("TWD") == Money(300_000, "TWD")

    def test_a_part_of_a_bundle_is_lowered_by_no_more_than_the_course_was_asked_for(self, ada, fay, pottery) -> None:
        pottery.set_price(Money(499_900, "USD"), by=ada)
        pottery.refresh_from_db()
        coupon = platform_coupon(fay, kind="free", value=0)
        taken = coupons.discounts_for(coupon, [pottery], {pottery.pk: Money(400_000, "USD")}, at=clock.now())
        assert taken == ({pottery.pk: Money(1999, "USD")}, True)

    @pytest.mark.parametrize("rest", [1, 49])
    def test_a_rest_that_is_less_than_a_payment_is_made_one(self, ada, fay, lin, pottery, rest: int) -> None:
        pottery.set_price(Money(1999 + rest, "USD"), by=ada)
        pottery.refresh_from_db()
        order = start(lin, [pottery], platform_coupon(fay, kind="free", value=0))
        assert (order.discount.minor, order.total.minor) == (1949 + rest, 50)

    def test_so_is_what_the_most_leaves_of_an_order(self, fay, lin) -> None:
        dear = make_course(title="Kilns", price=Money(10_030, "USD"), lessons=1)
        order = start(lin, [dear], platform_coupon(fay, kind="free", value=0))
        assert (order.discount.minor, order.total.minor) == (9_980, 50)

    def test_where_the_rest_of_the_least_payment_would_be_left_it_takes_nothing_and_keeps_no_seat(
        self, fay, lin, client: Client
    ) -> None:
        cheap = make_course(title="Beads", price=Money(50, "USD"), lessons=1)
        coupon = platform_coupon(fay, kind="free", value=0, most_minor=30)
        with pytest.raises(coupons.CouponNotForThese, match="nothing off so small an order"):
            start(lin, [cheap], coupon)
        client.force_login(lin)
        client.post(reverse("payments:take_code"), {"code": coupon.code})
        page = client.get(reverse("payments:checkout") + f"?course={cheap.slug}").content.decode()
        assert "takes nothing off so small an order" in page
        order = checkout.start(buyer=lin, courses=[cheap])
        order.expire()
        assert (seats(coupon), CouponUse.objects.count(), invariants.breaks()["C3 seats"]) == (0, 0, [])

    def test_what_leaves_nothing_or_enough_stays(self, fay, pottery) -> None:
        assert self.off(platform_coupon(fay, kind="free", value=0), pottery) == [1999]
        dear = make_course(title="Kilns", price=Money(10_050, "USD"), lessons=1)
        assert self.off(platform_coupon(fay, kind="free", value=0), dear) == [10_000]

    def test_the_buyer_reads_that_a_lower_price_of_late_counts(self, ada, fay, lin, pottery, client: Client) -> None:
        coupon = platform_coupon(fay, kind="fixed_price", value=900, currency="USD")
        assert not coupons.discounts_for(coupon, [pottery], at=clock.now()).is_by_lowest
        pottery.set_price(Money(5_000, "USD"), by=ada)
        client.force_login(lin)
        client.post(reverse("payments:take_code"), {"code": coupon.code})
        page = client.get(reverse("payments:checkout") + f"?course={pottery.slug}").content.decode()
        assert "Reckoned from the lowest price of the last 30 days." in page

    def test_where_it_takes_nothing_off_the_lowest_it_says_so(self, ada, fay, pottery) -> None:
        pottery.set_price(Money(900, "USD"), by=ada)
        pottery.set_price(Money(5_000, "USD"), by=ada)
        pottery.refresh_from_db()
        coupon = platform_coupon(fay, kind="fixed_price", value=900, currency="USD")
        with pytest.raises(coupons.CouponNotForThese, match="lowest price of the last 30 days, and takes nothing"):
            self.off(coupon, pottery)


class TestSeats:
    @pytest.fixture
    def courses(self) -> list[Course]:
        return shop.two_courses()

    def test_the_price_is_lowered_and_the_creator_bears_it(self, ada, lin, courses) -> None:
        coupon = coupon_of(ada)
        order = buy(lin, courses, coupon)
        pottery, glazes = order.items.order_by("course_id")
        assert (order.subtotal.minor, order.discount.minor, order.total.minor) == (4999, 500, 4499)
        assert (pottery.list_minor, pottery.discount_minor, pottery.price_minor) == (1999, 500, 1499)
        assert (pottery.platform_minor, pottery.creator_minor, pottery.promotion_minor) == (
            45,
            1454,
            0,
        )  # her code is her own link
        assert (glazes.discount_minor, glazes.discount_bearer, glazes.price_minor) == (0, "", 3000)
        assert oracle.charges() == {order.charge_id: 4499}

    def test_a_discount_of_the_platform_costs_the_creators_nothing(self, fay, lin, courses) -> None:
        order = buy(lin, courses, platform_coupon(fay))
        assert [item.creator_minor for item in order.items.order_by("course_id")] == [1499, 2250]
        assert sum(item.promotion_minor for item in order.items.all()) == 1250
        assert all(book.difference == Money.zero("USD") for book in ledger.trial_balance())

    def test_a_seat_is_reserved_with_the_order_and_used_when_it_is_paid(self, ada, lin, courses) -> None:
        coupon = coupon_of(ada, cap_total=3)
        order = start(lin, courses, coupon)
        assert (order.coupon_use.state, seats(coupon)) == ("reserved", 1)
        shop.pay(order)
        shop.deliver_all()
        assert (state_of(order), seats(coupon)) == ("used", 1)

    def test_going_to_pay_again_takes_no_second_seat(self, ada, lin, courses) -> None:
        coupon = coupon_of(ada, cap_total=1)
        assert start(lin, courses, coupon) == start(lin, courses, coupon)
        assert seats(coupon) == 1

    def test_the_last_seat_is_gone_while_somebody_pays(self, ada, lin, cole, courses) -> None:
        coupon = coupon_of(ada, cap_total=1)
        start(lin, courses, coupon)
        with pytest.raises(CouponNotValid):
            start(cole, courses, coupon)

    def test_an_order_that_expires_gives_its_seat_to_the_next(self, ada, lin, cole, courses) -> None:
        coupon = coupon_of(ada, cap_total=1)
        order = start(lin, courses, coupon)
        checkout.withdraw(order)
        assert (state_of(order), seats(coupon)) == ("released", 0)
        assert start(cole, courses, coupon).coupon_use.state == "reserved"

    def test_the_sweeper_releases_the_seat_of_an_order_that_was_left(self, ada, lin, courses) -> None:
        coupon = coupon_of(ada, cap_total=1)
        start(lin, courses, coupon)
        clock.advance(timedelta(hours=3))
        shop.sweep_orders()
        assert seats(coupon) == 0

    def test_a_refused_payment_page_releases_the_seat(self, ada, lin, courses) -> None:
        coupon = coupon_of(ada, cap_total=1)
        SandboxFault.objects.plan("checkout.sessions.create", "400")
        with pytest.raises(GatewayRefused):
            start(lin, courses, coupon)
        assert seats(coupon) == 0

    def test_changing_the_basket_moves_the_seat(self, ada, lin, courses) -> None:
        coupon = coupon_of(ada, cap_total=1)
        first = start(lin, courses, coupon)
        second = start(lin, courses[:1], coupon)
        assert (state_of(first), state_of(second), seats(coupon)) == ("released", "reserved", 1)

    def test_a_person_uses_a_code_as_often_as_she_may(self, ada, lin, courses) -> None:
        coupon = coupon_of(ada)
        buy(lin, courses[:1], coupon)
        kilns = make_course(title="Kilns", lessons=1)
        with pytest.raises(CouponUsedBefore):
            start(lin, [kilns], coupon)

    def test_who_pays_an_ended_coupon_that_she_had_reserved_keeps_its_price(self, ada, lin, courses) -> None:
        coupon = coupon_of(ada)
        order = start(lin, courses, coupon)
        coupon.end(by=ada)
        shop.pay(order)
        shop.deliver_all()
        order.refresh_from_db()
        assert (order.state, order.total.minor, state_of(order)) == ("paid", 4499, "used")

    def test_money_that_comes_after_the_seat_was_given_on_keeps_its_price_beside_the_seats(
        self, ada, lin, cole, courses
    ) -> None:
        coupon = coupon_of(ada, cap_total=1)
        late = start(lin, courses, coupon)
        late.expire()  # behind the provider's back, whose page is still open
        buy(cole, courses, coupon)
        shop.pay(late)
        shop.deliver_all()
        use = CouponUse.objects.get(order=late)
        assert (use.state, use.is_beyond_cap, seats(coupon)) == ("used", True, 1)

    def test_a_total_that_cannot_be_charged_is_refused(self, ada, lin, courses) -> None:
        coupon = coupon_of(ada, kind="amount", value=1980, currency="USD")
        with pytest.raises(checkout.TotalTooSmall):
            start(lin, courses[:1], coupon)
        assert seats(coupon) == 0

    def test_a_free_course_of_its_creator_is_paid_at_once_and_shares_nothing(self, ada, lin, courses) -> None:
        coupon = coupon_of(ada, kind="free", value=0, cap_total=1)
        order = checkout.start(buyer=lin, courses=courses[:1], coupon_code=coupon.code)
        item = order.items.get()
        assert (order.state, order.charge_id, state_of(order), seats(coupon)) == ("paid", None, "used", 1)
        assert (item.price_minor, item.platform_minor, item.creator_minor) == (0, 0, 0)
        assert Enrollment.objects.of(lin).active().get().course == courses[0]
        assert oracle.charges() == {}
        assert ledger.trial_balance() == []

    def test_what_costs_nothing_and_is_hers_already_is_not_given_back(self, ada, lin, courses) -> None:
        coupon = coupon_of(ada, kind="free", value=0)
        quote = pricing.price_up(lin, courses[:1], coupon_code=coupon.code, at=clock.now())
        order = Order.objects.place(buyer=lin, quote=quote, language="en")
        Enrollment.objects.grant(learner=lin, course=courses[0], source="purchase", reference="elsewhere")
        taking.take_nothing(order.pk)
        assert (order.refunds.count(), Order.objects.get(pk=order.pk).state) == (0, "paid")
        assert Enrollment.objects.of(lin).active().count() == 1

    def test_what_the_platform_gives_for_nothing_is_paid_to_the_creator_by_the_platform(
        self, fay, lin, courses
    ) -> None:
        order = checkout.start(
            buyer=lin, courses=courses[:1], coupon_code=platform_coupon(fay, kind="free", value=0).code
        )
        creator = courses[0].creator_id
        assert order.state == "paid"
        assert ledger.balance(AccountKind.CREATOR_PENDING, creator, "USD", "sandbox").minor == 1499
        assert ledger.balance(AccountKind.PROMOTIONS, None, "USD", "sandbox").minor == 1999
        assert all(book.difference == Money.zero("USD") for book in ledger.trial_balance())


class TestBooksOfSeats:
    def test_a_count_or_a_state_that_is_not_true_is_found(self, ada, lin, cole) -> None:
        coupon, courses = coupon_of(ada, cap_total=5), shop.two_courses()
        order = buy(lin, courses, coupon)
        start(cole, courses, coupon)
        assert invariants.breaks()["C3 seats"] == []
        Coupon.objects.filter(pk=coupon.pk).update(seats_taken=3)
        CouponUse.objects.filter(order=order).update(state="released", used_at=None, released_at=clock.now())
        assert len(invariants.breaks()["C3 seats"]) == 2


class TestFigures:
    def test_uses_and_money_are_those_of_paid_orders(self, ada, lin, cole, fay) -> None:
        coupon, courses = coupon_of(ada), shop.two_courses()
        order = buy(lin, courses, coupon)
        start(cole, courses, coupon)
        row = figures.with_counts(Coupon.objects.of(ada.creator)).get()
        assert (row.used_count, row.reserved_count) == (1, 1)
        (usd,) = figures.brought(coupon)
        assert (usd.orders, usd.listed.minor, usd.discount.minor, usd.paid.minor) == (1, 1999, 500, 1499)
        assert (usd.creators.minor, usd.refunded.minor) == (1454, 0)
        assert [use.order for use in figures.uses_of(coupon)][-1] == order


def start(buyer: User, courses: list[Course], coupon: Coupon) -> Order:
    return checkout.start(buyer=buyer, courses=courses, coupon_code=coupon.code)


def buy(buyer: User, courses: list[Course], coupon: Coupon) -> Order:
    order = start(buyer, courses, coupon)
    shop.pay(order)
    shop.deliver_all()
    order.refresh_from_db()
    return order


def seats(coupon: Coupon) -> int:
    return Coupon.objects.get(pk=coupon.pk).seats_taken


def state_of(order: Order) -> str:
    return CouponUse.objects.get(order=order).state
