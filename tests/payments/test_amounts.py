"""Pay what you want: from the least price to the stated most, checked where the order is made."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from courses.models import Course
from courses.models.price_change import history_of
from courses.pricing import PriceOutOfBounds
from marketplace.lib.money import Money
from payments import carts, checkout, refunds
from payments.amounts import AmountNotAllowed, fitted
from payments.checkout import PriceChanged
from payments.models import Order
from payments.sandbox import oracle
from tests import cast
from tests.courses.factories import make_course
from tests.payments import shop
from tests.payments.bundles import bundle_of, start
from tests.payments.test_checkout_pages import client_of
from tests.payments.test_coupon_pages import api_of
from tests.payments.test_coupons import coupon_of

pytestmark = pytest.mark.django_db


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def open_course(least: int = 500, suggested: int = 1200, currency: str = "USD", title: str = "Clay") -> Course:
    """Ada's, whose buyers choose what they pay."""
    course = make_course(title=title, price=Money(least, currency), lessons=1)
    course.set_price(Money(least, currency), by=cast.ada(), suggested=Money(suggested, currency))
    course.refresh_from_db()
    return course


def pay(buyer: User, course: Course, amount: Money | None, **more: Any) -> Order:
    chosen = {} if amount is None else {course.pk: amount}
    return checkout.start(buyer=buyer, courses=[course], chosen=chosen, **more)


class TestPrice:
    @pytest.mark.parametrize(
        ("least", "suggested"),
        [(500, 499), (0, 500), (500, 1_000_000), (500, 10), (500, 0)],
    )
    def test_a_suggestion_is_payable_and_no_less_than_the_least(self, ada, least, suggested) -> None:
        course = make_course(price=usd(2000), lessons=1)
        with pytest.raises(PriceOutOfBounds):
            course.set_price(usd(least), by=ada, suggested=usd(suggested))
        with pytest.raises(PriceOutOfBounds):
            course.set_price(usd(500), by=ada, suggested=Money(500, "EUR"))

    def test_each_is_a_row_and_the_history_shows_the_least(self, ada) -> None:
        course = open_course()
        course.set_price(usd(500), by=ada, suggested=usd(1500))
        course.set_price(usd(500), by=ada, suggested=usd(1500))
        course.set_price(usd(500), by=ada)
        course.refresh_from_db()
        assert course.suggested is None
        rows = course.price_changes.order_by("pk")
        assert [row.suggested_minor for row in rows] == [None, 1200, 1500, None]
        told = [{"minor": r.price_minor, "currency": r.currency, "at": r.changed_at.isoformat()} for r in rows]
        history = history_of(course, told, timezone.now())
        assert [step.price for step in history.steps] == [usd(500)]  # a suggestion is no price

    def test_the_database_lets_none_suggest_less_than_the_least(self, ada) -> None:
        course = open_course()
        with pytest.raises(DatabaseError), transaction.atomic():
            Course.objects.filter(pk=course.pk).update(suggested_minor=499)


class TestBuying:
    @pytest.mark.parametrize("minor", [500, 777, 999_999])
    def test_she_pays_what_she_chose(self, lin, minor) -> None:
        order = pay(lin, open_course(), usd(minor))
        shop.pay(order)
        shop.deliver_all()
        order.refresh_from_db()
        assert (order.state, order.total_minor) == ("paid", minor)
        assert oracle.charges() == {order.charge_id: minor}
        assert order.items.get().list_minor == minor

    @pytest.mark.parametrize("minor", [499, 0, -500, 1_000_000])
    def test_less_than_the_least_and_more_than_the_most_are_refused(self, lin, minor) -> None:
        with pytest.raises(AmountNotAllowed):
            pay(lin, open_course(), usd(minor))
        assert not Order.objects.exists()

    def test_another_currency_half_a_step_and_a_fixed_price_are_refused(self, lin) -> None:
        with pytest.raises(AmountNotAllowed):
            pay(lin, open_course(), Money(700, "EUR"))
        with pytest.raises(AmountNotAllowed):
            pay(lin, open_course(500, 1000, "KWD", title="Dinar"), Money(705, "KWD"))
        fixed = make_course(title="Fixed", price=usd(2000), lessons=1)
        for minor in (1999, 2001):
            with pytest.raises(AmountNotAllowed):
                pay(lin, fixed, usd(minor))
        assert pay(lin, fixed, usd(2000)).total_minor == 2000

    def test_who_names_nothing_pays_the_least(self, lin) -> None:
        assert pay(lin, open_course(), None).total_minor == 500

    def test_yen(self, lin) -> None:
        assert pay(lin, open_course(500, 1200, "JPY"), Money(777, "JPY")).total_minor == 777

    def test_a_coupon_counts_from_what_she_chose(self, ada, lin) -> None:
        order = pay(lin, open_course(), usd(2000), coupon_code=coupon_of(ada, value=2500).code)
        item = order.items.get()
        assert (item.list_minor, item.discount_minor, order.total_minor) == (2000, 500, 1500)

    def test_a_refund_takes_the_amount_that_was_paid(self, fay, lin) -> None:
        order = pay(lin, open_course(), usd(2345))
        shop.pay(order)
        shop.deliver_all()
        refunds.refund(order.items.get(), by=fay, reason="not for her")
        shop.send_refunds()
        assert [row.amount_minor for row in order.refunds.all()] == [2345]

    def test_another_amount_is_another_order_and_the_first_is_closed(self, lin) -> None:
        course = open_course()
        first, second = pay(lin, course, usd(700)), pay(lin, course, usd(900))
        first.refresh_from_db()
        assert (first.state, second.total_minor) == ("expired", 900)

    def test_a_least_that_rose_meanwhile_is_asked_for(self, ada, lin) -> None:
        course = open_course()
        course.set_price(usd(800), by=ada, suggested=usd(1200))
        course.refresh_from_db()
        with pytest.raises(AmountNotAllowed):
            pay(lin, course, usd(700), expected=usd(700))
        with pytest.raises(PriceChanged):
            pay(lin, course, None, expected=usd(500))

    def test_in_a_bundle_it_counts_with_its_least(self, lin) -> None:
        courses = [open_course(), make_course(title="Fixed", price=usd(1500), lessons=1)]
        assert [item.list_minor for item in start(lin, bundle_of(courses, 1000)).items.all()] == [250, 750]


class TestCart:
    @pytest.mark.parametrize("who", ["lin", "visitor"])
    def test_it_keeps_what_was_chosen_and_lets_it_change(self, lin, who) -> None:
        person, session, course = (lin if who == "lin" else AnonymousUser()), {}, open_course()
        carts.put(person, session, course, usd(1500))
        assert carts.of(person, session).groups[0].total == usd(1500)
        carts.choose(person, session, course, usd(900))
        assert carts.of(person, session).groups[0].total == usd(900)
        with pytest.raises(AmountNotAllowed):
            carts.choose(person, session, course, usd(499))
        assert carts.of(lin, session).groups[0].total == usd(900)  # hers after she has logged in, too

    def test_what_has_become_too_little_is_the_least_and_a_fixed_price_is_itself(self, ada) -> None:
        course = open_course()
        assert fitted([course], {course.pk: 900}) == {course.pk: usd(900)}
        assert fitted([course], {course.pk: 3}) == {course.pk: usd(500)}
        assert fitted([course], {course.pk: 10**9}) == {course.pk: usd(999_999)}
        course.set_price(usd(500), by=ada)
        course.refresh_from_db()
        assert fitted([course], {course.pk: 900}) == {}


class TestPages:
    def test_the_story_from_the_course_to_the_order(self, lin) -> None:
        client, course = client_of(lin), open_course()
        page = client.get(course.get_absolute_url()).content.decode()
        assert 'value="12.00"' in page
        assert "From $5.00 to $9,999.99; $12.00 is suggested." in page
        page = client.get(f"/checkout/?course={course.slug}&amount=8.50").content.decode()
        assert "Pay $8.50" in page
        assert f'name="chosen" value="{course.slug}=850"' in page
        form = {"course": course.slug, "chosen": f"{course.slug}=850", "total": 850, "currency": "USD"}
        assert "/sandbox/checkout/" in client.post("/checkout/", form).url
        assert Order.objects.get().total_minor == 850

    @pytest.mark.parametrize("amount", ["4.99", "ten", "-7", "10000", "7.005", "1e3"])
    def test_what_nobody_may_pay_is_said(self, lin, amount) -> None:
        client, course = client_of(lin), open_course()
        for answer in (
            client.get("/checkout/", {"course": course.slug, "amount": amount}, follow=True),
            client.post(reverse("payments:cart_add"), {"course": course.slug, "amount": amount}, follow=True),
        ):
            assert answer.redirect_chain[-1][0] == course.get_absolute_url()
        carts.put(lin, {}, course)
        client.post(reverse("payments:cart_amount"), {"course": course.slug, "amount": amount})
        assert carts.of(lin, {}).groups[0].total == usd(500)

    @pytest.mark.parametrize("chosen", ["clay=499", "clay=x", "clay", "=", "clay=-850", "clay=" + "9" * 40, "no=850"])
    def test_a_page_that_somebody_changed_buys_nothing(self, lin, chosen) -> None:
        course = open_course()
        form = {"course": course.slug, "chosen": chosen, "total": 850, "currency": "USD"}
        answer = client_of(lin).post(f"/checkout/?course={course.slug}", form)
        assert answer.status_code in (400, 409)
        assert not Order.objects.exists()

    def test_the_cart_shows_and_changes_it(self, lin) -> None:
        client, course = client_of(lin), open_course()
        client.post(reverse("payments:cart_add"), {"course": course.slug, "amount": "15"})
        assert 'value="15.00"' in client.get("/cart/").content.decode()
        client.post(reverse("payments:cart_amount"), {"course": course.slug, "amount": "20"})
        page = client.get("/cart/").content.decode()
        assert 'value="20.00"' in page
        assert "Pay $20.00" in client.get("/checkout/").content.decode()

    def test_the_studio_sets_and_ends_it(self, ada) -> None:
        client, course = client_of(ada), open_course()
        address = reverse("studio:pricing", args=[course.slug])
        form = {"is_free": "paid", "amount": "6", "currency": "USD", "suggested": "10"}
        assert client.post(address, form).status_code == 302
        course.refresh_from_db()
        assert (course.price, course.suggested) == (usd(600), usd(1000))
        for wrong in ("5", "much", "-1"):
            assert client.post(address, {**form, "suggested": wrong}).status_code == 422
        assert client.post(address, {**form, "suggested": ""}).status_code == 302
        course.refresh_from_db()
        assert course.suggested is None


class TestApi:
    def test_a_creator_sets_it_and_a_learner_pays_it(self, ada, lin) -> None:
        course = open_course()
        money = {"minor": "600", "currency": "USD"}, {"minor": "1000", "currency": "USD"}
        answer = api_of(ada).post(
            f"/api/v1/studio/courses/{course.slug}/price/", {"amount": money[0], "suggested": money[1]}, format="json"
        )
        assert answer.data == {"amount": money[0], "suggested": money[1]}
        assert api_of(lin).get(f"/api/v1/courses/{course.slug}/").data["suggested_price"] == money[1]
        api = api_of(lin)
        chosen = {"minor": "800", "currency": "USD"}
        cart = api.post("/api/v1/cart/", {"course": course.slug, "amount": chosen}, format="json")
        assert cart.data["groups"][0]["total"] == chosen
        assert cart.data["groups"][0]["amounts"] == [{"course": course.slug, "amount": chosen}]
        body = {"courses": [course.slug], "amounts": [{"course": course.slug, "amount": chosen}], "total": chosen}
        assert api.post("/api/v1/orders/", body, format="json").data["total"] == chosen

    @pytest.mark.parametrize(
        "amounts",
        [
            [{"course": "clay", "amount": {"minor": "499", "currency": "USD"}}],
            [{"course": "clay", "amount": {"minor": "800", "currency": "EUR"}}],
            [{"course": "other", "amount": {"minor": "800", "currency": "USD"}}],
            [{"course": "clay", "amount": 800}],
            [{"course": "clay"}],
            "much",
        ],
    )
    def test_what_does_not_fit_is_refused(self, lin, amounts) -> None:
        open_course()
        answer = api_of(lin).post("/api/v1/orders/", {"courses": ["clay"], "amounts": amounts}, format="json")
        assert answer.status_code == 400
        assert not Order.objects.exists()
