"""Where the meter stands, what the pages say before anything is given back, and who may give how much."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from courses.models import Course
from learners.models import Enrollment
from marketplace.lib import clock
from marketplace.lib.errors import NotAllowed
from marketplace.lib.money import Money
from payments import payouts, refunds
from payments.models import OrderItem, Refund
from payments.models.refund_line import MoreThanIsLeft
from payments.refund_cover import CannotCover
from payments.sandbox import oracle
from tests import cast
from tests.courses.factories import make_course
from tests.payments import shop
from tests.payments.held import books_hold
from tests.payments.sales import pass_hold, ready_account, submit_all
from tests.payments.test_meter import PRICE, bought_ago, seen

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(db: None) -> Course:
    return make_course(price=PRICE)


@pytest.fixture
def item(lin: Any, course: Course) -> OrderItem:
    return shop.buy(lin, [course]).items.select_related("order__refund_rule", "course", "buyer").get()


def of(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


# Each page's foot leads to the rules.
RULES = '<a href="/refund-rules/">When money comes back</a>'


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer
    return answer.content.decode().replace(RULES, "")


def take_back_address(item: OrderItem) -> str:
    return reverse("payments:take_back", args=[item.order.number, item.pk])


class TestBeforeThePurchase:
    def test_the_course_page_says_the_rule_with_its_dates_and_draws_it(self, course) -> None:
        text = page(Client(), course.get_absolute_url())
        assert "Take your money back yourself" in text
        assert "(14 days), while you have watched at most 30%" in text
        assert "(30 days), up to 60%" in text
        assert text.count("refund-bar__drawing") == 2

    def test_a_stranger_pays_for_it_with_the_clock_alone(self, course, django_assert_num_queries) -> None:
        drawn_anew = f"{course.get_absolute_url()}?kept=no"
        page(Client(), drawn_anew)
        with django_assert_num_queries(6):
            page(Client(), drawn_anew)

    def test_the_checkout_says_it_again(self, lin, course) -> None:
        text = page(of(lin), reverse("payments:checkout") + f"?course={course.slug}")
        assert "Take your money back yourself" in text

    def test_who_took_it_back_before_reads_that_this_time_nothing_comes_back(self, lin, course, item) -> None:
        of(lin).post(take_back_address(item), {"amount": 2000, "currency": "USD"})
        shop.send_refunds()
        for address in (course.get_absolute_url(), reverse("payments:checkout") + f"?course={course.slug}"):
            assert "This time nothing would come back" in page(of(lin), address)

    def test_a_free_course_says_nothing_of_money(self) -> None:
        free = make_course(title="Free", price=Money(0, "USD"))
        assert "refund" not in page(Client(), free.get_absolute_url())


class TestAfterThePurchase:
    def addresses(self, item: OrderItem) -> list[str]:
        lesson = item.course.live_lessons().first()
        return [
            item.order.get_absolute_url(),
            item.course.get_absolute_url(),
            reverse("learners:lesson", args=[item.course.slug, lesson.key]),
            reverse("learners:library"),
        ]

    def test_the_meter_stands_at_the_order_the_course_the_film_and_in_the_library(self, lin, item) -> None:
        for address in self.addresses(item):
            assert "All of $20.00" in page(of(lin), address), address
        seen(item, 36)
        for address in self.addresses(item):
            assert "$12.00" in page(of(lin), address), address

    def test_when_its_time_is_over_the_order_alone_speaks_of_it(self, lin, item) -> None:
        bought_ago(item, days=40)
        at_order, *elsewhere = self.addresses(item)
        assert "The time for it has passed." in page(of(lin), at_order)
        for address in elsewhere:
            assert "refund-" not in page(of(lin), address), address

    def test_the_meter_of_a_course_that_one_has_for_free_is_not_there(self, cole, course) -> None:
        Enrollment.objects.grant(learner=cole, course=course, source="staff")
        assert "refund-meter" not in page(of(cole), course.get_absolute_url())

    def test_a_library_of_many_costs_as_many_queries_as_of_one(self, lin, item, django_assert_num_queries) -> None:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        client = of(lin)
        page(client, reverse("learners:library"))
        with CaptureQueriesContext(connection) as one:
            page(client, reverse("learners:library"))
        shop.buy(lin, [make_course(title=f"Course {n}") for n in range(4)])
        with CaptureQueriesContext(connection) as many:
            page(client, reverse("learners:library"))
        assert len(many) == len(one)


class TestTakingBack:
    def test_the_page_says_exactly_what_will_happen_and_then_it_does(self, lin, item) -> None:
        seen(item, 36)
        client, address = of(lin), take_back_address(item)
        text = page(client, address)
        for said in (
            "You get <strong>$12.00</strong> of $20.00 back",
            "$8.00 stays",
            "access to the course ends at once",
        ):
            assert said in text
        answer = client.post(address, {"amount": 1200, "currency": "USD"}, follow=True)
        assert "Your money is on its way back." in answer.content.decode()
        shop.send_refunds()
        assert oracle.refunds() == {item.order.charge_id: 1200}

    def test_an_amount_that_moved_is_shown_anew_and_nothing_happens(self, lin, item) -> None:
        seen(item, 36)
        answer = of(lin).post(take_back_address(item), {"amount": 2000, "currency": "USD"})
        assert answer.status_code == 409
        assert "Give the course back for $12.00" in answer.content.decode()
        assert not Refund.objects.exists()

    def test_where_nothing_comes_back_there_is_no_button(self, lin, item) -> None:
        seen(item, 80)
        text = page(of(lin), take_back_address(item))
        assert "You have watched more than the rule allows." in text
        assert "button--danger" not in text
        answer = of(lin).post(take_back_address(item), {"amount": 2000, "currency": "USD"})
        assert answer.status_code == 409

    def test_others_find_nothing_there(self, item, cole, fay, ada) -> None:
        for person in (cole, fay, ada):
            assert of(person).get(take_back_address(item)).status_code == 404

    def test_the_api_shows_and_does_the_same(self, lin, item) -> None:
        seen(item, 36)
        at = [item.order.number, item.pk]
        told = of(lin).get(reverse("api-item-meter", args=at)).json()
        assert (told["kind"], told["amount"], told["reason"]) == (
            "part",
            Money(1200, "USD").as_json(),
            "unwatched_share",
        )
        assert (told["watched_s"], told["watched_most_s"], told["rule"]["part_bps"]) == (36, 54, 6000)
        post = lambda amount: of(lin).post(  # noqa: E731
            reverse("api-take-back", args=at), {"amount": amount}, content_type="application/json"
        )
        moved = post(Money(1300, "USD").as_json())
        assert (moved.status_code, moved.json()["code"]) == (409, "meter_moved")
        assert post(told["amount"]).status_code == 202


class TestGivingMore:
    def test_finance_gives_a_part_and_the_buyer_keeps_the_course(self, lin, fay, item) -> None:
        wish = {"amount": "5.00", "keeps_access": "on", "reason": "Sorry"}
        of(fay).post(reverse("payments:refund", args=[item.order.number]), wish)
        shop.send_refunds()
        item.refresh_from_db()
        assert (item.refunded, item.refunded_at) == (Money(500, "USD"), None)
        assert Enrollment.objects.of(lin).active().exists()
        assert books_hold()

    @pytest.mark.parametrize(
        ("amount", "complaint"),
        [("x", "This is not an amount"), ("1.234", "2 decimal places"), ("1e9", "not an amount")],
    )
    def test_what_is_no_amount_is_said_at_its_field(self, fay, item, amount, complaint) -> None:
        address = reverse("payments:refund", args=[item.order.number])
        answer = of(fay).post(address, {"amount": amount, "reason": "Sorry"})
        assert answer.status_code == 422
        assert complaint in answer.content.decode()

    @pytest.mark.parametrize("amount", ["0", "-1"])
    def test_a_part_is_more_than_nothing(self, fay, item, amount) -> None:
        address = reverse("payments:refund", args=[item.order.number])
        assert of(fay).post(address, {"amount": amount, "reason": "Sorry"}).status_code == 400

    def test_of_an_order_of_several_courses_a_part_is_of_one(self, lin, fay) -> None:
        order = shop.buy(lin, shop.two_courses())
        address = reverse("payments:refund", args=[order.number])
        assert of(fay).post(address, {"amount": "1", "reason": "Sorry"}).status_code == 422
        of(fay).post(address, {"amount": "1", "item": order.items.last().pk, "reason": "Sorry"})
        assert Refund.objects.get().amount == Money(100, "USD")

    def test_more_than_is_left_is_refused(self, fay, item) -> None:
        with pytest.raises(MoreThanIsLeft):
            refunds.refund(item, by=fay, reason="Too much", amount=Money(2001, "USD"))
        refunds.refund(item, by=fay, reason="Some", amount=Money(1999, "USD"), ends_access=False)
        item.refresh_from_db()
        with pytest.raises(MoreThanIsLeft):
            refunds.refund(item, by=fay, reason="More", amount=Money(2, "USD"))

    def test_a_creator_gives_her_own_sale_back_and_nobody_else_s(self, ada, item) -> None:
        bea = shop.make_creator(cast.person("Bea")).user
        with pytest.raises(NotAllowed):
            refunds.refund(item, by=bea, reason="Not mine")
        address = reverse("payments:refund_sale", args=[item.pk])
        assert of(bea).get(address).status_code == 404
        assert "Give the money back" in page(of(ada), address)
        of(ada).post(address, {"amount": "7.50", "keeps_access": "on", "reason": "She waited long"})
        refund = Refund.objects.get()
        assert (refund.cause, refund.amount, refund.ends_access) == (Refund.Cause.GOODWILL, Money(750, "USD"), False)
        shop.send_refunds()
        assert books_hold()

    def test_a_creator_does_so_over_the_api(self, ada, item) -> None:
        answer = of(ada).post(
            reverse("api-sale-refund", args=[item.pk]), {"reason": "Sorry"}, content_type="application/json"
        )
        assert (answer.status_code, answer.json()["amount"]) == (202, PRICE.as_json())

    def test_what_was_paid_out_to_a_creator_she_cannot_give_at_the_site_s_cost(self, ada, fay, item) -> None:
        ready_account(ada.creator)
        pass_hold()
        payouts.run(fay)
        submit_all()
        item.refresh_from_db()
        with pytest.raises(CannotCover):
            refunds.refund(item, by=ada, reason="Sorry", amount=Money(100, "USD"))
        refunds.refund(item, by=fay, reason="Finance may", amount=Money(100, "USD"))


def test_the_meter_goes_by_the_clock_of_money(lin, item) -> None:
    clock.advance(timedelta(days=15))
    assert "the share that you have not watched" in page(of(lin), item.order.get_absolute_url())
    clock.advance(timedelta(days=16))
    assert "The time for it has passed." in page(of(lin), item.order.get_absolute_url())
