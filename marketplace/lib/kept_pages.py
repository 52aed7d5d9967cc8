"""Whole pages that are the same for every visitor: drawn once, kept for seconds, sent with each visitor's own secrets.

A visitor is who has no session: nobody logged in, nothing in a cart, no message waiting. What still differs between two
of them is put in while a page is sent: the nonce of the Content-Security-Policy, the token of the forms and its cookie.
Pages are kept with the headers that they were answered with, and are sent before sessions, languages, policies and
people are looked at: most of a kept page's cost was those.
"""

import os
import re
from base64 import b64encode
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.translation import get_language_from_request

from marketplace.lib import links, window
from marketplace.lib.form_tokens import token_of

THEMES = ("system", "light", "dark")
# Counts that change with every sale may be this old; what people decide calls `window.change` and shows at once.
SECONDS = 5
_LANGUAGES = frozenset(f"{links.LANGUAGE}={code}" for code, _name in settings.LANGUAGES)
# The one that a page asks for by its address, and the one that is each visitor's own.
_COOKIES = {settings.LANGUAGE_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
_POLICY = "Content-Security-Policy"
# Begins with plain letters, which are looked for at once; what it finds stands in a page as a NUL for a moment.
_FORM_TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=")[A-Za-z0-9]{64}(?=")')

View = TypeVar("View", bound=Callable[..., HttpResponse])


class Page(NamedTuple):
    """An answer without what is one visitor's. Kept as a bare tuple, so that no release meets another's class."""

    headers: dict[str, str]
    policy: list[str]  # between its nonces
    cookies: list[str]
    text: list[list[bytes]]  # between the tokens of its forms, and there between its nonces


def theme_of(request: HttpRequest) -> str:
    asked = request.COOKIES.get("theme", "")
    return asked if asked in THEMES else THEMES[0]


def is_known(request: HttpRequest) -> bool:
    """Whether the browser has a session, or a message that waits."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES or "messages" in request.COOKIES


def has_told(request: HttpRequest) -> bool:
    """Whether this request itself has a message for its reader: shown at once, it leaves no cookie behind."""
    return bool(getattr(get_messages(request), "added_new", False))


def kept_page(view: View) -> View:
    """Says of a view that its page depends on its path, the language and the theme, and on no visitor.

    Addresses with a query, but for the language that search engines list, are drawn each time: whoever makes up queries
    must not fill the cache.
    """
    view.is_kept_page = True  # type: ignore[attr-defined]
    return view


class KeptPages:
    """Middleware that answers visitors with what is kept, and keeps what is drawn. Stands where nothing before it
    depends on who asks, and before everything that does.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.forms = CsrfViewMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        match = _kept_at(request.path_info) if request.method == "GET" else None
        if match is None or not (name := _name_of(request)):
            return self.get_response(request)
        answers: list[HttpResponse] = []

        def draw() -> tuple[Any, ...] | None:
            answers.append(self.get_response(request))
            page = _for_nobody(answers[0], request)
            return page and tuple(page)

        page = window.drawn(name, draw, SECONDS)
        if answers:
            return answers[0]
        request.resolver_match = match  # what the figures of requests are counted under
        return self._for_visitor(Page(*page or ()), request)

    def _for_visitor(self, page: Page, request: HttpRequest) -> HttpResponse:
        request.get_host()  # raises DisallowedHost
        nonce = b64encode(os.urandom(16))
        self.forms.process_request(request)
        token = token_of(request).encode() if len(page.text) > 1 else b""
        text = token.join([nonce.join(pieces) for pieces in page.text])
        response = HttpResponse(text, headers={**page.headers, "Content-Length": str(len(text))})
        if page.policy:
            response[_POLICY] = nonce.decode().join(page.policy)
        for cookie in page.cookies:
            response.cookies.load(cookie)
        self.forms.process_response(request, response)
        return response


def _for_nobody(answer: HttpResponse, request: Any) -> Page | None:
    """None where the answer is not for everybody."""
    if answer.status_code != 200 or answer.streaming or set(answer.cookies) - _COOKIES or has_told(request):
        return None
    headers = {name: value for name, value in answer.headers.items() if name != "Content-Length"}
    policy = headers.pop(_POLICY, None)
    nonce = str(request.csp_nonce) if request.csp_nonce else None  # None: nobody asked for it
    text = _FORM_TOKEN.sub(rb"\1\0", answer.content).split(b"\0")
    return Page(
        headers,
        policy.split(nonce) if policy and nonce else [policy] if policy else [],
        [cookie.OutputString() for name, cookie in answer.cookies.items() if name != settings.CSRF_COOKIE_NAME],
        [piece.split(nonce.encode()) if nonce else [piece] for piece in text],
    )


@lru_cache(maxsize=1024)
def _kept_at(path: str) -> ResolverMatch | None:
    try:
        match = resolve(path)
    except Resolver404:
        return None
    return match if getattr(match.func, "is_kept_page", False) else None


def _name_of(request: HttpRequest) -> str:
    """Who asks under the same name is sent the same page; "" where it is to be drawn."""
    query = request.META.get("QUERY_STRING", "")
    has_said = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
    # A language in the address does not count for who has said hers, and is remembered for who has not.
    if is_known(request) or (query and (query not in _LANGUAGES or has_said)):
        return ""
    language = links.asked_language(request) or get_language_from_request(request)
    return f"whole page {language} {theme_of(request)} {request.path} {query}"
