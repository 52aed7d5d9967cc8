"""Pages that are kept for visitors: alike for all of them, each with her own secrets, and never somebody else's."""

import hashlib
import re

import pytest
from django.contrib import messages
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import _does_token_match
from django.test import Client, RequestFactory
from django.urls import resolve

from accounts.models import User
from courses.models import Course
from creators.models import Suspension
from marketplace.lib import kept_pages
from marketplace.lib.money import Money
from marketplace.metrics import REQUESTS
from tests.courses.factories import make_course

pytestmark = pytest.mark.django_db

NONCE = re.compile(r'nonce="([^"]+)"')
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@pytest.fixture
def course(ada: User) -> Course:
    return make_course(title="Kilns")


def test_a_visitors_page_is_drawn_once(client: Client, course: Course, django_assert_num_queries: object) -> None:
    first = client.get(course.get_absolute_url())
    with django_assert_num_queries(0):
        again = Client().get(course.get_absolute_url())
    assert "Kilns" in first.content.decode()
    assert len(again.content) == len(first.content)
    assert again["Content-Type"] == first["Content-Type"]


def test_each_visitor_has_a_nonce_and_a_token_of_her_own(course: Course) -> None:
    client = Client(enforce_csrf_checks=True)
    Client().get(course.get_absolute_url())
    pages = [one.get(course.get_absolute_url()) for one in (client, Client())]
    nonces = [set(NONCE.findall(page.content.decode())) for page in pages]
    assert all(len(found) == 1 for found in nonces)
    assert nonces[0] != nonces[1]
    for page, (nonce,) in zip(pages, nonces, strict=True):
        assert f"'nonce-{nonce}'" in page["Content-Security-Policy"]
    form = {"csrfmiddlewaretoken": TOKEN.findall(pages[0].content.decode())[0], "course": course.slug}
    assert client.post("/cart/add/", form).status_code == 302
    assert client.post("/cart/add/", {**form, "csrfmiddlewaretoken": "x" * 64}).status_code == 403


def test_who_has_a_session_gets_her_own_page(client: Client, course: Course, lin: User) -> None:
    address = course.get_absolute_url()
    assert "Put in the cart" in client.get(address).content.decode()
    client.post("/cart/add/", {"course": course.slug})
    assert "In your cart" in client.get(address).content.decode()
    reader = Client()
    reader.force_login(lin)
    assert lin.email in reader.get(address).content.decode()
    stranger = Client().get(address).content.decode()
    assert "In your cart" not in stranger
    assert lin.email not in stranger


def test_a_new_price_shows_at_once(client: Client, course: Course, ada: User) -> None:
    assert "$19.99" in client.get(course.get_absolute_url()).content.decode()
    course.set_price(Money(2500, "USD"), by=ada)
    assert "$25.00" in client.get(course.get_absolute_url()).content.decode()


def test_a_course_that_was_taken_down_is_gone_at_once(client: Client, course: Course, sam: User) -> None:
    assert client.get(course.get_absolute_url()).status_code == 200
    course.take_down(by=sam, rule_code="spam", reason="Spam")
    assert client.get(course.get_absolute_url()).status_code == 404


def test_language_and_theme_have_pages_of_their_own(client: Client, course: Course) -> None:
    address = course.get_absolute_url()
    english = client.get(address).content.decode()
    chinese = Client().get(address, headers={"Accept-Language": "zh-hans"}).content.decode()
    assert "加入购物车" in chinese
    assert "加入购物车" not in english
    client.cookies["theme"] = "dark"
    assert 'data-theme="dark"' in client.get(address).content.decode()
    assert 'data-theme="dark"' not in Client().get(address).content.decode()


def test_made_up_queries_are_not_kept(client: Client, course: Course) -> None:
    first = client.get(f"{course.get_absolute_url()}?x=1").content.decode()
    assert "?x=1" in first
    assert "?x=1" not in client.get(course.get_absolute_url()).content.decode()


def settled(answer: HttpResponse) -> dict[str, str]:
    """Its headers, without what differs from request to request."""
    return {
        name: re.sub(r"nonce-[^']+", "nonce", value) for name, value in answer.headers.items() if name != "X-Request-ID"
    }


@pytest.mark.parametrize("address", ["/", "/courses/", "/courses/kilns/", "/courses/kilns/?hl=zh-hans"])
def test_a_kept_answer_has_every_header_of_a_drawn_one(course: Course, address: str) -> None:
    drawn, kept = Client().get(address), Client().get(address)
    assert drawn.resolver_match.func is not None
    assert settled(kept) == settled(drawn)
    assert {"Content-Security-Policy", "X-Frame-Options", "Referrer-Policy", "Vary"} <= set(settled(kept))
    assert int(kept["Content-Length"]) == len(kept.content)
    assert {name: each["samesite"] for name, each in kept.cookies.items()} == {
        name: each["samesite"] for name, each in drawn.cookies.items()
    }
    assert kept.cookies["csrftoken"].value != drawn.cookies["csrftoken"].value


def test_a_visitor_keeps_the_secret_of_her_forms(client: Client, course: Course) -> None:
    first = client.get(course.get_absolute_url()).cookies["csrftoken"].value
    again = client.get(course.get_absolute_url())
    assert again.cookies["csrftoken"].value == first  # its year begins anew
    assert _does_cookie_match(first, again)
    client.cookies["csrftoken"] = "made up"
    mended = client.get(course.get_absolute_url())
    assert _does_cookie_match(mended.cookies["csrftoken"].value, mended)


def _does_cookie_match(secret: str, page: HttpResponse) -> bool:
    return _does_token_match(TOKEN.findall(page.content.decode())[0], secret)


def test_a_language_in_the_address_is_remembered_by_kept_pages_too(course: Course) -> None:
    address = f"{course.get_absolute_url()}?hl=zh-hans"
    visitors = [Client(), Client()]
    for visitor in visitors:
        assert visitor.get(address).cookies["django_language"].value == "zh-hans"
        assert '<html lang="zh-Hans"' in visitor.get("/").content.decode()
    chosen = Client()
    chosen.cookies["django_language"] = "en"
    answer = chosen.get(address)
    assert '<html lang="en"' in answer.content.decode()
    assert "django_language" not in answer.cookies
    assert Client().get(address).cookies["django_language"].value == "zh-hans"


def test_the_languages_cookie_wins_over_the_browsers(client: Client, course: Course) -> None:
    client.cookies["django_language"] = "zh-hans"
    for _drawn_then_kept in range(2):
        page = client.get(course.get_absolute_url(), headers={"Accept-Language": "en"})
        assert '<html lang="zh-Hans"' in page.content.decode()
        assert page["Content-Language"] == "zh-hans"


def test_a_foreign_host_gets_nothing_that_is_kept(client: Client, course: Course) -> None:
    assert client.get(course.get_absolute_url()).status_code == 200
    assert client.get(course.get_absolute_url(), headers={"Host": "elsewhere.example"}).status_code == 400


def test_kept_pages_are_for_safe_lines_only_where_the_site_is(course: Course, settings: object) -> None:
    assert Client().get(course.get_absolute_url()).status_code == 200
    settings.SECURE_SSL_REDIRECT = True  # type: ignore[attr-defined]
    answer = Client().get(course.get_absolute_url())
    assert answer.status_code == 301
    assert answer["Location"].startswith("https://")
    assert Client().get(course.get_absolute_url(), secure=True).status_code == 200


def test_whoever_asks_for_headers_gets_no_page_and_leaves_none(client: Client, course: Course) -> None:
    asked = client.head(course.get_absolute_url())
    assert (asked.status_code, asked.content) == (200, b"")
    assert "Kilns" in client.get(course.get_absolute_url()).content.decode()
    assert client.head(course.get_absolute_url()).content == b""


def test_a_message_that_waits_is_shown_to_her_alone(course: Course) -> None:
    Client().get("/")
    told = Client()
    request = RequestFactory().get("/")
    storage = CookieStorage(request)
    storage.add(20, "Only for her")
    answer = HttpResponse()
    storage.update(answer)
    told.cookies["messages"] = answer.cookies["messages"].value
    assert "Only for her" not in Client().get("/").content.decode()
    told.get("/")
    assert "Only for her" not in Client().get("/").content.decode()


def test_a_message_of_the_same_request_is_in_no_kept_page() -> None:
    told: list[str] = ["Only for her"]

    def view(request: HttpRequest) -> HttpResponse:
        for text in told:
            messages.success(request, text)
        return HttpResponse(" ".join(["Home", *map(str, messages.get_messages(request))]))

    def asked() -> str:
        request = RequestFactory().get("/")
        request.session, request.csp_nonce = {}, None
        return kept_pages.KeptPages(MessageMiddleware(view))(request).content.decode()

    assert asked() == "Home Only for her"  # shown at once: no cookie says of it
    told.clear()
    assert asked() == asked() == "Home"
    told.append("Late")
    assert asked() == "Home"  # kept by now


def test_what_is_not_there_is_not_kept(client: Client, ada: User) -> None:
    assert client.get("/courses/kilns/").status_code == 404
    make_course(title="Kilns")
    assert client.get("/courses/kilns/").status_code == 200


def test_a_suspended_creators_course_is_gone_at_once(client: Client, course: Course, sam: User) -> None:
    assert client.get(course.get_absolute_url()).status_code == 200
    Suspension.objects.suspend(creator=course.creator, by=sam, rule_code="fraud", reason="Fraud")
    assert client.get(course.get_absolute_url()).status_code == 404


def test_no_page_is_older_than_five_seconds(client: Client, course: Course) -> None:
    client.get(course.get_absolute_url())
    name = kept_pages._name_of(RequestFactory().get(course.get_absolute_url()))
    key = cache.make_key(f"window.{hashlib.sha256(name.encode()).hexdigest()}")
    assert 0 < cache._cache.get_client().pttl(key) <= 5_000  # type: ignore[attr-defined]


def test_without_a_cache_each_visitor_has_hers_drawn(client: Client, course: Course, settings: object) -> None:
    backend = "marketplace.lib.valkey_cache.ValkeyCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "redis://127.0.0.1:1/0"}}  # type: ignore[attr-defined]
    for _twice in range(2):
        assert "Kilns" in client.get(course.get_absolute_url()).content.decode()


def test_kept_answers_are_counted_under_their_route(client: Client, course: Course) -> None:
    def counted() -> float:
        return float(REQUESTS.labels(route, "GET", "200")._value.get())

    route = resolve(course.get_absolute_url()).route
    before = counted()
    for _drawn_then_kept in range(3):
        client.get(course.get_absolute_url())
    assert counted() == before + 3
