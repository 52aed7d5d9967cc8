"""Answers for following one request through all logs: its id goes in and out, and into every task that it rings."""

import re
import time
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from celery import signals
from django.http import HttpRequest, HttpResponse
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

HEADER = "X-Request-ID"
# What a proxy in front of us may have given; anything else could forge log lines.
ACCEPTED = re.compile(r"[A-Za-z0-9._-]{8,64}")
# Asked every few seconds by machines: their lines would bury the others.
UNLOGGED = ("/healthz", "/readyz", "/metrics", "/static/", "/hls/", "/hls-right/", "/api/v1/watch/")
# Whoever reads one of these addresses has its right: a part's signature, a reset key. Their route is logged instead.
SECRET_PATHS = ("/uploads/", "/accounts/password/reset/key/", "/accounts/confirm-email/", "/accounts/login/code/")

log = structlog.get_logger("request")


def new_id() -> str:
    return uuid.uuid4().hex


class RequestId:
    """Middleware: binds the id for the request's logs, answers with it, and writes one line a request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        request_id = given if ACCEPTED.fullmatch(given) else new_id()
        clear_contextvars()
        bind_contextvars(request_id=request_id)
        began = time.perf_counter()
        response = self.get_response(request)
        response[HEADER] = request_id
        if not request.path.startswith(UNLOGGED):
            log.info(
                "request",
                method=request.method,
                path=logged_path(request),
                status=response.status_code,
                ms=round((time.perf_counter() - began) * 1000),
            )
        return response


def logged_path(request: HttpRequest) -> str:
    if not request.path.startswith(SECRET_PATHS):
        return request.path
    return f"/{request.resolver_match.route}" if request.resolver_match else "/…"


# --- and on into the tasks ------------------------------------------------------------------------------------------


@signals.before_task_publish.connect
def send_along(headers: dict[str, Any] | None = None, **kwargs: Any) -> None:
    if headers is not None and (request_id := get_contextvars().get("request_id")):
        headers["request_id"] = request_id


@signals.task_prerun.connect
def take_up(task_id: str, task: Any, **kwargs: Any) -> None:
    clear_contextvars()
    # A message's headers become the request's attributes; a task that is applied in place keeps them apart.
    request = task.request
    request_id = getattr(request, "request_id", None) or (request.headers or {}).get("request_id") or new_id()
    bind_contextvars(request_id=request_id, task=task.name, task_id=task_id)


@signals.task_postrun.connect
def lay_down(**kwargs: Any) -> None:
    clear_contextvars()
