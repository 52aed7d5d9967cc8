"""The pages of buying: what a person sees and presses, from the cart to the receipt."""

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import Client
from django.urls import reverse

from courses.models import Course
from learners.models import Enrollment
from marketplace.lib.money import Money
from payments import after_sale
from payments.models import CartItem, Order
from payments.sandbox.models import SandboxAccount, SandboxEvent, SandboxFault
from tests import cast
from tests.courses.factories import make_course
from tests.payments import shop


@pytest.fixture
def courses(db: None) -> list[Course]:
    return shop.two_courses()


def client_of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def put(client: Client, *courses: Course) -> None:
    for course in courses:
        assert client.post(reverse("payments:cart_add"), {"course": course.slug}).status_code == 302


def press_pay(client: Client, courses: list[Course], **changes: object):
    total = sum(course.price.minor for course in courses)
    form = {"course": [c.slug for c in courses], "total": total, "currency": courses[0].currency, **changes}
    return client.post(reverse("payments:checkout"), form)


def test_a_visitors_cart_comes_with_her_when_she_logs_in(client, lin, courses) -> None:
    put(client, *courses)
    assert "Glazes" in client.get("/cart/").content.decode()
    answer = client.get("/checkout/")
    assert answer.url.startswith(reverse("account_login"))
    client.post(answer.url, {"login": lin.email, "password": cast.PASSWORD})
    page = client.get("/checkout/").content.decode()
    assert "$49.99" in page
    assert CartItem.objects.filter(owner=lin).count() == 2


def test_the_story_from_the_cart_to_the_receipt(lin, courses) -> None:
    client = client_of(lin)
    put(client, *courses)
    pay_page = press_pay(client, courses)
    assert "/sandbox/checkout/" in pay_page.url
    assert "SANDBOX – no money moves" in client.get(pay_page.url).content.decode()
    back = Client(enforce_csrf_checks=True).post(pay_page.url, {"action": "pay", "method": "wechat_pay"})
    assert client.get(back.url, follow=True).status_code == 200
    after_sale.catch_up()
    order = Order.objects.get()
    assert order.is_paid
    receipt = client.get(order.get_absolute_url()).content.decode()
    assert order.invoice_number in receipt
    assert "$49.99" in receipt
    assert order.number in client.get("/orders/").content.decode()
    assert client.get("/cart/").context["cart"].groups == []


def test_currencies_stand_in_groups_of_their_own(lin, courses) -> None:
    client = client_of(lin)
    yen = make_course(title="Kumihimo", price=Money(2000, "JPY"), lessons=1)
    put(client, *courses, yen)
    assert [group.currency for group in client.get("/cart/").context["cart"].groups] == ["JPY", "USD"]
    assert client.get("/checkout/").url == "/cart/"
    assert "¥2,000" in client.get("/checkout/?currency=JPY").content.decode()


def test_what_cannot_be_bought_any_more_says_so(lin, sam, courses) -> None:
    client = client_of(lin)
    put(client, *courses)
    courses[1].take_down(by=sam, rule_code="other", reason="a test")
    cart = client.get("/cart/").context["cart"]
    assert (cart.unavailable, len(cart.groups[0].courses)) == ([courses[1]], 1)


@pytest.mark.parametrize("total", ["1", "-4999", "0", "nonsense"])
def test_a_total_that_is_not_the_price_is_not_charged(lin, courses, total) -> None:
    press_pay(client_of(lin), courses, total=total)
    assert all(order.total == Money(4999, "USD") for order in Order.objects.all())


@pytest.mark.parametrize(("action", "text"), [("decline", "declined"), ("challenge", "is this you")])
def test_the_toy_page_shows_what_the_bank_says(lin, courses, action, text) -> None:
    url = press_pay(client_of(lin), courses).url
    assert text in Client().post(url, {"action": action, "method": "card"}).content.decode()


def test_who_turns_back_still_finds_her_cart(lin, courses) -> None:
    client = client_of(lin)
    put(client, *courses)
    url = press_pay(client, courses).url
    assert Client().post(url, {"action": "abandon"}).url.endswith("/cart/")
    assert len(client.get("/cart/").context["cart"]) == 2


def test_an_order_is_seen_by_its_buyer_and_by_finance_alone(client, lin, cole, fay, courses) -> None:
    address = shop.buy(lin, courses).get_absolute_url()
    seen = [client_of(person).get(address).status_code for person in (lin, cole, fay)]
    assert seen == [200, 404, 200]
    assert client.get(address).status_code == 302


def test_a_refund_of_an_item_that_is_not_in_the_order_gives_nothing_back(lin, fay, courses) -> None:
    order = shop.buy(lin, courses)
    address = reverse("payments:refund", args=[order.number])
    assert client_of(fay).post(address, {"reason": "A slip", "item": 999_999}).status_code == 422
    assert not order.refunds.exists()


def test_finance_gives_money_back_on_the_orders_page(lin, cole, fay, courses) -> None:
    order = shop.buy(lin, courses)
    address = reverse("payments:refund", args=[order.number])
    assert client_of(lin).post(address, {"reason": "mine"}).status_code == 403
    assert client_of(fay).post(address, {"reason": ""}).status_code == 422
    item = order.items.get(course=courses[0])
    assert client_of(fay).post(address, {"reason": "She asked", "item": item.pk}).status_code == 302
    shop.send_refunds()
    page = client_of(lin).get(order.get_absolute_url()).content.decode()
    assert "−$19.99" in page
    assert Enrollment.objects.of(lin).active().count() == 1


def test_return_page_of_another_buyer_is_not_found(lin, cole, courses) -> None:
    order = shop.start(lin, courses)
    address = f"/checkout/return/?session_id={order.checkout_session_id}"
    assert client_of(cole).get(address).status_code == 404
    SandboxFault.objects.plan("checkout.sessions.retrieve", "timeout_before")
    assert client_of(lin).get(address).url == order.get_absolute_url()


@pytest.mark.parametrize(
    ("who", "state"), [("nobody", "buy"), ("lin", "owned"), ("ada", "own"), ("cole", "in_cart"), ("sam", "off_sale")]
)
def test_the_box_beside_a_course_knows_who_looks(client, lin, ada, cole, sam, courses, who, state) -> None:
    course = courses[0]
    shop.buy(lin, [course])
    CartItem.objects.put(cole, [course.pk])
    if who == "sam":
        course.take_down(by=sam, rule_code="other", reason="a test")
        course = Course.objects.select_related("creator").get(pk=course.pk)
    from django.template import Context
    from django.test import RequestFactory

    from payments.templatetags.checkout import buy_box

    request = RequestFactory().get("/")
    request.session, request.user = {}, {"lin": lin, "ada": ada, "cole": cole, "sam": sam}.get(who, client_user())
    assert buy_box(Context({"request": request}), course)["state"] == state


def client_user():
    from django.contrib.auth.models import AnonymousUser

    return AnonymousUser()


def test_a_free_course_is_started_and_not_bought(client, ada) -> None:
    course = make_course(price=Money(0, "USD"), lessons=1)
    assert reverse("learners:enroll", args=[course.slug]) in client.get(course.get_absolute_url()).content.decode()
    assert client.post(reverse("payments:cart_add"), {"course": course.slug}).status_code == 409


def test_onboarding_is_finished_on_the_toy_page(ada) -> None:
    account = SandboxAccount.objects.create(country="gb", dashboard="express", display_name="Ada")
    url = reverse("payments:sandbox_onboarding", args=[account.pk])
    answer = Client(enforce_csrf_checks=True).post(f"{url}?return_url=http://testserver/studio/", {"action": "finish"})
    assert answer.url == "http://testserver/studio/"
    account.refresh_from_db()
    assert account.transfers == "active"
    assert Client().post(f"{url}?return_url=https://evil.example/", {"action": "review"}).status_code == 200


def test_the_console_is_for_finance(lin, fay, courses) -> None:
    shop.buy(lin, courses)
    assert client_of(lin).get("/sandbox/").status_code == 403
    client = client_of(fay)
    assert "checkout.session.completed" in client.get("/sandbox/").content.decode()
    client.post("/sandbox/clock/", {"days": 32})
    client.post("/sandbox/faults/", {"operation": "refunds.create", "mode": "timeout_after", "times": 2})
    assert SandboxFault.objects.get().remaining == 2
    event = SandboxEvent.objects.first()
    for act in ("drop", "resend", "duplicate"):
        client.post(reverse("payments:sandbox_event", args=[event.pk, act]))
    event.refresh_from_db()
    assert (event.copies, event.finished_at) == (3, None)


@pytest.mark.parametrize(
    "path", ["/sandbox/", "/sandbox/checkout/cs_1/", "/sandbox/onboarding/acct_1/", "/api/v1/sandbox/clock/"]
)
def test_with_a_real_provider_there_is_no_sandbox(fay, settings, path) -> None:
    settings.PAYMENTS_TRANSPORT = "live"
    assert client_of(fay).get(path).status_code == 404
    assert client_of(fay).post(path).status_code in (404, 405)


def test_a_toy_till_does_not_pass_the_deploy_check(settings) -> None:
    settings.ALLOW_SANDBOX = False
    with pytest.raises(SystemCheckError, match="payments.E002"):
        call_command("check", "--deploy", "--tag", "security")


# Of the orders' questions one is how far the sandbox's clock was moved, and when.
@pytest.mark.parametrize(("path", "most"), [("/cart/", 18), ("/checkout/?currency=USD", 19), ("/orders/", 20)])
def test_pages_cost_the_same_for_one_course_and_for_many(lin, courses, path, most, django_assert_max_num_queries):
    client = client_of(lin)
    put(client, *courses)
    for course in (make_course(title=f"More {n}", lessons=1) for n in range(3)):
        shop.buy(lin, [course])
    client.get(path)
    with django_assert_max_num_queries(most):
        client.get(path)


def test_finance_finds_an_order_by_number_or_buyer(lin, cole, fay, courses) -> None:
    mine, other = shop.buy(lin, courses), shop.buy(cole, courses)
    client = client_of(fay)
    assert {order.pk for order in client.get("/finance/orders/").context["page"]} == {mine.pk, other.pk}
    for words in (mine.number.lower(), mine.invoice_number, "LIN@example.com", mine.charge_id):
        assert [order.pk for order in client.get("/finance/orders/", {"q": words}).context["page"]] == [mine.pk]
    assert client_of(lin).get("/finance/orders/").status_code == 403


def test_a_live_key_beside_the_sandbox_stops_every_start(settings) -> None:
    settings.STRIPE_SECRET_KEY = "sk_live_1"
    with pytest.raises(SystemCheckError, match="payments.E001"):
        call_command("check")
