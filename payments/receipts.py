"""A buyer's receipt: by what and when an order was paid, and what of it went back since. It says how things are now.

Who sold what to whom is the invoice's, frozen; the receipt has no number of its own and may be had at any time.
"""

from datetime import datetime
from typing import Any

from . import invoices
from .documents import receipt as paper
from .models import CreditNote, HandRefund, Order, Refund

Told = dict[str, Any]


def told(order: Order) -> Told:
    """What the receipt of a paid order says: the invoice's snapshot, and the movements of money in their order, amounts
    in minor units. Raises NotBilled.
    """
    invoice = invoices.of(order)
    paid = {
        "kind": "payment", "at": invoice.snapshot["paid_at"], **_named(order),
        "paid_with": order.paid_with, "amount": order.total_minor, "cause": "", "state": "done", "credit_note": "",
        "titles": [],
    }  # fmt: skip
    return {
        "invoice": invoice.number, "billed": invoice.snapshot, "movements": [paid, *map(_of_refund, _refunds(order))],
    }  # fmt: skip


def pdf(order: Order, lang: str) -> bytes:
    """The receipt in a language of the site; the same file until money moves again. Raises NotBilled."""
    said = told(order)
    at = max(datetime.fromisoformat(movement["at"]) for movement in said["movements"])
    return paper.pdf(said, at, invoices.LANGUAGES.get(lang[:2], "en"))


def _named(order: Order) -> Told:
    """By what it is found again: at the provider, or where it was paid by hand beside the payment itself."""
    by_hand = order.is_paid_by_hand and order.hand
    return {"reference": by_hand.reference if by_hand else order.charge_id or "", "is_by_hand": bool(by_hand)}


def _refunds(order: Order) -> list[Refund]:
    """What went back or is on its way; what the provider refused never left."""
    rows = order.refunds.exclude(state=Refund.State.FAILED).select_related("credit_note", "by_hand")
    return list(rows.prefetch_related("lines__item").order_by("pk"))


def _of_refund(refund: Refund) -> Told:
    note: CreditNote | None = getattr(refund, "credit_note", None)
    sent: HandRefund | None = getattr(refund, "by_hand", None)
    return {
        "kind": "refund", "at": (refund.settled_at or refund.requested_at).isoformat(),
        "reference": sent.bank_reference if sent else refund.provider_refund_id or "", "is_by_hand": bool(sent),
        "paid_with": "", "amount": -refund.amount_minor,
        "cause": refund.cause, "state": refund.state, "credit_note": note.number if note else "",
        "titles": [line.item.title for line in refund.lines.all()],
    }  # fmt: skip
