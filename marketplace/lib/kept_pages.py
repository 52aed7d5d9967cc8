"""Whole pages that are the same for every visitor, byte for byte: drawn once, kept for seconds, here and in nginx.

A visitor is who has no session: nobody logged in, nothing in a cart, no message waiting. What a drawn page has of one
browser's own is taken out before it is kept: no script of a kept page needs the nonce of the Content-Security-Policy,
which names our own address, and its forms carry a word in place of a token and are taken by where they come from
(`form_tokens`). Pages are kept with the headers that they were answered with, and are sent before sessions, languages,
policies and people are looked at: most of a kept page's cost was those.

nginx keeps pages too, under what it says in X-Keep-As: language, theme and coding (deploy/nginx.conf). Only where that
is what we reckon ourselves is it told to keep the answer, so that two ways to read a header cannot mix pages up.
"""

import hashlib
import re
import zlib
from collections.abc import Callable, Container
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.cache import patch_vary_headers

from marketplace.lib import form_tokens, links, spoken, window

THEMES = ("system", "light", "dark")
# Counts that change with every sale may be this old; what people decide calls `window.change` and shows at once, and
# within two seconds where nginx keeps pages.
SECONDS = 5
# What nginx is told. It counts whole seconds, so it may show what it keeps for nearly one more.
NGINX_SECONDS = 1
# What nginx asks for is kept so long here, and so no page is older than SECONDS when it is shown last.
_FOR_NGINX = SECONDS - NGINX_SECONDS - 1
KEEP_AS = "X-Keep-As"
GZIP = "gzip"
# What nginx calls the language of who asks for none of ours: which one that is, the site decides and may change.
OTHER = "other"
# Drawn once in three seconds and sent a thousand times: worth more than nginx's own first level.
_LEVEL = 6
_LANGUAGES = frozenset(f"{links.LANGUAGE}={code}" for code, _name in settings.LANGUAGES)
# The one that a page asks for by its address, and the one that is each visitor's own.
_COOKIES = {settings.LANGUAGE_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
_POLICY = "Content-Security-Policy"
_FORM_TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=")[A-Za-z0-9]{64}(?=")')

View = TypeVar("View", bound=Callable[..., HttpResponse])


class Page(NamedTuple):
    """An answer without what is one visitor's. Kept as a bare tuple, so that no release meets another's class."""

    headers: dict[str, str]
    cookies: list[str]
    body: bytes


class Asked(NamedTuple):
    """Who asks under the same name is sent the same page; `coding`: what nginx wants to keep, "" where it does not."""

    name: str
    coding: str = ""


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


def kept_with(queries: Callable[[], Container[str]]) -> Callable[[View], View]:
    """As `kept_page`, and it is kept with each of these queries too, as they are written: few, and none made up. They
    are asked for at each request that has a query, so they must be at hand.
    """

    def marked(view: View) -> View:
        view.kept_queries = queries  # type: ignore[attr-defined]
        return kept_page(view)

    return marked


class KeptPages:
    """Middleware that answers visitors with what is kept, keeps what is drawn, and takes the forms of kept pages back.
    Stands where nothing before it depends on who asks, and before everything that does.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        match = _kept_at(request.path_info) if request.method == "GET" else None
        asked = _asked(request, match) if match else None
        if asked is None:
            return self.get_response(request)
        answers: list[HttpResponse] = []

        def draw() -> tuple[Any, ...] | None:
            answers.append(self.get_response(request))
            page = _for_nobody(answers[0], request, asked.coding)
            return page and tuple(page)

        page = window.drawn(asked.name, draw, _FOR_NGINX if asked.coding else SECONDS)
        if page is None:
            return answers[0]
        request.resolver_match = match  # what the figures of requests are counted under
        return _sent(Page(*page), request)

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> None:
        """Django's own middleware, which comes next, asks for no token of what this has taken."""
        if not getattr(view, "csrf_exempt", False) and form_tokens.is_of_kept_page(request):
            request.csrf_processing_done = True  # type: ignore[attr-defined]


def _sent(page: Page, request: HttpRequest) -> HttpResponse:
    request.get_host()  # raises DisallowedHost
    response = HttpResponse(page.body, headers=page.headers)
    for cookie in page.cookies:
        response.cookies.load(cookie)
    return response


def _for_nobody(answer: HttpResponse, request: Any, coding: str) -> Page | None:
    """None where the answer is not for everybody."""
    if answer.status_code != 200 or answer.streaming or set(answer.cookies) - _COOKIES or has_told(request):
        return None
    nonce = str(request.csp_nonce) if request.csp_nonce else ""  # none: nobody asked for it
    body = _FORM_TOKEN.sub(rb"\1" + form_tokens.OF_KEPT_PAGE.encode(), answer.content)
    if nonce:
        body = body.replace(f' nonce="{nonce}"'.encode(), b"")
        if _POLICY in answer:
            answer[_POLICY] = answer[_POLICY].replace(f" 'nonce-{nonce}'", "")
    if coding:
        body = _for_nginx(answer, body, coding)
    answer["Content-Length"] = str(len(body))
    cookies = [each.OutputString() for name, each in answer.cookies.items() if name != settings.CSRF_COOKIE_NAME]
    return Page(dict(answer.headers), cookies, body)


def _for_nginx(answer: HttpResponse, body: bytes, coding: str) -> bytes:
    """The body as nginx is to keep it, and the headers that say for how long. Browsers ask each time, by its ETag."""
    patch_vary_headers(answer, ["Accept-Encoding"])
    if coding == GZIP:
        packed = zlib.compressobj(_LEVEL, wbits=31)
        body = packed.compress(body) + packed.flush()
        answer["Content-Encoding"] = GZIP
    answer["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    answer["Cache-Control"] = "private, no-cache"
    answer["X-Accel-Expires"] = str(NGINX_SECONDS)
    return body


@lru_cache(maxsize=1024)
def _kept_at(path: str) -> ResolverMatch | None:
    try:
        match = resolve(path)
    except Resolver404:
        return None
    return match if getattr(match.func, "is_kept_page", False) else None


def _asked(request: HttpRequest, match: ResolverMatch) -> Asked | None:
    """None where the page is to be drawn."""
    query = request.META.get("QUERY_STRING", "")
    has_said = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
    if is_known(request):
        return None
    is_own = not query or query in getattr(match.func, "kept_queries", tuple)()
    # A language in the address does not count for who has said hers, and is remembered for who has not.
    if not is_own and (query not in _LANGUAGES or has_said):
        return None
    language = links.asked_language(request) or spoken.language_of(request)
    shown = f"{language} {theme_of(request)}"
    keeps, _, coding = request.headers.get(KEEP_AS, "").rpartition(" ")
    reckoned = f"{OTHER} {theme_of(request)}" if spoken.is_fallback(request) else shown
    if not is_own or keeps != reckoned or coding not in (GZIP, "plain"):
        return Asked(f"whole page {shown} {request.path} {query}")
    return Asked(f"whole page {shown} {coding} {request.path} {query}", coding)
