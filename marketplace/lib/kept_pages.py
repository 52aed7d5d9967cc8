"""Whole pages that are the same for every visitor: drawn once, kept for seconds, sent with each visitor's own secrets.

A visitor is who has no session: nobody logged in, nothing in a cart, no message waiting. What still differs between two
of them is put in while a page is sent: the nonce of the Content-Security-Policy and the token of the forms.
"""

import re
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.translation import get_language

from marketplace.lib import links, window

THEMES = ("system", "light", "dark")
# Counts that change with every sale may be this old; what people decide calls `window.change` and shows at once.
SECONDS = 5
_LANGUAGES = frozenset(f"{links.LANGUAGE}={code}" for code, _name in settings.LANGUAGES)
_NONCE, _TOKEN = b"\0nonce\0", b"\0token\0"  # no page of ours has a NUL in it
_FORM_TOKEN = re.compile(rb'(?<=name="csrfmiddlewaretoken" value=")[A-Za-z0-9]{64}(?=")')

View = Callable[..., HttpResponse]


def theme_of(request: HttpRequest) -> str:
    asked = request.COOKIES.get("theme", "")
    return asked if asked in THEMES else THEMES[0]


def kept_page(view: View) -> View:
    """Decorates a view whose page depends on its path, the language and the theme, and on no visitor.

    Addresses with a query, but for the language that search engines list, are drawn each time: whoever makes up queries
    must not fill the cache.
    """

    @wraps(view)
    def sent(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if request.method != "GET" or (query and query not in _LANGUAGES) or is_known(request):
            return view(request, *args, **kwargs)
        name = f"page {get_language()} {theme_of(request)} {request.path} {query}"
        answers: list[HttpResponse] = []

        def draw() -> bytes | None:
            answer = view(request, *args, **kwargs)
            answers.append(answer)
            return _for_nobody(answer.content, request) if answer.status_code == 200 and not answer.cookies else None

        page = window.drawn(name, draw, SECONDS)
        return HttpResponse(_for_visitor(page, request)) if page and not answers else answers[0]

    return sent


def is_known(request: HttpRequest) -> bool:
    """Whether the browser has a session, or a message that waits."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES or "messages" in request.COOKIES


def _for_nobody(page: bytes, request: HttpRequest) -> bytes:
    return _FORM_TOKEN.sub(_TOKEN, page.replace(_nonce(request), _NONCE))


def _for_visitor(page: bytes, request: HttpRequest) -> bytes:
    page = page.replace(_NONCE, _nonce(request))
    return page.replace(_TOKEN, get_token(request).encode()) if _TOKEN in page else page


def _nonce(request: HttpRequest) -> bytes:
    return str(request.csp_nonce).encode()  # type: ignore[attr-defined]  # set by the policy's middleware
