"""Version 2 of the provider's API, which its OpenAPI file does not have: the types of its own library are the judge.

What a request carries is held against the typed parameters of the call, what the sandbox answers against the typed
object. Of an open enum only what it names is let through: what the library does not know yet, we do not send.
"""

import re
import sys
import types
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin
from urllib.parse import urlsplit

from stripe import StripeObject
from stripe.params.v2.core import AccountCreateParams, AccountLinkCreateParams, AccountRetrieveParams
from stripe.v2.core import Account, AccountLink
from typing_extensions import get_type_hints, is_typeddict

from payments.sandbox.encoding import decoded
from tests.payments.contract_broken import ContractBroken

# The library is a version of the API later than the one that we pin. What that took away, the pinned one asks for:
# https://docs.stripe.com/changelog/endive/2026-09-30/removes-configurations-parameter-from-v2-core-account-links-api
PINNED = "2026-08-26.dahlia"
_STILL_ASKED = {"configurations": list[Literal["customer", "merchant", "recipient"]]}
STILL_ASKED = {
    "AccountLinkCreateParamsUseCaseAccountOnboarding": _STILL_ASKED,
    "AccountLink.UseCase.AccountOnboarding": _STILL_ASKED,
}

CALLS: list[tuple[str, re.Pattern[str], Any, Any]] = [
    ("post", re.compile(r"^/v2/core/accounts$"), AccountCreateParams, Account),
    ("get", re.compile(r"^/v2/core/accounts/\w+$"), AccountRetrieveParams, Account),
    ("post", re.compile(r"^/v2/core/account_links$"), AccountLinkCreateParams, AccountLink),
]


def check_request(method: str, url: str, post_data: str | None) -> Any:
    """The type of the answer. Raises ContractBroken for an unknown call or a wrong parameter."""
    split = urlsplit(url)
    for name, pattern, params, answer in CALLS:
        if name == method and pattern.match(split.path):
            sent = decoded(post_data, "application/json") if method == "post" else decoded(split.query)
            _check(sent, params, f"{method} {split.path}")
            return answer
    raise ContractBroken(f"{method} {split.path} is no call of version 2 whose types are known here")


def check_answer(expected: Any, body: dict[str, Any]) -> None:
    _check(body, expected, expected.OBJECT_NAME)


def _check(value: Any, expected: Any, at: str) -> None:
    origin = get_origin(expected)
    if is_typeddict(expected):
        asked = {*expected.__required_keys__, *STILL_ASKED.get(expected.__qualname__, {})}
        _fields(value, _params(expected), asked, at)
    elif isinstance(expected, type) and issubclass(expected, StripeObject):
        told = _attributes(expected)
        _fields(value, told, {name for name, inner in told.items() if type(None) not in get_args(inner)}, at)
    elif origin in (Union, types.UnionType):
        _one_of(value, get_args(expected), at)
    elif origin is Literal:
        if value not in get_args(expected):
            raise ContractBroken(f"{at}: {value!r} is none of {get_args(expected)[:12]}")
    elif origin is list:
        _is_a(value, list, at)
        for number, inner in enumerate(value):
            _check(inner, get_args(expected)[0], f"{at}[{number}]")
    elif origin is not None:  # names and values of our own, as metadata
        _is_a(value, dict, at)
        for name, inner in value.items():
            _check(inner, get_args(expected)[-1], f"{at}.{name}")
    else:
        _is_a(value, expected, at)


def _fields(value: Any, told: dict[str, Any], required: Any, at: str) -> None:
    _is_a(value, dict, at)
    for name in sorted(set(required) - set(value)):
        raise ContractBroken(f"{at}: {name} is missing")
    for name, inner in value.items():
        if name not in told:
            raise ContractBroken(f"{at}: {name} is unknown")
        _check(inner, told[name], f"{at}.{name}")


def _one_of(value: Any, choices: tuple[Any, ...], at: str) -> None:
    if any(get_origin(choice) is Literal for choice in choices):
        choices = tuple(choice for choice in choices if choice is not str)
    said = []
    for choice in choices:
        try:
            _check(value, choice, at)
            return
        except ContractBroken as broken:
            said.append(str(broken))
    raise ContractBroken(max(said, key=lambda words: words.partition(": ")[0].count(".")))


def _is_a(value: Any, expected: type, at: str) -> None:
    if not isinstance(value, expected) or (isinstance(value, bool) and expected is not bool):
        raise ContractBroken(f"{at}: {value!r} is no {expected.__name__}")


@cache
def _params(kind: Any) -> dict[str, Any]:
    told = get_type_hints(kind, globalns=vars(sys.modules[kind.__module__]))
    return told | STILL_ASKED.get(kind.__qualname__, {})


@cache
def _attributes(kind: Any) -> dict[str, Any]:
    told = {name: inner for name, inner in kind.__annotations__.items() if not name.startswith("_")}
    told.pop("OBJECT_NAME", None)
    return told | STILL_ASKED.get(kind.__qualname__, {})
