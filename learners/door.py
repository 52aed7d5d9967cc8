"""The cheap way in for reports: no session, no statement of SQL. Signature and shape are judged, the rest waits.

Every player knocks each quarter of a minute, so what other requests go through (sessions, languages, forms' tokens) is
left out for these two addresses: the signed token in the body is the whole authority.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.urls import resolve, reverse
from django.urls.resolvers import ResolverMatch
from django.utils import translation

from marketplace.lib.errors import DomainError, problem_response

from . import report_tokens, reports, stream
from .evidence import WatchingEnded
from .report_tokens import ReportTokenRefused
from .reports import ReportUnreadable

RETRY_AFTER_S = {503: 2, 429: stream.OFTEN_S}
REFUSALS: dict[str, type[DomainError]] = {one.code: one for one in (WatchingEnded, ReportTokenRefused)}


class Door:
    """Middleware that answers reports and questions for their outcome before anything else is asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = self.addresses.get(request.path_info) if request.method == "POST" else None
        if known is None:
            return self.get_response(request)
        match, answer = known
        request.resolver_match = match  # what the figures of requests are counted under
        return answer(request)

    @cached_property
    def addresses(self) -> dict[str, tuple[ResolverMatch, Callable[[HttpRequest], HttpResponse]]]:
        answers = {"api-watch-reports": take, "api-watch-standing": tell}
        return {reverse(name): (resolve(reverse(name)), answer) for name, answer in answers.items()}


def take(request: HttpRequest) -> HttpResponse:
    """Let a report wait: 202 with its number and what is known of its session so far."""
    try:
        number, told = stream.put(reports.read(_body(request)))
        return _answer({"received": number, "standing": _standing(told)}, 202)
    except DomainError as refusal:
        return _refused(request, refusal)


def tell(request: HttpRequest) -> HttpResponse:
    """What is known of a session, whose token is in the body."""
    try:
        token = reports.mapping(_body(request)).get("token")
        ticket = report_tokens.read(token if isinstance(token, str) else "")
        return _answer({"standing": _standing(stream.told(ticket.session_id))}, 200)
    except DomainError as refusal:
        return _refused(request, refusal)


def _body(request: HttpRequest) -> bytes:
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > reports.MOST_BYTES:
            raise ReportUnreadable
        return request.body
    except (ValueError, RequestDataTooBig, UnreadablePostError):
        raise ReportUnreadable from None


def _standing(told: stream.Told | None) -> dict[str, Any] | None:
    """Raises the refusal that the session's last report met."""
    if told is None:
        return None
    if told.refused in REFUSALS:
        raise REFUSALS[told.refused]
    said = told._asdict()
    del said["refused"]
    return said


def _answer(said: dict[str, Any], status: int) -> HttpResponse:
    response = JsonResponse(said, status=status, headers={"Cache-Control": "no-store"})
    # Whoever would add it stands behind this door; without it the answer goes out in three pieces.
    response["Content-Length"] = str(len(response.content))
    return response


def _refused(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    with translation.override(translation.get_language_from_request(request)):
        response = problem_response(refusal)
    if refusal.status in RETRY_AFTER_S:
        response["Retry-After"] = str(RETRY_AFTER_S[refusal.status])
    return response
