"""Bundles on pages and over the API: a creator makes and offers one, a learner finds and buys it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from payments.models import Bundle, Order
from tests.payments import shop
from tests.payments.bundles import bundle_of, buy, courses_at
from tests.payments.test_checkout_pages import client_of
from tests.payments.test_coupon_pages import api_of

pytestmark = pytest.mark.django_db

FORM = {"title": "All of clay", "words": "From the first bowl on.", "amount": "40.00", "currency": "USD"}


def text(answer: Any) -> str:
    return answer.content.decode()


class TestStudio:
    def test_a_creator_makes_one_sees_what_each_course_gets_and_offers_it(self, ada) -> None:
        client, courses = client_of(ada), courses_at(2000, 3000)
        assert "No bundles yet" in text(client.get("/studio/bundles/"))
        form = {**FORM, "courses": [course.slug for course in courses]}
        page = text(client.post("/studio/bundles/create/", form, follow=True))
        assert "$16.00" in page
        assert "$24.00" in page
        assert "$12.00" in page  # 75 % of it
        bundle = Bundle.objects.get()
        page = text(client.post(reverse("payments:offer_bundle", args=[bundle.slug]), follow=True))
        assert "On sale" in page
        assert "All of clay" in text(client.get("/studio/bundles/"))

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"title": " "}, "This field is required"),
            ({"amount": "forty"}, "not an amount of money"),
            ({"amount": "-40"}, "not an amount of money"),
            ({"amount": "60"}, "It costs no less than its courses"),
            ({"amount": "0.10"}, "from $0.50"),
            ({"currency": "EUR"}, "not in one currency"),
            ({"currency": "XXX"}, "XXX"),
            ({"courses": []}, "This field is required"),
            ({"courses": ["clay-1"]}, "two courses or more"),
            ({"courses": ["no-such-course"]}, "no-such-course"),
        ],
    )
    def test_what_does_not_fit_is_said_on_the_form(self, ada, changes, said) -> None:
        form = {**FORM, "courses": [course.slug for course in courses_at(2000, 3000)], **changes}
        answer = client_of(ada).post("/studio/bundles/create/", form)
        assert answer.status_code == 422
        assert said in text(answer)
        assert not Bundle.objects.exists()

    def test_words_price_courses_and_sale_have_their_own_forms(self, ada) -> None:
        client, courses = client_of(ada), courses_at(2000, 3000, 4000)
        bundle = bundle_of(courses[:2], 4000, offered=False)

        def post(name: str, **form: Any) -> Any:
            return client.post(reverse(f"payments:{name}", args=[bundle.slug]), form)

        assert post("edit_bundle", title="Clay", words="").status_code == 302
        assert post("price_bundle", amount="35", currency="USD").status_code == 302
        assert post("price_bundle", amount="95", currency="USD").status_code == 422
        assert post("choose_bundle_courses", courses=[c.slug for c in courses]).status_code == 302
        assert post("choose_bundle_courses", courses=[courses[0].slug]).status_code == 422
        assert post("offer_bundle").status_code == 302
        assert post("choose_bundle_courses", courses=[c.slug for c in courses[:2]]).status_code == 422
        assert post("withdraw_bundle", reason="for the winter").status_code == 302
        bundle.refresh_from_db()
        assert (bundle.title, bundle.price_minor, bundle.is_offered, bundle.rows.count()) == ("Clay", 3500, False, 3)
        assert "for the winter" in text(client.get(reverse("payments:edit_bundle", args=[bundle.slug])))

    def test_one_that_cannot_be_sold_says_why(self, ada, sam) -> None:
        courses = courses_at(2000, 3000)
        bundle = bundle_of(courses, 4000)
        courses[0].take_down(by=sam, rule_code="C1", reason="not hers")
        page = client_of(ada).get(bundle.get_absolute_url(), follow=True)
        assert "One of its courses is not on sale." in text(page)


class TestShop:
    def test_a_visitor_finds_it_beside_its_course_and_at_its_creator_s(self, ada, client) -> None:
        courses = courses_at(2000, 3000)
        bundle = bundle_of(courses, 4000)
        address = bundle.get_absolute_url()
        assert address in text(client.get(courses[0].get_absolute_url()))
        assert address in text(client.get(ada.creator.get_absolute_url()))
        page = text(client.get(address))
        assert "You save $10.00 (20 %)" in page
        assert '"@type": "Product"' in page
        assert '"price": "40.00"' in page

    def test_it_is_nowhere_before_it_is_offered_and_after_it_was_withdrawn(self, ada, client) -> None:
        courses = courses_at(2000, 3000)
        bundle = bundle_of(courses, 4000, offered=False)
        for _time in range(2):
            assert client.get(bundle.get_absolute_url()).status_code == 404
            assert bundle.get_absolute_url() not in text(client.get(courses[0].get_absolute_url()))
            assert bundle.get_absolute_url() not in text(client.get(ada.creator.get_absolute_url()))
            bundle.offer(by=ada)
            bundle.withdraw(by=ada)

    def test_the_story_from_the_page_to_the_receipt(self, ada, lin) -> None:
        client, bundle = client_of(lin), bundle_of(courses_at(2000, 3000), 4000)
        client.post(reverse("payments:cart_add"), {"bundle": bundle.slug})
        cart = text(client.get("/cart/"))
        assert "All of clay" in cart
        assert "$40.00" in cart
        page = text(client.get("/checkout/"))
        assert f'name="bundle" value="{bundle.slug}"' in page
        assert 'name="course"' not in page
        form = {"bundle": bundle.slug, "total": 4000, "currency": "USD"}
        assert "/sandbox/checkout/" in client.post("/checkout/", form).url
        order = Order.objects.get()
        shop.pay(order)
        shop.deliver_all()
        assert "In the bundle “All of clay”" in text(client.get(order.get_absolute_url()))
        assert "All of it is in your library" in text(client.get(bundle.get_absolute_url()))

    def test_a_price_that_changed_is_shown_again(self, ada, lin) -> None:
        bundle = bundle_of(courses_at(2000, 3000), 4000)
        form = {"bundle": bundle.slug, "total": 3900, "currency": "USD"}
        answer = client_of(lin).post(f"/checkout/?bundle={bundle.slug}", form)
        assert answer.status_code == 409
        assert "Pay $40.00" in text(answer)

    def test_who_owns_some_is_told_what_is_left_to_pay(self, ada, lin) -> None:
        courses = courses_at(2000, 3000, 5000)
        bundle = bundle_of(courses, 7001)
        shop.buy(lin, courses[:1])
        page = text(client_of(lin).get(bundle.get_absolute_url()))
        assert "$56.01" in page
        assert "In your library: not paid for again" in page

    def test_its_creator_sees_the_bundle_on_each_sale(self, ada, lin) -> None:
        order = buy(lin, bundle_of(courses_at(2000, 3000), 4000))
        page = text(client_of(ada).get(reverse("payments:sale", args=[order.items.first().pk])))
        assert "Its part of the bundle “All of clay”" in page

    def test_taken_out_it_leaves_with_its_courses(self, ada, client) -> None:
        bundle = bundle_of(courses_at(2000, 3000), 4000)
        client.post(reverse("payments:cart_add"), {"bundle": bundle.slug})
        client.post(reverse("payments:cart_remove"), {"bundle": bundle.slug})
        assert "Your cart is empty" in text(client.get("/cart/"))
        assert client.post(reverse("payments:cart_add"), {"bundle": "no-such"}).status_code == 404


class TestApi:
    def test_a_creator_makes_offers_and_withdraws_one(self, ada) -> None:
        api, courses = api_of(ada), courses_at(2000, 3000)
        body = {"title": "Clay", "courses": [c.slug for c in courses], "price": {"minor": "4000", "currency": "USD"}}
        made = api.post("/api/v1/studio/bundles/", body, format="json")
        assert made.status_code == 201
        assert made.data["standing"] == "withdrawn"
        assert [row["price"]["minor"] for row in made.data["earned"]] == ["1600", "2400"]
        at = f"/api/v1/studio/bundles/{made.data['slug']}/"
        assert api.post(f"{at}offer/").data["standing"] == "on_sale"
        changed = api.patch(at, {"price": {"minor": "3500", "currency": "USD"}, "words": "New"}, format="json")
        assert [row["price"]["minor"] for row in changed.data["prices"]] == ["4000", "3500"]
        too_dear = api.patch(at, {"words": "Dear", "price": {"minor": "9000", "currency": "USD"}}, format="json")
        assert too_dear.status_code == 409
        assert api.get(at).data["words"] == "New"  # all or none
        assert api.post(f"{at}withdraw/", {"reason": "winter"}, format="json").data["is_offered"] is False
        assert [row["slug"] for row in api.get("/api/v1/studio/bundles/").data["results"]] == [made.data["slug"]]

    def test_a_learner_reads_carts_and_orders_one(self, ada, lin) -> None:
        api, courses = api_of(lin), courses_at(2000, 3000)
        bundle = bundle_of(courses, 4000)
        told = Client().get(f"/api/v1/bundles/{bundle.slug}/").json()
        assert told["price"]["minor"] == "4000"
        assert {one["course"] for one in told["refunds"]} == {part["course"] for part in told["parts"]}
        cart = api.post("/api/v1/cart/", {"bundle": bundle.slug}, format="json")
        assert cart.data["groups"][0]["total"]["minor"] == "4000"
        assert cart.data["groups"][0]["bundles"][0]["slug"] == bundle.slug
        order = api.post("/api/v1/orders/", {"bundles": [bundle.slug], "total": {"minor": "4000", "currency": "USD"}},
                         format="json")  # fmt: skip
        assert order.status_code == 201
        assert {item["bundle"] for item in order.data["items"]} == {bundle.slug}
        assert api.delete(f"/api/v1/cart/?bundle={bundle.slug}").data["groups"] == []

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ({"bundles": []}, 400),
            ({"bundles": ["no-such"]}, 400),
            ({"bundles": "all"}, 400),
            ({"bundles": ["all-of-clay"], "currency": "EUR"}, 400),
            ({"bundles": ["all-of-clay"], "total": {"minor": "3999", "currency": "USD"}}, 409),
        ],
    )
    def test_what_does_not_fit_is_refused(self, ada, lin, body, status) -> None:
        bundle_of(courses_at(2000, 3000), 4000)
        assert api_of(lin).post("/api/v1/orders/", body, format="json").status_code == status
        assert not Order.objects.exists()
