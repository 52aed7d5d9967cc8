"""A page in the language that its address asks for (`?hl=zh-hans`): what search engines list, one address a language.

Who asks for none of the site's languages gets the one that an administrator chose (`spoken`).

An address's language is for who has said nothing yet. A reader's own choice, by the switch on every page or in her
account, wins over the address that somebody sent her.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from marketplace.lib import links, spoken


class AskedLanguage:
    """Stands after LocaleMiddleware, whose guess it overrides, and before the reader's account."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = spoken.language_of(request)
        if language != translation.get_language():
            translation.activate(language)
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
        asked = links.asked_language(request)
        if not asked or settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
            return self.get_response(request)
        translation.activate(asked)
        request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]
        answer = self.get_response(request)
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            # The next page that she opens is in the same language.
            answer.set_cookie(
                settings.LANGUAGE_COOKIE_NAME, asked, samesite="Lax", secure=settings.LANGUAGE_COOKIE_SECURE
            )
        return answer
