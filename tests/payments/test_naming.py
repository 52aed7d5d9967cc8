"""Prices that buyers name: which amounts are taken, and that a sale at one is a sale like every other."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from courses.models import Course
from marketplace.lib import clock
from marketplace.lib.money import CURRENCIES, Money, provider_amount
from payments import checkout, coupons, invariants, invoices, naming, payouts, pricing, receipts, refunds, simulation
from payments.closing import act
from payments.models import LedgerEntry, MonthClose, Order
from payments.proof import seals
from payments.quotes import Line, quote
from tests import cast
from tests.payments import shop
from tests.payments.books import BOOK
from tests.payments.bundles import bundle_of, courses_at
from tests.payments.ended import MARCH, booked_on, checked
from tests.payments.named import buy, fresh, named_course, start, usd
from tests.payments.sales import only_item, pass_hold, ready_account, submit_all
from tests.payments.test_coupons import coupon_of, platform_coupon
from tests.payments.test_invoices import text_of
from tests.payments.test_month_proof import found, written
from tests.payments.test_simulation import terms
from tests.payments.test_tax import GERMAN, table

__all__ = ["table"]


def asked(least: int, suggested: int, currency: str = "USD") -> Course:
    """Not in the database."""
    return Course(price_minor=least, suggested_minor=suggested, currency=currency)


class TestWhichAmounts:
    @pytest.mark.parametrize(("minor", "is_taken"), [(999, False), (1000, True), (100_000, True), (100_001, False)])
    def test_from_the_least_to_fifty_times_the_suggestion(self, minor: int, is_taken: bool) -> None:
        assert naming.fits(asked(1000, 2000), usd(minor)) is is_taken

    def test_never_more_than_one_charge(self) -> None:
        assert naming.most(asked(1000, 500_000)) == usd(CURRENCIES["USD"].max_charge)

    def test_in_the_currencys_steps_and_no_other_currency(self) -> None:
        assert naming.fits(asked(150_000, 200_000, "TWD"), Money(150_100, "TWD"))
        with pytest.raises(naming.AmountRefused, match="steps"):
            naming.must_fit(asked(150_000, 200_000, "TWD"), Money(150_050, "TWD"))
        with pytest.raises(naming.AmountRefused, match="USD"):
            naming.must_fit(asked(1000, 2000), Money(1500, "EUR"))

    def test_of_a_fixed_price_none_but_that(self) -> None:
        with pytest.raises(naming.AmountRefused, match=r"fixed: \$20.00"):
            naming.must_fit(Course(price_minor=2000, currency="USD"), usd(3000))

    @given(st.sampled_from(sorted(CURRENCIES)), st.data())
    def test_what_is_taken_can_be_charged_and_its_shares_are_the_whole(self, code: str, data: Any) -> None:
        limits = CURRENCIES[code]
        step = limits.charge_multiple
        amounts = st.integers(limits.min_charge // step, limits.max_charge // step).map(lambda n: n * step)
        least, suggested = sorted((data.draw(amounts), data.draw(amounts)))
        amount = Money(data.draw(st.integers(0, 2 * limits.max_charge)), code)
        if not naming.fits(asked(least, suggested, code), amount):
            return
        assert least <= amount.minor <= limits.max_charge
        assert provider_amount(amount) > 0
        line = Line(
            1, 1, amount, Money.zero(code), platform_bps=2500, fixed_minor=data.draw(st.integers(0, 50)),
            affiliate_bps=1000, affiliate_id=9, coauthors=((2, 3333),), tax_bps=data.draw(st.sampled_from([0, 1900])),
        )  # fmt: skip
        quoted = quote(line)
        assert quoted.list == quoted.price == amount
        assert sum(share.amount.minor for share in quoted.shares) == quoted.net.minor
        assert min(share.amount.minor for share in quoted.shares) >= 0


@pytest.mark.django_db
class TestAnOrder:
    def test_freezes_what_she_named(self, lin: User) -> None:
        order = start(lin, named_course(), 1750)
        item = only_item(order)
        assert (order.total, item.list_price, item.price) == (usd(1750), usd(1750), usd(1750))
        assert (item.platform_share + item.creator_share, item.discount) == (usd(1750), usd(0))

    def test_without_a_named_amount_asks_for_the_least(self, lin: User) -> None:
        assert start(lin, named_course()).total == usd(1000)

    @pytest.mark.parametrize("minor", [0, 999, 100_001])
    def test_refuses_an_amount_out_of_bounds_and_makes_nothing(self, lin: User, minor: int) -> None:
        with pytest.raises(naming.AmountRefused):
            start(lin, named_course(), minor)
        assert not Order.objects.exists()

    def test_at_another_amount_is_another_one_and_closes_the_first(self, lin: User) -> None:
        course = named_course()
        first, same, second = start(lin, course, 1500), start(lin, course, 1500), start(lin, course, 1200)
        first.refresh_from_db()
        assert (first.pk, first.state) == (same.pk, "expired")
        assert (second.total, second.state) == (usd(1200), "pending")

    def test_below_a_raised_least_is_made_anew(self, lin: User, ada: User) -> None:
        course = named_course()
        first = start(lin, course, 1200)
        course.set_price(usd(1500), by=ada, suggested=usd(2000))
        with pytest.raises(naming.AmountRefused):
            start(lin, course, 1200)
        with pytest.raises(checkout.PriceChanged):
            start(lin, course, expected=usd(1200))
        second = start(lin, course, expected=usd(1500))
        first.refresh_from_db()
        assert (first.state, second.total) == ("expired", usd(1500))

    def test_whose_page_is_open_is_paid_at_what_it_says(self, lin: User, ada: User) -> None:
        course = named_course()
        order = start(lin, course, 1200)
        course.set_price(usd(1500), by=ada, suggested=usd(2000))
        shop.pay(order)
        shop.deliver_all()
        order.refresh_from_db()
        assert (order.state, order.total, order.flagged_at) == ("paid", usd(1200), None)

    @pytest.mark.parametrize(
        ("currency", "least", "named"), [("JPY", 500, 777), ("KWD", 3_000, 4_570), ("TWD", 30_000, 45_600)]
    )
    def test_in_every_kind_of_currency(self, lin: User, currency: str, least: int, named: int) -> None:
        order = buy(lin, named_course(least, 2 * least, currency), named)
        assert (order.state, order.total) == ("paid", Money(named, currency))
        assert not any(invariants.breaks(ask_provider=True).values())

    def test_bears_the_tax_of_what_was_named(self, lin: User, table: None) -> None:
        order = start(lin, named_course(), 2380, billing=GERMAN)
        item = only_item(order)
        assert (item.price.minor, item.tax.minor, item.net.minor) == (2380, 380, 2000)
        assert item.platform_share.minor == 500


@pytest.mark.django_db
def test_a_named_sale_is_given_back_released_paid_out_and_proved_like_every_other(
    lin: User, cole: User, ada: User, fay: User, tmp_path: Path
) -> None:
    course = named_course()
    ready_account(ada.creator)
    kept, returned = buy(lin, course, 3333), buy(cole, course, 1001)
    item = only_item(kept)
    assert (item.platform_share.minor, item.creator_share.minor) == (833, 2500)
    assert "$33.33" in text_of(receipts.pdf(kept, "en"))
    assert "$33.33" in text_of(invoices.pdf(kept.invoice, "en"))
    (effect,) = simulation.simulate(terms("organic", platform_bps=1000, fixed_minor=0))
    assert (effect.old.whole.minor, effect.new.platform.minor) == (4334, 333 + 100)
    refunds.refund(item, by=fay, reason="a part", amount=usd(1111), ends_access=False)
    refunds.refund(returned, by=fay, reason="all")
    shop.send_refunds()
    item.refresh_from_db()
    assert (item.left, only_item(returned).left) == (usd(2222), usd(0))
    pass_hold()
    run = payouts.run(fay)
    submit_all()
    assert run.payouts.get().amount.minor == 2500 - 833
    assert not any(invariants.breaks(ask_provider=True).values())
    assert found(written(tmp_path, *_march())) == ""


def _march() -> list[MonthClose]:
    """All that was booked, as if it had been in March, and March closed."""
    for at, entry in enumerate(LedgerEntry.objects.order_by("pk")):
        booked_on(entry, datetime(2026, 3, 1 + at // 20, 12, at % 20, tzinfo=UTC))
    seals.seal_closed_days(BOOK, through=date(2026, 4, 2))
    checked()
    return [act.close(MARCH, by=cast.fay())]


@pytest.mark.django_db
class TestACode:
    def test_does_not_lower_a_named_price_and_says_why(self, ada: User, fay: User, lin: User) -> None:
        course = named_course()
        for coupon in (coupon_of(ada), platform_coupon(fay)):
            with pytest.raises(coupons.CouponNotForThese, match="name the price of this course yourself"):
                pricing.price_up(lin, [course], named={course.pk: usd(3000)}, coupon_code=coupon.code, at=clock.now())

    def test_lowers_the_other_courses_beside_it(self, ada: User, lin: User) -> None:
        course, other = named_course(), shop.two_courses()[0]
        order = checkout.start(
            buyer=lin, courses=[course, other], named={course.pk: usd(3000)}, coupon_code=coupon_of(ada).code
        )
        off = dict(order.items.values_list("course_id", "discount_minor"))
        assert off == {course.pk: 0, other.pk: 500}
        assert not Order.objects.exclude(pk=order.pk).exists()


@pytest.mark.django_db
class TestABundle:
    def test_reckons_with_the_least_and_takes_no_named_amount(self, ada: User, lin: User) -> None:
        course, other = courses_at(2000, 3000)
        course.set_price(usd(1000), by=ada, suggested=usd(9000))
        bundle = bundle_of([fresh(course), other], 3000)
        order = checkout.start(buyer=lin, courses=[], bundles=[bundle], named={})
        assert dict(order.items.values_list("course_id", "list_minor")) == {course.pk: 750, other.pk: 2250}

    def test_bears_a_code_as_ever(self, ada: User, lin: User) -> None:
        course, other = courses_at(2000, 3000)
        course.set_price(usd(1000), by=ada, suggested=usd(9000))
        bundle = bundle_of([fresh(course), other], 3000)
        order = checkout.start(buyer=lin, courses=[], bundles=[bundle], coupon_code=coupon_of(ada).code)
        assert order.total == usd(2249)
