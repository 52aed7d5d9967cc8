"""`expand`: ids inside an answer become the objects they name."""

from collections.abc import Callable
from typing import Any

from .models import SandboxDispute, SandboxPayment, SandboxRefund, SandboxTransaction, SandboxTransfer

_FIND: dict[str, Callable[[str], dict[str, Any]]] = {
    "pi": lambda id_: SandboxPayment.objects.get(pk=id_).as_stripe(),
    "ch": lambda id_: SandboxPayment.objects.get(charge_id=id_).charge_as_stripe(),
    "txn": lambda id_: SandboxTransaction.objects.get(pk=id_).as_stripe(),
    "re": lambda id_: SandboxRefund.objects.select_related("payment").get(pk=id_).as_stripe(),
    "du": lambda id_: SandboxDispute.objects.select_related("payment").get(pk=id_).as_stripe(),
    "tr": lambda id_: SandboxTransfer.objects.get(pk=id_).as_stripe(),
}


def expanded(body: dict[str, Any], paths: list[str]) -> dict[str, Any]:
    """`body` with every dotted path of `paths` expanded; what is null stays null."""
    for path in paths:
        _expand(body, path.split("."))
    return body


def _expand(node: Any, steps: list[str]) -> None:
    if isinstance(node, list):
        for item in node:
            _expand(item, steps)
        return
    if not steps or not isinstance(node, dict):
        return
    value = node.get(steps[0])
    if isinstance(value, str) and value.partition("_")[0] in _FIND:
        node[steps[0]] = value = _FIND[value.partition("_")[0]](value)
    _expand(value, steps[1:])
