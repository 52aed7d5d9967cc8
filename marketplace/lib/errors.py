"""The root of every anticipated refusal: a stable code, and a sentence fit for the person who was refused."""

from typing import Any

from django.http import JsonResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A rule refused an act. Subclasses stand in the file that raises them and are named for the fact."""

    code = "refused"
    status = 409
    message: str | Promise = _("This cannot be done now.")

    def __init__(self, message: str | Promise | None = None, **facts: Any) -> None:
        if message is not None:
            self.message = message
        self.facts = facts
        super().__init__(self.message)

    def __str__(self) -> str:
        return str(self.message)

    @property
    def headers(self) -> dict[str, str]:
        """What an answer that says it carries beside it: when to come again, where that is known."""
        wait = self.facts.get("retry_after_s")
        return {"Retry-After": str(wait)} if wait else {}

    def as_problem(self) -> dict[str, Any]:
        """As the API says it (RFC 9457), with the facts beside it."""
        return problem(self.status, self.code, str(self)) | {name: _plain(value) for name, value in self.facts.items()}


def problem_response(refusal: DomainError) -> JsonResponse:
    """The API's answer where a request is refused before it reaches the API: by a middleware."""
    return JsonResponse(
        refusal.as_problem(), status=refusal.status, content_type="application/problem+json", headers=refusal.headers
    )


class NoAnswer(Exception):
    """Somebody else's machine was asked and is silent: of the thing itself that says nothing."""


class NotAllowed(DomainError):
    """The person may see the thing but may not do this to it."""

    code = "not_allowed"
    status = 403
    message = _("You may not do this.")


def named(error: object) -> str:
    """As a row of work keeps it: an exception with its kind before it."""
    return f"{type(error).__name__}: {error}" if isinstance(error, BaseException) else str(error)


def problem(status: int, code: str, detail: str) -> dict[str, Any]:
    """The body of application/problem+json."""
    return {
        "type": f"urn:kezhan:{code}",
        "title": code.replace("_", " "),
        "status": status,
        "detail": detail,
        "code": code,
    }


def _plain(value: Any) -> Any:
    if hasattr(value, "as_json"):
        return value.as_json()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | int | bool | dict | None) else str(value)
