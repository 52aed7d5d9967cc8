"""Which language a reader gets. Who has not logged in: what her cookie says, else what her browser asks for, else the
site's own, which somebody above the floor may decide (`falls_back_to`).
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, get_language_from_request, get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

# What our words are written in.
SOURCE = settings.LANGUAGE_CODE
_fallback: list[Callable[[], str]] = []


def reads_chinese(language: str = "") -> bool:
    """Whether this language is Chinese, or where none is named the one that is active; else it is given the English."""
    return (language or get_language() or "").startswith("zh")


def falls_back_to(default: Callable[[], str]) -> None:
    """`default` names the language for browsers that ask for none of the site's."""
    _fallback[:] = [default]


def language_of(request: HttpRequest) -> str:
    """As Django reckons it, but for the last step."""
    found = get_language_from_request(request)
    return _fallback[0]() if _fallback and is_fallback(request, found) else found


def is_fallback(request: HttpRequest, found: str = SOURCE) -> bool:
    """Whether she gets the site's own language because she asked for none that it has. `found`: what Django reckons."""
    return found == SOURCE and not _asks_for_one(request)


def _asks_for_one(request: HttpRequest) -> bool:
    """Whether cookie or header name a language that the site has."""
    said = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    asked = [code for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", ""))]
    return any(_has(code) for code in [said, *asked] if code and code != "*")


def _has(code: str) -> bool:
    try:
        return bool(get_supported_language_variant(code))
    except LookupError:
        return False
