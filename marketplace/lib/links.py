"""Addresses of our own: full ones for what leaves the site (mails, the payment provider, the API, search engines), and
the many that differ in nothing but a slug.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_script_prefix, reverse

LANGUAGE = "hl"
_KNOWN = dict(settings.LANGUAGES)


def here(address: str) -> str:
    """An address of our own as its path alone: the reader stays on the name by which she came. Others as they are."""
    base = settings.KEZHAN_BASE_URL.rstrip("/")
    return address.removeprefix(base) if address.startswith(f"{base}/") else address


def of_slug(name: str, slug: str, key: Any = "") -> str:
    """As `reverse` of a view that takes a slug, or a slug and a UUID, at a tenth of its cost: pages have dozens."""
    start, between, end = _around(name, bool(key), get_script_prefix())
    return f"{start}{slug}{between}{key}{end}"


@lru_cache(maxsize=64)
def _around(name: str, has_key: bool, prefix: str) -> tuple[str, str, str]:
    slug, key = "slug-of-a-page", "00000000-0000-4000-8000-000000000000"
    start, end = reverse(name, args=[slug, key] if has_key else [slug]).split(slug)
    return (start, *end.split(key)) if has_key else (start, "", end)  # type: ignore[return-value]


def absolute(path: str) -> str:
    return settings.KEZHAN_BASE_URL.rstrip("/") + path


def asked_language(request: HttpRequest) -> str:
    """The language of the site that the address asks for, or ""."""
    # Most addresses ask for none: their query is not taken apart.
    if f"{LANGUAGE}=" not in request.META.get("QUERY_STRING", ""):
        return ""
    asked = request.GET.get(LANGUAGE, "").lower()
    return asked if asked in _KNOWN else ""


def in_language(address: str, language: str) -> str:
    """The address at which a page is in that language, whoever asks."""
    return f"{address}{'&' if '?' in address else '?'}{LANGUAGE}={language}"


def in_all_languages(address: str, languages: Iterable[str] | None = None) -> list[tuple[str, str]]:
    """(language as BCP 47, address) of each, or of those named; "x-default" is the address that follows its reader."""
    named = _KNOWN if languages is None else languages
    each = [("zh-Hans" if code == "zh-hans" else code, in_language(address, code)) for code in named]
    return [*each, ("x-default", address)]
