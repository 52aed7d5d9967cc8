"""The way from a link to the checkout: a signed cookie that remembers for thirty days who sent the visitor.

The page itself is drawn without it, so pages that are kept for everybody stay the same; nothing is written to the
database while a page is read.
"""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from ..models.coupon import as_code
from . import clicks

COOKIE = "ref"
PARAMETER = "ref"
REMEMBERED = timedelta(days=30)
_SALT = "payments.referral"


def code_of(request: HttpRequest) -> str:
    """The code of the link that this visitor followed last, in the last thirty days; "" without one."""
    kept = request.get_signed_cookie(COOKIE, default="", salt=_SALT, max_age=int(REMEMBERED.total_seconds()))
    return as_code(kept or "")


def remember(request: HttpRequest, response: HttpResponse, code: str) -> None:
    """The last link counts. The same one followed again is no new click, but its thirty days begin anew."""
    if code_of(request) != code:
        clicks.count(code)
    response.set_signed_cookie(
        COOKIE, code, salt=_SALT, max_age=int(REMEMBERED.total_seconds()), httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip


class ReferralLinks:
    """Remembers `?ref=CODE` of any page that was read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "GET" and PARAMETER in request.GET and response.status_code == 200:
            code = as_code(request.GET[PARAMETER])
            if code:
                remember(request, response, code)
        return response
