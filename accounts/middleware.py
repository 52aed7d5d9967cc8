"""A signed-in reader's own language and time zone."""

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

# Segments of films and parts of uploads: bytes without words, asked for by the hundred, so no query for the reader.
BYTES = ("/hls/", "/hls-right/", "/uploads/")


class ReaderPreferences:
    """The language cookie, set by the switch on every page, wins over the account's language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(BYTES):
            return self.get_response(request)
        # Reading the session cookie's presence first keeps anonymous pages free of queries.
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return self.get_response(request)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]
        try:
            timezone.activate(ZoneInfo(request.user.time_zone))
        except (ZoneInfoNotFoundError, ValueError):
            timezone.deactivate()
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()
