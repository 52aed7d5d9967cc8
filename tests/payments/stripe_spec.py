"""Stripe's own OpenAPI file as a judge: every request that we send and every answer that the sandbox gives.

`stripe_file` fetches it and keeps it. What it does not have, version 2, `stripe_types` judges.
"""

import json
import re
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import stripe

from payments.sandbox.encoding import decoded
from payments.sandbox.transport import SandboxTransport
from tests.payments import stripe_file, stripe_types
from tests.payments.contract_broken import ContractBroken

# The library's own key, when none is given: it protects its own retries and nothing of ours.
_DRAWN = re.compile(r"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@cache
def spec() -> dict[str, Any]:
    return stripe_file.read()


@cache
def _patterns() -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    paths = sorted(spec()["paths"].items(), key=lambda item: item[0].count("{"))
    return [(re.compile("^" + re.sub(r"\{\w+\}", "[^/]+", path) + "$"), operations) for path, operations in paths]


def check_request(method: str, url: str, post_data: str | None) -> dict[str, Any]:
    """The operation that the request belongs to. Raises ContractBroken for an unknown one or a wrong parameter."""
    split = urlsplit(url)
    operation = next((ops[method] for pattern, ops in _patterns() if pattern.match(split.path) and method in ops), None)
    if operation is None:
        raise ContractBroken(f"{method} {split.path} is not an operation of Stripe")
    if method == "post":
        content = operation["requestBody"]["content"]
        schema = content.get("application/x-www-form-urlencoded", {}).get("schema", {"type": "object"})
        _check(decoded(post_data), schema, f"{method} {split.path}", is_form=True)
    else:
        query = {p["name"]: p for p in operation.get("parameters", []) if p["in"] == "query"}
        for name, value in decoded(split.query).items():
            if name not in query:
                raise ContractBroken(f"{method} {split.path}: unknown parameter {name}")
            _check(value, query[name]["schema"], f"{method} {split.path} {name}", is_form=True)
    return operation


def check_answer(operation: dict[str, Any], status: int, body: dict[str, Any]) -> None:
    answers = operation["responses"]
    schema = answers.get(str(status), answers["default"])["content"]["application/json"]["schema"]
    _check(body, schema, f"{operation['operationId']} → {status}", is_form=False)


def check_thing(body: dict[str, Any]) -> None:
    """An object as events carry it, by what it says that it is."""
    _check(body, {"$ref": f"#/components/schemas/{body['object']}"}, body["object"], is_form=False)


def _check(value: Any, schema: dict[str, Any], at: str, *, is_form: bool) -> None:
    if "$ref" in schema:
        schema = spec()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if value is None:
        if not schema.get("nullable"):
            raise ContractBroken(f"{at}: null")
        return
    if "anyOf" in schema:
        _check_any(value, schema["anyOf"], at, is_form=is_form)
        return
    if "enum" in schema and value not in schema["enum"]:
        raise ContractBroken(f"{at}: {value!r} is none of {schema['enum'][:12]}")
    _TYPES.get(schema.get("type", ""), _anything)(value, schema, at, is_form)


def _check_any(value: Any, choices: list[dict[str, Any]], at: str, *, is_form: bool) -> None:
    said = []
    for choice in choices:
        try:
            _check(value, choice, at, is_form=is_form)
            return
        except ContractBroken as broken:
            said.append(str(broken))
    raise ContractBroken(max(said, key=len))


def _object(value: Any, schema: dict[str, Any], at: str, is_form: bool) -> None:
    if not isinstance(value, dict):
        raise ContractBroken(f"{at}: {value!r} is no object")
    properties, more = schema.get("properties", {}), schema.get("additionalProperties")
    for name in schema.get("required", []):
        if name not in value:
            raise ContractBroken(f"{at}: {name} is missing")
    for name, inner in value.items():
        if name in properties:
            _check(inner, properties[name], f"{at}.{name}", is_form=is_form)
        elif isinstance(more, dict):
            _check(inner, more, f"{at}.{name}", is_form=is_form)
        elif properties and (is_form or not at.endswith("object")):
            raise ContractBroken(f"{at}: {name} is unknown")


def _array(value: Any, schema: dict[str, Any], at: str, is_form: bool) -> None:
    if not isinstance(value, list):
        raise ContractBroken(f"{at}: {value!r} is no list")
    for number, inner in enumerate(value):
        _check(inner, schema.get("items", {}), f"{at}[{number}]", is_form=is_form)


def _integer(value: Any, schema: dict[str, Any], at: str, is_form: bool) -> None:
    if is_form and isinstance(value, str) and re.fullmatch(r"-?\d+", value):
        return
    if isinstance(value, bool) or not isinstance(value, int):
        raise ContractBroken(f"{at}: {value!r} is no whole number")


def _boolean(value: Any, schema: dict[str, Any], at: str, is_form: bool) -> None:
    if not isinstance(value, bool) and not (is_form and value in ("true", "false")):
        raise ContractBroken(f"{at}: {value!r} is neither true nor false")


def _string(value: Any, schema: dict[str, Any], at: str, is_form: bool) -> None:
    if not isinstance(value, str) or len(value) > schema.get("maxLength", 1 << 20):
        raise ContractBroken(f"{at}: {value!r} is no string of this length")


def _anything(value: Any, schema: dict[str, Any], at: str, is_form: bool) -> None:
    return


_TYPES = {"object": _object, "array": _array, "integer": _integer, "boolean": _boolean, "string": _string}


class ContractTransport(stripe.HTTPClient):
    """The sandbox, with Stripe's file looking at what goes in and what comes out; of v2, the types of its library."""

    name = "kezhan-contract"

    def __init__(self) -> None:
        super().__init__()
        self._sandbox = SandboxTransport()
        self._sandbox.patience_s = 0.05

    def request(self, method: str, url: str, headers: Any, post_data: Any = None, **usage: Any) -> Any:
        if method == "post" and _DRAWN.fullmatch(headers.get("Idempotency-Key", "")):
            raise ContractBroken(f"{url}: the idempotency key is not ours")
        is_second = urlsplit(url).path.startswith("/v2/")
        asked = (stripe_types.check_request if is_second else check_request)(method, url, post_data)
        text, status, answer_headers = self._sandbox.request(method, url, headers, post_data)
        if not text.startswith("{"):
            return text, status, answer_headers
        if not is_second:
            check_answer(asked, status, json.loads(text))
        elif status == 200:  # how v2 says no is typed nowhere
            stripe_types.check_answer(asked, json.loads(text))
        return text, status, answer_headers

    def close(self) -> None:
        """Nothing is open."""
