"""Reads a request's parameters as the provider does: bracketed forms for v1, JSON for v2."""

import json
import re
from typing import Any
from urllib.parse import parse_qsl

from .errors import wrong

_PART = re.compile(r"\[([^\]]*)\]")


def decoded(text: str | None, content_type: str = "") -> dict[str, Any]:
    """`a[b]=1&c[0][d]=2&e[]=3` as {"a": {"b": "1"}, "c": [{"d": "2"}], "e": ["3"]}; JSON as it stands."""
    if not text:
        return {}
    if content_type.startswith("application/json"):
        return json.loads(text)
    tree: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        head = name.partition("[")[0]
        _put(tree, [head, *_PART.findall(name)], value)
    return _lists(tree)


def _put(tree: dict[str, Any], path: list[str], value: str) -> None:
    for step in path[:-1]:
        tree = tree.setdefault(step or str(len(tree)), {})
    tree[path[-1] or str(len(tree))] = value


def _lists(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    inner = {name: _lists(value) for name, value in node.items()}
    if inner and all(name.isdigit() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner


def whole(value: Any, param: str) -> int:
    if not re.fullmatch(r"-?\d{1,18}", str(value)):
        raise wrong(param, f"Invalid integer: {value}", "parameter_invalid_integer")
    return int(value)
