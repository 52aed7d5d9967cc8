"""The head and the foot that are drawn once for all visitors: the same as drawn for one, with her own secrets."""

import re

import pytest
from django.contrib import messages
from django.http import HttpRequest
from django.middleware import csrf
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.safestring import SafeString

from accounts.models import User
from discovery import index, results
from marketplace.lib import frames
from marketplace.lib.form_tokens import token_of
from tests.courses.factories import make_course

pytestmark = pytest.mark.django_db

NEXT = re.compile(r'name="next" value="([^"]*)"')
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def settled(html: str) -> str:
    """Without what differs from request to request."""
    return re.sub(r'nonce="[^"]+"', "", TOKEN.sub("", html))


@pytest.mark.parametrize("address", ["/rules/?a=1", "/search/?q=b%22%3E<c>&price=free", "/courses/?price=free", "/"])
def test_a_kept_part_is_what_would_be_drawn(client: Client, settings: object, address: str) -> None:
    frames._drawn.clear()
    first, again = page(client, address), page(client, address)
    settings.DEBUG = True  # then nothing is kept
    assert settled(first) == settled(again) == settled(page(client, address))
    assert "\0" not in first


def test_the_address_and_the_words_are_the_requests_own(client: Client) -> None:
    page(client, "/search/?q=first")
    html = page(client, '/search/?q="><script>x')
    assert 'value="&quot;&gt;&lt;script&gt;x"' in html
    assert "<script>x" not in html
    assert set(NEXT.findall(html)) == {"/search/?q=%22%3E%3Cscript%3Ex"}
    assert "first" not in html


def test_each_visitor_posts_with_a_token_of_her_own() -> None:
    clients = [Client(enforce_csrf_checks=True) for _ in range(2)]
    tokens = [TOKEN.findall(page(each, "/search/?q=kiln"))[0] for each in clients]
    assert tokens[0] != tokens[1]
    form, address = {"theme": "dark", "next": "/"}, reverse("accounts:theme")
    assert clients[0].post(address, {**form, "csrfmiddlewaretoken": tokens[0]}).status_code == 302
    assert clients[0].post(address, {**form, "csrfmiddlewaretoken": tokens[1]}).status_code == 403


def test_a_token_is_what_django_makes(rf: RequestFactory) -> None:
    request = rf.get("/")
    tokens = [token_of(request) for _ in range(50)]
    assert len(set(tokens)) == 50  # each under a mask of its own
    secret = request.META["CSRF_COOKIE"]
    for made in [*tokens, get_token(request)]:
        assert (len(made), set(made) <= set(csrf.CSRF_ALLOWED_CHARS)) == (csrf.CSRF_TOKEN_LENGTH, True)
        assert csrf._does_token_match(made, secret)
    assert request.META["CSRF_COOKIE"] == secret
    assert set("".join(tokens)) == set(csrf.CSRF_ALLOWED_CHARS)


@pytest.fixture
def tells(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page of results has something to say to who asks for "secret", while it is being made; to nobody else."""
    page = results.page

    def telling(request: HttpRequest) -> results.Results:
        if request.GET["q"] == "secret":
            messages.success(request, "For your eyes alone")
        return page(request)

    monkeypatch.setattr(results, "page", telling)


def test_a_message_of_the_same_request_is_shown_once_and_never_kept(client: Client, tells: None) -> None:
    for first in ("secret", "kiln"):
        frames._drawn.clear()
        page(Client(), f"/search/?q={first}")
        # Before and after the frame is kept.
        assert page(client, "/search/?q=secret").count("For your eyes alone") == 1
        assert "For your eyes alone" not in page(client, "/search/?q=kiln")
        assert "For your eyes alone" not in page(Client(), "/search/?q=kiln")


def test_what_is_told_while_a_frame_is_drawn_is_not_kept_either(client: Client, rf: RequestFactory) -> None:
    frames._drawn.clear()
    request = client.get("/search/?q=kiln").wsgi_request
    frames._drawn.clear()

    def draw(marks: dict[str, SafeString]) -> str:
        messages.success(request, "For your eyes alone")
        return "For your eyes alone"

    assert frames.kept(request, "a", {}, draw) == "For your eyes alone"
    assert frames._drawn == {}


def test_who_is_logged_in_is_never_kept(client: Client, lin: User) -> None:
    frames._drawn.clear()
    client.force_login(lin)
    assert lin.email in page(client, "/search/?q=kiln")
    assert frames._drawn == {}
    assert lin.email not in page(Client(), "/search/?q=kiln")


def test_each_answer_has_a_nonce_of_its_own(client: Client) -> None:
    answers = [client.get("/search/?q=kiln") for _ in range(2)]
    found = [set(re.findall(r'nonce="([^"]*)"', answer.content.decode())) for answer in answers]
    assert found[0].isdisjoint(found[1])
    for answer, (nonce,) in zip(answers, found, strict=True):
        assert f"'nonce-{nonce}'" in answer["Content-Security-Policy"]


def test_no_language_is_mixed_into_another(client: Client) -> None:
    make_course(title="Kilns")
    index.refresh()
    english = client.get("/search/?q=kilns", headers={"Accept-Language": "en"}).content.decode()
    chinese = client.get("/search/?q=kilns", headers={"Accept-Language": "zh-hans"}).content.decode()
    for words in ("Skip to the content", "Log in", "Change the order", "Best rated", "Level"):
        assert words in english
        assert words not in chinese
