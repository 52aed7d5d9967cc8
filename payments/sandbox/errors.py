"""How the sandbox says no: the provider's error body."""

from typing import Any


class Refusal(Exception):
    """A 4xx with the provider's error object.

    `is_validation`: the parameters were wrong, so nothing was begun and nothing is kept under the idempotency key.
    """

    def __init__(
        self, message: str, *, code: str = "", param: str = "", status: int = 400, is_validation: bool = False,
        type_: str = "invalid_request_error",
    ) -> None:  # fmt: skip
        super().__init__(message)
        self.status, self.is_validation = status, is_validation
        fields = {"type": type_, "message": message, "code": code, "param": param}
        self.body: dict[str, Any] = {"error": {name: value for name, value in fields.items() if value}}


def missing(kind: str, id_: str) -> Refusal:
    return Refusal(f"No such {kind}: '{id_}'", code="resource_missing", param="id", status=404, is_validation=True)


def wrong(param: str, message: str, code: str = "parameter_invalid") -> Refusal:
    return Refusal(message, code=code, param=param, is_validation=True)
