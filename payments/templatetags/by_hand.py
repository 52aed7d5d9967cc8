"""What an order's page shows of paying it by hand."""

from typing import Any

from django import template
from django.template.context import Context

from learners.certificates import qr
from payments.hand import desk, epc
from payments.models import Order, PaymentWay

register = template.Library()


@register.inclusion_tag("payments/_by_hand.html", takes_context=True)
def by_hand(context: Context, order: Order) -> dict[str, Any]:
    """How to pay an order that waits; nothing for every other order."""
    hand = order.hand if order.is_open else None
    if hand is None:
        return {}
    others = PaymentWay.objects.offered(order.currency).exclude(code=hand.way.code)
    return {
        "request": context["request"], "user": context["user"], "csrf_token": context.get("csrf_token"), "order": order,
        "hand": hand, "others": list(others), "is_hers": order.buyer_id == context["user"].pk, **_drawn(order),
    }  # fmt: skip


def _drawn(order: Order) -> dict[str, Any]:
    """The code that banking apps fill a transfer from, where the account is an IBAN and the amount in EUR."""
    hand = order.hand
    assert hand is not None
    way = hand.way
    if not way.is_iban or order.currency != "EUR" or way.kind != PaymentWay.Kind.BANK:
        return {}
    bic = way.bank_code if way.bank_code[:1].isalpha() else ""
    text = epc.text(holder=way.holder, iban=way.account, bic=bic, amount=order.total, reference=hand.reference)
    if not text:
        return {}
    side, drawn = qr.path(text)
    return {"qr_side": side, "qr_path": drawn}


@register.simple_tag
def pays_by_hand() -> bool:
    """Whether finance ever set a way up: before, its pages are not named."""
    return desk.is_used()
