"""In which languages all films of a course have captions, in words."""

from collections.abc import Iterable
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language


def languages_of(captions: Iterable[str]) -> list[str]:
    """What the languages (as `Course.captions` has them) are called by the reader."""
    return [_called(code, get_language() or "en") for code in captions]


@lru_cache(maxsize=512)
def _called(code: str, language: str) -> str:
    try:
        name = Locale.parse(code, sep="-").get_display_name(language.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return code
    return f"{name[:1].upper()}{name[1:]}" if name else code
