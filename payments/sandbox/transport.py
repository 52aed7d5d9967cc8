"""The sandbox as an HTTP client of Stripe's own library: a request goes in, the provider's answer comes out.

Each request is one transaction of the sandbox: the effect, its events and the answer kept under the idempotency key
come to be together or not at all. It must not be called inside a caller's transaction, as no provider can be.
"""

import json
import time
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import urlsplit

import stripe
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from .encoding import decoded
from .errors import Refusal
from .expand import expanded
from .models import SandboxFault, SandboxKey, SandboxLate
from .operations import Operation, found

Response = tuple[str, int, Mapping[str, str]]
_STATUS_FAULTS = {
    "500": (500, "api_error", ""),
    "409": (409, "invalid_request_error", "lock_timeout"),
    "429": (429, "invalid_request_error", "rate_limit"),
    "402": (402, "card_error", "card_declined"),
    "400": (400, "invalid_request_error", "sandbox_refused"),
}


class SandboxTransport(stripe.HTTPClient):
    """Answers in this process."""

    name: ClassVar[str] = "kezhan-sandbox"
    # How long a client waits for a slow answer before it gives up.
    patience_s: float = 20
    # How long what was not answered takes until it has its effect, where that was asked for.
    late_by: ClassVar[timedelta] = timedelta(minutes=10)

    def __init__(self) -> None:
        super().__init__()
        if "_live_" in settings.STRIPE_SECRET_KEY:
            raise ImproperlyConfigured("A live Stripe key is set: the sandbox refuses to play the provider.")

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None, **_usage: Any
    ) -> Response:
        headers, split = headers or {}, urlsplit(url)
        text = post_data if method == "post" else split.query
        form, key = headers.get("Content-Type", "") if method == "post" else "", headers.get("Idempotency-Key", "")
        params = decoded(text, form)
        match = found(method, split.path)
        if match is None:
            return _response(404, _error(f"Unrecognized request URL ({method.upper()}: {split.path})."))
        _catch_up()
        mode = SandboxFault.objects.take(match[0].name)
        if mode == SandboxFault.Mode.TIMEOUT_BEFORE:
            raise stripe.APIConnectionError("The request was lost on its way.", should_retry=True)
        if mode == SandboxFault.Mode.LATE:
            if method != "get":
                SandboxLate.objects.put_off(
                    method=method, path=split.path, text=text or "", form=form, key=key, by=self.late_by
                )
            raise stripe.APIConnectionError("The answer was lost on its way.", should_retry=True)
        with transaction.atomic(durable=True):
            status, body = _answer(*match, params, key, _named(method, split.path, text), mode)
        return self._answered(status, body, mode)

    def _answered(self, status: int, body: dict[str, Any], mode: str) -> Response:
        """The answer as it arrives, when it does: what was asked for has taken effect by now."""
        modes = SandboxFault.Mode
        if mode == modes.SLOW_AFTER:
            time.sleep(self.patience_s)
        if mode in (modes.TIMEOUT_AFTER, modes.SLOW_AFTER):
            raise stripe.APIConnectionError("The answer was lost on its way.", should_retry=True)
        if mode == modes.BROKEN_AFTER:
            return "<html>", status, {"Request-Id": _request_id()}
        if mode == modes.ERROR_500_AFTER:
            return _response(500, {"error": {"type": "api_error", "message": "A failure that was asked for."}})
        return _response(status, body)

    def close(self) -> None:
        """Nothing is open."""


def _catch_up() -> None:
    """Carry out what was put off and is due. Its answer is nobody's, and kept under its key."""
    for late in SandboxLate.objects.due():
        match = found(late.method, late.path)
        with transaction.atomic(durable=True):
            if match is not None and late.take():
                _answer(
                    *match, decoded(late.text, late.form), late.key, _named(late.method, late.path, late.text), ""
                )  # fmt: skip


def _named(method: str, path: str, text: Any) -> str:
    """A request as keys compare it."""
    return f"{method} {path} {text}"


def _answer(
    operation: Operation, ids: dict[str, str], params: dict[str, Any], key: str, request: str, mode: str
) -> tuple[int, dict[str, Any]]:
    kept: SandboxKey | None = None
    if SandboxLate.objects.has(key):
        mode = SandboxFault.Mode.CONFLICT_409
    try:
        with transaction.atomic():
            if key:
                kept, is_new = SandboxKey.objects.open(key, request)
                if not is_new and kept.status is not None:
                    return kept.status, kept.body or {}
            status, body = _run(operation, ids, params, mode)
            if kept is not None and _is_kept(status, request):
                kept.keep(status, body)
            return status, body
    except Refusal as refusal:
        if kept is not None and not refusal.is_validation and _is_kept(refusal.status, request):
            SandboxKey.objects.open(key, request)[0].keep(refusal.status, refusal.body)
        return refusal.status, refusal.body


def _is_kept(status: int, request: str) -> bool:
    """Whether the answer is given again under its key. In version 2 of the API a failure is not: it is tried anew."""
    return status == 200 if " /v2/" in request else status not in (409, 429)


def _run(operation: Operation, ids: dict[str, str], params: dict[str, Any], mode: str) -> tuple[int, dict[str, Any]]:
    if mode in _STATUS_FAULTS:
        status, type_, code = _STATUS_FAULTS[mode]
        return status, {"error": {"type": type_, "code": code, "message": f"A failure that was asked for: {mode}."}}
    expand = params.pop("expand", [])
    answer = operation.run(params, **ids)
    if "error" in answer:
        return 402, answer  # a bank's no leaves the payment that failed
    return 200, expanded(answer, expand)


def _error(message: str) -> dict[str, Any]:
    return {"error": {"type": "invalid_request_error", "message": message}}


def _request_id() -> str:
    return f"req_{uuid.uuid4().hex[:14]}"


def _response(status: int, body: dict[str, Any]) -> Response:
    return json.dumps(body), status, {"Request-Id": _request_id(), "Content-Type": "application/json"}
