"""Pages that are kept for visitors: alike for all of them, each with her own secrets, and never somebody else's."""

import re

import pytest
from django.test import Client

from accounts.models import User
from courses.models import Course
from marketplace.lib.money import Money
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
