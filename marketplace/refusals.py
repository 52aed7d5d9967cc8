"""The one door through which refusals reach people and programs: a page, or application/problem+json."""

from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.defaults import page_not_found
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from marketplace.lib.errors import DomainError, problem

Answer = TypeVar("Answer", bound=HttpResponse)


class RefusalMiddleware:
    """Turns a DomainError that left a page's view into the refusal page, and gives a page to whoever opens an address
    that only forms are sent to: a login in between, or a reload, leads there.
    """

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        is_bare = answer.status_code == 405 and not answer.streaming and not answer.content
        if request.method == "GET" and is_bare and request.accepts("text/html"):
            page = render(request, "405.html", status=405)
            page["Allow"] = answer["Allow"]
            return page
        return answer

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if is_about_nul(error):
            return page_not_found(request, error)
        if not isinstance(error, DomainError):
            return None
        template = "403.html" if error.status == 403 else "409.html"
        return _with_headers(render(request, template, {"refusal": error}, status=error.status), error)


def is_about_nul(error: Exception) -> bool:
    """PostgreSQL keeps no text with a NUL in it; its driver says so before anything is sent. Nobody means one."""
    return isinstance(error, ValueError) and "NUL (0x00)" in str(error)


def problem_details(error: Exception, context: dict[str, Any]) -> Response | None:
    """RFC 9457 for every error of the API: type, title, status, detail, code, and `errors` by field."""
    if isinstance(error, DomainError):
        return _with_headers(_response(error.as_problem(), error.status), error)
    if isinstance(error, ValidationError):
        error = exceptions.ValidationError(
            error.message_dict if hasattr(error, "error_dict") else {"non_field_errors": error.messages}
        )
    if is_about_nul(error):
        error = exceptions.ValidationError("A text may not have a NUL character in it.")
    response = exception_handler(error, context)
    if response is None:
        return None
    body = problem(response.status_code, _code_of(error), _detail_of(error))
    if isinstance(error, exceptions.ValidationError):
        body["errors"] = response.data
    answer = _response(body, response.status_code)
    for header in ("WWW-Authenticate", "Retry-After"):
        if response.has_header(header):
            answer[header] = response[header]
    return answer


def _with_headers(answer: Answer, error: DomainError) -> Answer:
    for name, value in error.headers.items():
        answer[name] = value
    return answer


def _response(body: dict[str, Any], status: int) -> Response:
    return Response(body, status=status, content_type="application/problem+json")


def _code_of(error: Exception) -> str:
    if isinstance(error, exceptions.ValidationError):
        return "invalid"
    if isinstance(error, Http404):
        return "not_found"
    if isinstance(error, PermissionDenied):
        return "permission_denied"
    return str(getattr(error, "default_code", "error"))


def _detail_of(error: Exception) -> str:
    if isinstance(error, exceptions.ValidationError):
        return "Some fields are wrong; see errors."
    if isinstance(error, exceptions.APIException):
        return str(error.detail)
    return "There is nothing here for you." if isinstance(error, Http404) else "You may not do this."
