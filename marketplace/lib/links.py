"""Full addresses for what leaves the site: mails, the payment provider, the API, search engines."""

from django.conf import settings
from django.http import HttpRequest

LANGUAGE = "hl"
_KNOWN = dict(settings.LANGUAGES)


def here(address: str) -> str:
    """An address of our own as its path alone: the reader stays on the name by which she came. Others as they are."""
    base = settings.KEZHAN_BASE_URL.rstrip("/")
    return address.removeprefix(base) if address.startswith(f"{base}/") else address


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


def in_all_languages(address: str) -> list[tuple[str, str]]:
    """(language as BCP 47, address) of each; "x-default" is the address that follows its reader."""
    each = [("zh-Hans" if code == "zh-hans" else code, in_language(address, code)) for code in _KNOWN]
    return [*each, ("x-default", address)]
