"""Pages that are kept for visitors: the same bytes for all of them, nobody's secrets, and forms that work."""

import gzip
import hashlib
import re

import pytest
from django.contrib import messages
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve

from accounts.models import User
from courses.models import Course
from creators.models import Suspension
from marketplace.lib import form_tokens, kept_pages
from marketplace.lib.money import Money
from marketplace.metrics import REQUESTS
from tests.courses.factories import make_course
from tests.creators.institutions import make_institution, verify

pytestmark = pytest.mark.django_db

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@pytest.fixture
def course(ada: User) -> Course:
    return make_course(title="Kilns")


def test_a_visitors_page_is_drawn_once(client: Client, course: Course, django_assert_num_queries: object) -> None:
    first = client.get(course.get_absolute_url())
    with django_assert_num_queries(0):
        again = Client().get(course.get_absolute_url())
    assert "Kilns" in first.content.decode()
    assert again.content == first.content
    assert again["Content-Type"] == first["Content-Type"]


def test_pages_of_creators_and_institutions_are_kept_too(
    client: Client, course: Course, ada: User, django_assert_num_queries: object
) -> None:
    school = make_institution(ada)
    for address in (course.creator.get_absolute_url(), school.get_absolute_url(), "/institutions/"):
        first = client.get(address)
        with django_assert_num_queries(0):
            again = Client().get(address)
        assert len(again.content) == len(first.content)
    ada.creator.edit({"name": "Ada & Daughters"})
    assert "Ada &amp; Daughters" in client.get(course.creator.get_absolute_url()).content.decode()
    verify(school, "withdrawn")
    assert client.get(school.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("address", ["/", "/courses/kilns/", "/clips/"])
def test_nothing_in_a_kept_page_is_one_visitors(course: Course, address: str) -> None:
    for _drawn_then_kept in range(2):
        page = Client().get(address)
        assert b"nonce" not in page.content
        assert "nonce" not in page["Content-Security-Policy"]
        assert "script-src 'self'" in page["Content-Security-Policy"].split("; ")
        tokens = TOKEN.findall(page.content.decode())
        assert set(tokens) <= {form_tokens.OF_KEPT_PAGE}
        assert tokens or address == "/clips/", "the feed has no foot, and so no form"
        assert not page.cookies
    assert b"nonce" in Client().get(f"{address}?x=1").content, "drawn, and so with secrets"


FROM_HERE = [
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none", "Origin": "http://testserver"},
    {"Origin": "http://testserver"},
    {"Referer": "http://testserver/courses/kilns/"},
]
FROM_ELSEWHERE = [
    {},
    {"Sec-Fetch-Site": "cross-site", "Referer": "http://testserver/"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://testserver"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "null", "Referer": "http://testserver/"},
    {"Origin": "https://testserver"},
    {"Origin": "http://testserver:8080"},
    {"Origin": "http://testserver.elsewhere.example"},
    {"Referer": "http://testserver.elsewhere.example/"},
    {"Referer": "http://testserver"},
    {"Referer": "http://elsewhere.example/?http://testserver/"},
]


def form_of(page: HttpResponse) -> dict[str, str]:
    return {"csrfmiddlewaretoken": TOKEN.findall(page.content.decode())[0], "course": "kilns"}


@pytest.mark.parametrize("headers", FROM_HERE)
def test_a_kept_pages_form_is_taken_from_here(course: Course, headers: dict[str, str]) -> None:
    client = Client(enforce_csrf_checks=True)
    form = form_of(client.get(course.get_absolute_url()))
    assert client.post("/cart/add/", form, headers=headers).status_code == 302
    assert "In your cart" in client.get(course.get_absolute_url()).content.decode()
    # Back on the page of before, which was kept for visitors: she has a session by now.
    answer = client.post("/i18n/setlang/", {**form, "language": "zh-hans"}, headers=headers)
    assert answer.cookies["django_language"].value == "zh-hans"


@pytest.mark.parametrize("headers", FROM_ELSEWHERE)
def test_a_kept_pages_form_is_refused_from_elsewhere(course: Course, lin: User, headers: dict[str, str]) -> None:
    visitor, reader = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    reader.force_login(lin)
    form = form_of(visitor.get(course.get_absolute_url()))
    for client in (visitor, reader):
        assert client.post("/cart/add/", form, headers=headers).status_code == 403
        scripted = {**headers, "X-CSRFToken": form_tokens.OF_KEPT_PAGE}
        assert client.post("/cart/add/", {"course": "kilns"}, headers=scripted).status_code == 403


@pytest.mark.parametrize("token", ["", "x" * 64, "of-another-page", form_tokens.OF_KEPT_PAGE.upper()])
def test_whatever_comes_from_here_needs_that_word_or_a_token(course: Course, token: str) -> None:
    client = Client(enforce_csrf_checks=True)
    form = {"csrfmiddlewaretoken": token, "course": "kilns"}
    assert client.post("/cart/add/", form, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 403


def test_a_trusted_origin_needs_a_token_still(course: Course, settings: object) -> None:
    settings.CSRF_TRUSTED_ORIGINS = ["http://friend.example"]  # type: ignore[attr-defined]
    client = Client(enforce_csrf_checks=True)
    form = form_of(client.get(course.get_absolute_url()))
    assert client.post("/cart/add/", form, headers={"Origin": "http://friend.example"}).status_code == 403
    drawn = form_of(client.get(f"{course.get_absolute_url()}?x=1"))
    assert client.post("/cart/add/", drawn, headers={"Origin": "http://friend.example"}).status_code == 302


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


SHELF = "/courses/?category=programming"
NO_SHELVES = [
    "/courses/?category=made-up", "/courses/?category=", "/courses/?category=programming&x=1",
    "/courses/?category=programm%69ng", "/courses/?x=1&category=programming", "/clips/?category=programming",
    "/courses/kilns/?category=programming",
]  # fmt: skip


def test_a_shelf_is_kept_as_the_catalogue_is(course: Course, sam: User, django_assert_num_queries: object) -> None:
    first = Client().get(SHELF)
    assert "Kilns" in first.content.decode()
    assert b"nonce" not in first.content
    with django_assert_num_queries(0):
        again = Client().get(SHELF)
    assert again.content == first.content
    assert settled(again) == settled(first)
    course.take_down(by=sam, rule_code="spam", reason="Spam")
    assert "Kilns" not in Client().get(SHELF).content.decode()


@pytest.mark.parametrize("address", NO_SHELVES)
def test_no_made_up_shelf_is_kept(course: Course, address: str) -> None:
    for _twice in range(2):
        assert b"nonce" in Client().get(address).content


def settled(answer: HttpResponse) -> dict[str, str]:
    """Its headers, without what differs from request to request."""
    return {name: value for name, value in answer.headers.items() if name != "X-Request-ID"}


@pytest.mark.parametrize("address", ["/", "/courses/", "/courses/kilns/", "/courses/kilns/?hl=zh-hans"])
def test_a_kept_answer_has_every_header_of_a_drawn_one(course: Course, address: str) -> None:
    drawn, kept = Client().get(address), Client().get(address)
    assert drawn.resolver_match.func is not None
    assert settled(kept) == settled(drawn)
    assert {"Content-Security-Policy", "X-Frame-Options", "Referrer-Policy", "Vary"} <= set(settled(kept))
    assert int(kept["Content-Length"]) == len(kept.content)
    assert kept.content == drawn.content
    assert {name: each.OutputString() for name, each in kept.cookies.items()} == {
        name: each.OutputString() for name, each in drawn.cookies.items()
    }
    assert "csrftoken" not in kept.cookies


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


def _left_ms(request: HttpRequest) -> int:
    asked = kept_pages._asked(request, resolve(request.path))
    key = cache.make_key(f"window-2.{hashlib.sha256(asked.name.encode()).hexdigest()}")
    return cache._cache.get_client().pttl(key)  # type: ignore[attr-defined]


def test_no_page_is_older_than_five_seconds(client: Client, course: Course) -> None:
    address = course.get_absolute_url()
    client.get(address)
    assert 0 < _left_ms(RequestFactory().get(address)) <= 5_000
    for_nginx = {"X-Keep-As": "other system gzip"}
    answer = client.get(address, headers=for_nginx)
    # nginx counts whole seconds: told one, it may show a page for two.
    told = 1_000 * (int(answer["X-Accel-Expires"]) + 1)
    assert 0 < _left_ms(RequestFactory().get(address, headers=for_nginx)) <= 5_000 - told


class TestKeptForNginx:
    AS = {"X-Keep-As": "other system gzip"}

    def test_is_the_same_page_packed_with_a_tag_of_its_own(self, client: Client, course: Course) -> None:
        plain = client.get(course.get_absolute_url(), headers={"X-Keep-As": "other system plain"})
        packed = client.get(course.get_absolute_url(), headers=self.AS)
        assert packed["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.content) == plain.content == client.get(course.get_absolute_url()).content
        assert int(packed["Content-Length"]) == len(packed.content) < len(plain.content) / 3
        assert packed["ETag"] != plain["ETag"]
        for answer in (plain, packed):
            assert answer["X-Accel-Expires"] == "1"
            assert "Accept-Encoding" in answer["Vary"]
            assert not answer.cookies

    @pytest.mark.parametrize(
        ("keep_as", "headers", "query"),
        [
            ("zh-hans system gzip", {}, ""),
            ("en dark gzip", {}, ""),
            ("other system br", {}, ""),
            ("en system gzip", {}, ""),
            ("other system gzip", {"Accept-Language": "en"}, ""),
            ("other system", {}, ""),
            ("other system gzip", {"Accept-Language": "zh-hans"}, ""),
            ("other system gzip", {"Cookie": "theme=dark"}, ""),
            ("other system gzip", {"Cookie": "django_language=zh-hans"}, ""),
            ("other system gzip", {"Cookie": "sessionid=x"}, ""),
            ("other system gzip", {"Cookie": "messages=x"}, ""),
            ("other system gzip", {}, "?hl=en"),
            ("other system gzip", {}, "?x=1"),
        ],
    )
    def test_only_as_what_it_is(self, course: Course, keep_as: str, headers: dict[str, str], query: str) -> None:
        answer = Client().get(f"/courses/kilns/{query}", headers={**headers, "X-Keep-As": keep_as})
        assert answer.status_code == 200
        assert "X-Accel-Expires" not in answer
        assert "Content-Encoding" not in answer
        assert "Kilns" in answer.content.decode()

    def test_a_shelf_is_and_a_made_up_one_is_not(self, client: Client, course: Course) -> None:
        answer = client.get(SHELF, headers=self.AS)
        assert answer["X-Accel-Expires"] == "1"
        assert "Kilns" in gzip.decompress(answer.content).decode()
        for address in NO_SHELVES:
            assert "X-Accel-Expires" not in client.get(address, headers=self.AS), address

    @pytest.mark.parametrize("address", ["/cart/", "/accounts/login/", "/search/", "/courses/nothing/", "/healthz"])
    def test_nothing_else_is(self, client: Client, course: Course, address: str) -> None:
        assert "X-Accel-Expires" not in client.get(address, headers=self.AS)

    def test_also_while_the_cache_is_away(self, client: Client, course: Course, settings: object) -> None:
        backend = "marketplace.lib.valkey_cache.ValkeyCache"
        settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "redis://127.0.0.1:1/0"}}  # type: ignore[attr-defined]
        assert client.get(course.get_absolute_url(), headers=self.AS)["X-Accel-Expires"] == "1"


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
