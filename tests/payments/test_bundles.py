"""Bundles: what they may be, what each course gets, and that each is sold by its own rules."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from courses.pricing import PriceOutOfBounds
from learners.models import Enrollment
from learners.models.enrollment import OwnCourse
from marketplace.lib.errors import NotAllowed
from marketplace.lib.money import CURRENCIES, Money
from payments import carts, checkout, ledger, refunds
from payments.bundles.offers import BundleOwned, BundlesOverlap, offers, parts
from payments.bundles.standing import Standing
from payments.checkout import PriceChanged
from payments.discounts import parts_of
from payments.models import AccountKind, Bundle, CourseSplit, Invoice, Order
from payments.models.bundle import BundleAsItIs, BundleNotOnSale, BundleNotSellable
from payments.sandbox import oracle
from tests import cast
from tests.courses.factories import make_course
from tests.creators.factories import make_creator
from tests.payments import shop
from tests.payments.bundles import bundle_of, buy, courses_at, fresh, start
from tests.payments.test_coupons import coupon_of

pytestmark = pytest.mark.django_db


def shares(bundle: Bundle) -> list[int]:
    return [part.price.minor for part in parts(bundle)]


@given(
    code=st.sampled_from(["JPY", "USD", "KWD", "TWD"]),
    steps=st.lists(st.integers(1, 50_000), min_size=2, max_size=8),
    data=st.data(),
)
def test_the_parts_sum_to_the_price_exactly_and_none_is_above_its_list_price(code: str, steps, data: Any) -> None:
    step = CURRENCIES[code].charge_multiple
    listed = [Money(n * step, code) for n in steps]
    price = Money(data.draw(st.integers(1, sum(steps))) * step, code)
    found = parts_of(price, listed)
    assert Money.total(found, code) == price
    for part, alone in zip(found, listed, strict=True):
        assert 0 <= part.minor <= alone.minor
        assert part.minor % step == 0
        # In the proportion of the list prices, to the step.
        assert abs(part.minor * sum(steps) - price.minor * alone.minor // step) < step * sum(steps)


class TestMaking:
    def test_its_price_is_spread_in_the_proportion_of_the_list_prices(self, ada) -> None:
        assert shares(bundle_of(courses_at(2000, 3000, 5000), 7001)) == [1400, 2100, 3501]

    @pytest.mark.parametrize(("currency", "listed", "price"), [("JPY", 1000, 1999), ("KWD", 1000, 1990)])
    def test_currencies_without_cents_and_with_steps_are_spread_in_their_steps(self, ada, currency, listed, price):
        found = shares(bundle_of(courses_at(listed, listed, currency=currency), price))
        assert sum(found) == price
        assert all(part % CURRENCIES[currency].charge_multiple == 0 for part in found)

    @pytest.mark.parametrize(
        ("minors", "price", "refusal"),
        [
            ([2000], 1500, BundleNotSellable),
            ([2000, 3000], 5000, BundleNotSellable),
            ([2000, 3000], 9000, BundleNotSellable),
            ([2000, 0], 1500, BundleNotSellable),
            ([2000, 3000], 0, BundleNotSellable),
            ([2000, 3000], 49, PriceOutOfBounds),
            ([2000, 3000], -1, PriceOutOfBounds),
        ],
    )
    def test_what_could_not_be_sold_is_not_made(self, ada, minors, price, refusal) -> None:
        with pytest.raises(refusal):
            bundle_of(courses_at(*minors), price)
        assert not Bundle.objects.exists()

    def test_others_courses_drafts_and_two_of_a_kind_are_refused(self, ada) -> None:
        mine, others = courses_at(2000, 3000), make_course(make_creator(cast.person("Bea")), title="Glazes", lessons=1)
        for courses in ([mine[0], others], [mine[0], mine[0]], [mine[0], make_course(title="Draft", live=False)]):
            with pytest.raises(BundleNotSellable):
                bundle_of(courses, 1500)

    def test_only_its_creator_makes_prices_and_offers_it(self, ada, cole) -> None:
        courses = courses_at(2000, 3000)
        with pytest.raises(NotAllowed):
            Bundle.objects.make(by=cole, creator=ada.creator, title="Mine", courses=courses, price=Money(4000, "USD"))
        bundle = bundle_of(courses, 4000, offered=False)
        for act in (
            lambda: bundle.set_price(Money(3000, "USD"), by=cole), lambda: bundle.offer(by=cole),
            lambda: bundle.reword(by=cole, title="x", words=""), lambda: bundle.choose(courses, by=cole),
            lambda: bundle.withdraw(by=cole),
        ):  # fmt: skip
            with pytest.raises(NotAllowed):
                act()

    def test_a_title_is_asked_for(self, ada) -> None:
        with pytest.raises(ValidationError):
            bundle_of(courses_at(2000, 3000), 4000, title="  ")

    def test_each_price_and_each_offer_is_a_row_that_stays(self, ada) -> None:
        bundle = bundle_of(courses_at(2000, 3000), 4000)
        assert bundle.set_price(Money(4000, "USD"), by=ada) is None
        bundle.set_price(Money(3500, "USD"), by=ada)
        bundle.withdraw(by=ada, reason="for the winter")
        with pytest.raises(BundleAsItIs):
            fresh(bundle).withdraw(by=ada)
        fresh(bundle).offer(by=ada)
        assert [row.price_minor for row in bundle.prices.all()] == [4000, 3500]
        assert [row.is_offered for row in bundle.offerings.all()] == [True, False, True]
        for rows in (bundle.prices, bundle.offerings):
            with pytest.raises(DatabaseError), transaction.atomic():
                rows.all().delete()

    def test_its_courses_stay_once_it_was_offered(self, ada) -> None:
        courses = courses_at(2000, 3000, 4000)
        bundle = bundle_of(courses[:2], 4000, offered=False)
        bundle.choose(courses[1:], by=ada)
        assert fresh(bundle).courses == courses[1:]
        fresh(bundle).offer(by=ada)
        with pytest.raises(BundleNotSellable):
            fresh(bundle).choose(courses, by=ada)
        with pytest.raises(DatabaseError), transaction.atomic():
            bundle.rows.all().delete()


class TestStanding:
    """A bundle is sold while all of it can be, and no longer."""

    def test_it_goes_with_a_course_and_comes_back_with_it(self, ada, sam, lin) -> None:
        courses = courses_at(2000, 3000)
        bundle = bundle_of(courses, 4000)
        takedown = courses[0].take_down(by=sam, rule_code="C1", reason="not hers")
        assert fresh(bundle).standing is Standing.COURSE_GONE
        with pytest.raises(BundleNotOnSale):
            start(lin, bundle)
        takedown.lift(by=sam, reason="it is hers")
        assert fresh(bundle).is_on_sale

    @pytest.mark.parametrize(
        ("price", "standing"),
        [
            (Money(900, "USD"), Standing.NOT_CHEAPER),
            (Money(0, "USD"), Standing.COURSE_FREE),
            (Money(900, "EUR"), Standing.OTHER_CURRENCY),
        ],
    )
    def test_a_course_s_new_price_may_end_it(self, ada, lin, price, standing) -> None:
        courses = courses_at(2000, 3000)
        bundle = bundle_of(courses, 4000)
        courses[0].set_price(price, by=ada)
        assert fresh(bundle).standing is standing
        with pytest.raises(BundleNotOnSale):
            start(lin, bundle)

    def test_withdrawn_it_is_not_bought_but_what_was_ordered_is_paid_at_its_price(self, ada, lin) -> None:
        bundle = bundle_of(courses_at(2000, 3000), 4000)
        order = start(lin, bundle)
        bundle.withdraw(by=ada)
        with pytest.raises(BundleNotOnSale):
            start(cast.cole(), bundle)
        shop.pay(order)
        shop.deliver_all()
        order.refresh_from_db()
        assert (order.state, order.total_minor) == (Order.State.PAID, 4000)


class TestBuying:
    def test_each_course_is_an_item_of_its_own_with_its_part(self, ada, lin) -> None:
        bundle = bundle_of(courses_at(2000, 3000), 4000)
        order = buy(lin, bundle)
        assert (order.state, order.total_minor) == (Order.State.PAID, 4000)
        assert oracle.charges() == {order.charge_id: 4000}
        items = list(order.items.select_related("bundle_price"))
        assert [(item.list_minor, item.price_minor, item.bundle_title) for item in items] == [
            (1600, 1600, "All of clay"), (2400, 2400, "All of clay"),
        ]  # fmt: skip
        assert {item.bundle_price.price_minor for item in items} == {4000}
        assert {row.course for row in Enrollment.objects.of(lin).active()} == set(bundle.courses)
        assert ledger.balance(AccountKind.CREATOR_PENDING, ada.creator.pk, "USD", "sandbox").minor == 3000
        assert all(book.difference == Money.zero("USD") for book in ledger.trial_balance())

    def test_the_invoice_names_it(self, ada, lin) -> None:
        order = buy(lin, bundle_of(courses_at(2000, 3000), 4000))
        lines = Invoice.objects.get(order=order).snapshot["lines"]
        assert [line["bundle"] for line in lines] == ["All of clay", "All of clay"]
        assert sum(line["price"] for line in lines) == 4000

    def test_who_owns_some_pays_the_parts_of_the_others(self, ada, lin) -> None:
        courses = courses_at(2000, 3000, 5000)
        bundle = bundle_of(courses, 7001)
        shop.buy(lin, courses[:1])
        [offer] = offers(lin, [fresh(bundle)])
        assert (offer.price.minor, offer.listed.minor, [p.course for p in offer.owned]) == (5601, 8000, courses[:1])
        order = buy(lin, bundle)
        assert [item.price_minor for item in order.items.all()] == [2100, 3501]
        with pytest.raises(BundleOwned):
            start(lin, bundle)

    def test_a_course_given_back_is_lacked_again(self, ada, lin) -> None:
        bundle = bundle_of(courses_at(2000, 3000), 4000)
        order = buy(lin, bundle)
        refunds.refund(order.items.first(), by=cast.fay(), reason="not for her")
        shop.send_refunds()
        assert oracle.refunds()  # its own part went back
        assert [row.amount_minor for row in order.refunds.all()] == [1600]
        assert [row.course for row in Enrollment.objects.of(lin).active()] == bundle.courses[1:]
        assert start(lin, bundle).total_minor == 1600

    def test_beside_other_courses_it_is_one_order(self, ada, lin) -> None:
        courses = courses_at(2000, 3000)
        glazes = make_course(make_creator(cast.person("Bea")), title="Glazes", price=Money(999, "USD"), lessons=1)
        order = start(lin, bundle_of(courses, 4000), courses=[glazes, courses[0]])
        assert order.total_minor == 4999
        assert order.items.count() == 3
        assert order.items.get(course=glazes).bundle_price is None

    def test_two_with_a_course_in_common_are_bought_one_after_the_other(self, ada, lin) -> None:
        courses = courses_at(2000, 3000, 4000)
        first, second = bundle_of(courses[:2], 4000), bundle_of(courses[1:], 5000, title="Late clay")
        with pytest.raises(BundlesOverlap):
            start(lin, first, second)
        buy(lin, first)
        assert buy(lin, second).total_minor == 5000 - 2143

    def test_its_creator_cannot_buy_it(self, ada) -> None:
        with pytest.raises(OwnCourse):
            start(ada, bundle_of(courses_at(2000, 3000), 4000))

    def test_a_coupon_counts_from_the_parts(self, ada, lin) -> None:
        courses = courses_at(2000, 3000)
        bundle = bundle_of(courses, 4000)
        order = start(lin, bundle, coupon_code=coupon_of(ada, value=2500).code)
        assert [(i.list_minor, i.discount_minor, i.price_minor) for i in order.items.all()] == [
            (1600, 400, 1200), (2400, 600, 1800),
        ]  # fmt: skip
        assert order.total_minor == 3000
        # A fixed price is no price rise: the part is less than it.
        fixed = coupon_of(ada, kind="fixed_price", value=1700, currency="USD")
        assert start(cast.cole(), bundle, coupon_code=fixed.code).total_minor == 1600 + 1700

    def test_co_authors_share_each_course_as_always(self, ada, lin) -> None:
        courses = courses_at(2000, 3000)
        cleo = make_creator(cast.person("Cleo"), "Cleo Kilns")
        CourseSplit.objects.propose(courses[0], [(cleo, 2000)], by=ada).accept(by=cleo.user)
        order = buy(lin, bundle_of(courses, 4000))
        hers = [s.amount_minor for item in order.items.all() for s in item.shares.all() if s.owner_id == cleo.pk]
        assert hers == [240]  # 20 % of the creators' 1200 of 1600

    def test_a_price_that_changed_since_she_looked_is_refused(self, ada, lin) -> None:
        bundle = bundle_of(courses_at(2000, 3000), 4000)
        bundle.set_price(Money(4100, "USD"), by=ada)
        with pytest.raises(PriceChanged):
            start(lin, bundle, expected=Money(4000, "USD"))
        assert start(lin, bundle, expected=Money(4100, "USD")).total_minor == 4100

    def test_an_order_keeps_the_price_at_which_it_was_placed(self, ada, lin) -> None:
        bundle = bundle_of(courses_at(2000, 3000), 4000)
        order = start(lin, bundle)
        bundle.set_price(Money(4500, "USD"), by=ada)
        shop.pay(order)
        shop.deliver_all()
        order.refresh_from_db()
        assert (order.total_minor, order.state) == (4000, "paid")

    def test_asked_for_twice_it_is_one_order(self, ada, lin) -> None:
        bundle = bundle_of(courses_at(2000, 3000), 4000)
        assert start(lin, bundle).pk == start(lin, bundle).pk
        plain = checkout.start(buyer=lin, courses=bundle.courses)
        assert (plain.total_minor, Order.objects.filter(state="pending").count()) == (5000, 1)


class TestInTheCart:
    def test_it_is_its_courses_at_its_price(self, ada, lin) -> None:
        bundle, session = bundle_of(courses_at(2000, 3000), 4000), {}
        carts.put_bundle(lin, session, bundle)
        [group] = carts.of(lin, session).groups
        assert (group.total.minor, [offer.bundle for offer in group.offers]) == (4000, [bundle])
        carts.put_bundle(lin, session, bundle)
        assert len(carts.of(lin, session)) == 2

    def test_a_visitor_s_joins_hers(self, ada, lin) -> None:
        from django.contrib.auth.models import AnonymousUser

        bundle, session = bundle_of(courses_at(2000, 3000), 4000), {}
        carts.put_bundle(AnonymousUser(), session, bundle)
        assert carts.of(AnonymousUser(), session).groups[0].total.minor == 4000
        assert carts.of(lin, session).groups[0].total.minor == 4000
        assert session == {}

    def test_a_course_taken_out_leaves_the_others_at_their_own_price(self, ada, lin) -> None:
        bundle, session = bundle_of(courses_at(2000, 3000), 4000), {}
        carts.put_bundle(lin, session, bundle)
        carts.take_out(lin, session, bundle.courses[:1])
        cart = carts.of(lin, session)
        assert (cart.groups[0].total.minor, cart.broken) == (3000, [bundle])

    def test_off_the_sale_its_courses_stand_at_their_own_prices(self, ada, lin) -> None:
        bundle, session = bundle_of(courses_at(2000, 3000), 4000), {}
        carts.put_bundle(lin, session, bundle)
        bundle.withdraw(by=ada)
        cart = carts.of(lin, session)
        assert (cart.groups[0].total.minor, cart.broken, cart.groups[0].offers) == (5000, [bundle], [])

    def test_a_course_that_was_bought_alone_meanwhile_is_not_paid_for_again(self, ada, lin) -> None:
        courses = courses_at(2000, 3000)
        bundle, session = bundle_of(courses, 4000), {}
        carts.put_bundle(lin, session, bundle)
        shop.buy(lin, courses[:1])
        cart = carts.of(lin, session)
        assert (cart.groups[0].total.minor, cart.unavailable) == (2400, [])

    def test_another_with_the_same_course_waits(self, ada, lin) -> None:
        courses = courses_at(2000, 3000, 4000)
        carts.put_bundle(lin, {}, bundle_of(courses[:2], 4000))
        with pytest.raises(BundlesOverlap):
            carts.put_bundle(lin, {}, bundle_of(courses[1:], 5000, title="Late clay"))

    def test_paid_it_is_empty(self, ada, lin) -> None:
        bundle = bundle_of(courses_at(2000, 3000), 4000)
        carts.put_bundle(lin, {}, bundle)
        buy(lin, bundle)
        assert len(carts.of(lin, {})) == 0


def test_what_a_stranger_pays_is_the_bundle_s_price(ada: User, cole: User) -> None:
    bundle = bundle_of(courses_at(2000, 3000), 4000)
    [offer] = offers(cole, [bundle])
    assert (offer.price, offer.saved.minor, offer.saved_percent) == (bundle.price, 1000, 20)
