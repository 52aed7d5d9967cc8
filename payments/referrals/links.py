"""The way from a link to the checkout: a signed cookie that says who sent the visitor, and when.

For how long that counts is the rule's at the checkout (`RevenueRule.remembered_days`). The page itself is drawn without
the cookie, so pages that are kept for everybody stay the same; of the database only the time is asked.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from marketplace.lib import clock

from ..models.coupon import as_code
from ..models.revenue_rule import MOST_REMEMBERED_DAYS
from . import Followed, clicks

COOKIE = "ref"
PARAMETER = "ref"
KEPT = timedelta(days=MOST_REMEMBERED_DAYS)  # longer no rule remembers
_SALT = "payments.referral"
_KNOWN = "k"


def followed(request: HttpRequest) -> Followed:
    """The link that this visitor followed last; without a code when there is none, or one as old as no rule knows.

    A cookie of the time before this one says no time: it counts as long as the browser keeps it. Nobody but us writes
    into it that its code is known.
    """
    kept = request.get_signed_cookie(COOKIE, default="", salt=_SALT, max_age=int(KEPT.total_seconds())) or ""
    code, seconds, known = (*kept.split("."), "", "")[:3]
    at = datetime.fromtimestamp(int(seconds), UTC) if seconds.isdigit() and len(seconds) < 12 else None
    return Followed(as_code(code), at, known == _KNOWN)


def remember(request: HttpRequest, response: HttpResponse, code: str, *, is_known: bool = False) -> None:
    """The last link counts. The same one followed again is no new click, but its days begin anew. `is_known`: the code
    was looked up and is somebody's; what was known once stays so.
    """
    before = followed(request)
    if before.code != code:
        clicks.count(code)
    elif before.is_known:
        is_known = True
    said = f"{code}.{int(clock.now().timestamp())}" + (f".{_KNOWN}" if is_known else "")
    response.set_signed_cookie(
        COOKIE, said, salt=_SALT, max_age=int(KEPT.total_seconds()), httponly=True, samesite="Lax",
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
