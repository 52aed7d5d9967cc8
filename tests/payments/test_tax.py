"""Tax of a sale: a liability of its own in the books, in or on top of the price, by our table or by the provider."""

from typing import Any

import pytest

from accounts.models import User
from courses.models import Course
from marketplace.lib.money import Money
from payments import checkout, invariants, ledger
from payments.models import AccountKind, Billing, BillingDetails, Order, OrderItem, TaxRate
from payments.models.ledger_kinds import Book
from payments.sandbox import cashier
from tests.courses.factories import make_course
from tests.payments import shop

pytestmark = pytest.mark.django_db

GERMAN = Billing(name="Lin", country="DE")


@pytest.fixture
def table(settings: Any, fay: User) -> None:
    settings.KEZHAN_TAX = "table"
    settings.KEZHAN_SELLER_COUNTRY = "IE"
    for country, bps in [("DE", 1900), ("IE", 2300)]:
        TaxRate.objects.introduce(country, name="VAT", bps=bps, by=fay, reason="the law")


@pytest.fixture
def by_stripe(settings: Any) -> None:
    settings.KEZHAN_TAX = "stripe"


@pytest.fixture
def courses() -> list[Course]:
    return shop.two_courses()


def buy(lin: User, courses: list[Course], billing: Billing | None = None, country: str = "") -> Order:
    order = checkout.start(buyer=lin, courses=courses, billing=billing)
    cashier.act(order.checkout_session_id or "", "pay", country=country)
    shop.deliver_all()
    order.refresh_from_db()
    return order


def owed_to_tax(currency: str = "USD") -> int:
    return abs(ledger.balance(AccountKind.TAX_PAYABLE, None, currency, Book.SANDBOX).minor)


def all_is_well() -> bool:
    return not any(invariants.breaks().values())


def amounts(order: Order) -> list[tuple[int, int, int, int]]:
    return list(order.items.order_by("pk").values_list("price_minor", "net_minor", "tax_minor", "tax_bps"))


class TestByTable:
    def test_a_price_with_tax_in_it_stays_the_price(self, lin: User, courses: list[Course], table: None) -> None:
        order = buy(lin, courses, GERMAN)
        assert (order.total_minor, order.tax_minor) == (4999, 319 + 479)
        assert amounts(order) == [(1999, 1680, 319, 1900), (3000, 2521, 479, 1900)]
        assert (order.tax_source, order.tax_name, order.tax_country) == ("table", "VAT", "DE")
        assert owed_to_tax() == 798
        assert all_is_well()

    def test_tax_on_top_is_charged_as_well(self, lin: User, courses: list[Course], table: None, settings: Any) -> None:
        settings.KEZHAN_PRICES_INCLUDE_TAX = False
        order = buy(lin, courses, GERMAN)
        assert amounts(order) == [(2379, 1999, 380, 1900), (3570, 3000, 570, 1900)]
        assert (order.subtotal_minor, order.tax_minor, order.total_minor) == (4999, 950, 5949)
        assert owed_to_tax() == 950
        assert all_is_well()

    def test_the_parties_share_the_net(self, lin: User, courses: list[Course], table: None) -> None:
        item = buy(lin, courses[:1], GERMAN).items.get()
        assert item.platform_minor + item.creator_minor == 1680
        assert item.platform_minor == 420

    def test_a_buyer_who_says_no_country_is_of_the_seller_s(
        self, lin: User, courses: list[Course], table: None
    ) -> None:
        assert buy(lin, courses[:1]).items.get().tax_bps == 2300

    def test_another_country_is_another_order(self, lin: User, courses: list[Course], table: None) -> None:
        first = checkout.start(buyer=lin, courses=courses, billing=GERMAN)
        second = checkout.start(buyer=lin, courses=courses, billing=Billing(country="IE"))
        assert first.pk != second.pk
        first.refresh_from_db()
        assert first.state == Order.State.EXPIRED

    def test_a_total_that_the_country_changed_is_refused(
        self, lin: User, courses: list[Course], table: None, settings: Any
    ) -> None:
        settings.KEZHAN_PRICES_INCLUDE_TAX = False
        with pytest.raises(checkout.PriceChanged):
            checkout.start(buyer=lin, courses=courses, expected=Money(4999, "USD"), billing=GERMAN)

    def test_yen_have_no_cents_of_tax(self, lin: User, table: None) -> None:
        kumihimo = make_course(title="Kumihimo", price=Money(2000, "JPY"), lessons=1)
        order = buy(lin, [kumihimo], GERMAN)
        assert amounts(order) == [(2000, 1681, 319, 1900)]
        assert owed_to_tax("JPY") == 319

    def test_what_is_given_back_takes_its_tax_along(
        self, lin: User, fay: User, courses: list[Course], table: None
    ) -> None:
        from payments import refunds

        order = buy(lin, courses, GERMAN)
        refunds.refund(order, by=fay, reason="asked")
        shop.send_refunds()
        assert owed_to_tax() == 0
        assert all_is_well()


class TestByStripe:
    @pytest.mark.parametrize(
        ("inclusive", "expected", "total"),
        [
            (True, [(1999, 1680, 319, 1900), (3000, 2521, 479, 1900)], 4999),
            (False, [(2379, 1999, 380, 1900), (3570, 3000, 570, 1900)], 5949),
        ],
    )
    def test_the_tax_comes_with_the_money(
        self,
        lin: User,
        courses: list[Course],
        by_stripe: None,
        settings: Any,
        inclusive: bool,
        expected: Any,
        total: int,
    ) -> None:
        settings.KEZHAN_PRICES_INCLUDE_TAX = inclusive
        order = checkout.start(buyer=lin, courses=courses)
        assert (order.tax_minor, order.total_minor) == (0, 4999)
        cashier.act(order.checkout_session_id or "", "pay", country="DE")
        shop.deliver_all(times=2, seed=1)
        order.refresh_from_db()
        assert amounts(order) == expected
        assert order.total_minor == total
        assert (order.tax_source, order.tax_name, order.tax_country) == ("stripe", "VAT", "DE")
        assert owed_to_tax() == total - sum(net for _price, net, _tax, _bps in expected)
        assert all_is_well()

    def test_no_tax_where_the_platform_is_not_registered(
        self, lin: User, courses: list[Course], by_stripe: None
    ) -> None:
        order = buy(lin, courses, country="US")
        assert (order.tax_minor, order.tax_country) == (0, "US")
        assert owed_to_tax() == 0

    def test_an_amount_that_its_tax_does_not_explain_changes_nothing(
        self, lin: User, courses: list[Course], by_stripe: None, settings: Any
    ) -> None:
        from payments.sandbox.models import SandboxSession

        settings.KEZHAN_PRICES_INCLUDE_TAX = False
        order = checkout.start(buyer=lin, courses=courses)
        SandboxSession.objects.filter(pk=order.checkout_session_id).update(tax=5)
        cashier.act(order.checkout_session_id or "", "pay", country="DE")
        SandboxSession.objects.filter(pk=order.checkout_session_id).update(tax=5)
        shop.deliver_all()
        order.refresh_from_db()
        assert not order.is_paid
        assert order.flagged_at is not None
        assert order.tax_minor == 0
        assert owed_to_tax() == 0

    def test_shares_are_reckoned_anew_from_the_net(self, lin: User, courses: list[Course], by_stripe: None) -> None:
        order = buy(lin, courses, country="DE")
        for item in OrderItem.objects.filter(order=order).prefetch_related("shares"):
            assert sum(share.amount_minor for share in item.shares.all()) == item.net_minor


class TestBilling:
    def test_is_kept_with_the_order_and_remembered(self, lin: User, courses: list[Course]) -> None:
        billing = Billing("Lin", "Lin's Pots GmbH", "DE123", "Hafen 1\nHamburg", "DE")
        order = checkout.start(buyer=lin, courses=courses, billing=billing)
        assert order.billing.billing == billing
        assert BillingDetails.objects.last_of(lin) == billing

    def test_may_be_said_otherwise_until_it_is_paid(self, lin: User, courses: list[Course]) -> None:
        order = checkout.start(buyer=lin, courses=courses, billing=Billing(name="Lin", country="DE"))
        checkout.start(buyer=lin, courses=courses, billing=Billing(name="Lin Xu", country="DE"))
        assert BillingDetails.objects.get(order=order).name == "Lin Xu"
        shop.pay(order)
        shop.deliver_all()
        BillingDetails.objects.note(order, Billing(name="Somebody else"))
        assert BillingDetails.objects.get(order=order).name == "Lin Xu"

    def test_nothing_said_is_no_row(self, lin: User, courses: list[Course]) -> None:
        checkout.start(buyer=lin, courses=courses, billing=Billing())
        assert not BillingDetails.objects.exists()
        assert BillingDetails.objects.last_of(lin) == Billing()
