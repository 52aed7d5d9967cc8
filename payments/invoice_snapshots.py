"""What an invoice or a credit note says, taken down once: plain JSON with every name, line and amount of that day.

Amounts are minor units of `currency`, times ISO 8601. `payments.documents.invoice` words it; nothing else reads it.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings

from .models import Billing, Invoice, Order, OrderItem, Refund
from .models.ledger import Book

Snapshot = dict[str, Any]


def of_order(order: Order, items: Iterable[OrderItem], billing: Billing) -> Snapshot:
    """A paid order with its items (creators at hand), billed to `billing` or, where that is silent, to the account."""
    lines = [_line(item) for item in items]
    assert order.paid_at is not None  # only paid orders are billed
    return {
        "kind": "invoice", **_common(order), "seller": seller(), "buyer": _buyer(order, billing),
        "paid_at": order.paid_at.isoformat(), "lines": lines,
        "subtotal": order.subtotal_minor, "discount": order.discount_minor, **_sums(lines, order.tax_name),
    }  # fmt: skip


def of_refund(refund: Refund, invoice: Invoice, parts: Iterable[tuple[OrderItem, int, int]]) -> Snapshot:
    """A refund of an order that was billed: (item, what was given back of it, the tax in that), as minor units."""
    lines = [_credit_line(item, amount, tax) for item, amount, tax in parts]
    billed = invoice.snapshot
    return {
        "kind": "credit_note", **_common(refund.order), "seller": billed["seller"], "buyer": billed["buyer"],
        "invoice": invoice.number, "invoiced_at": invoice.issued_at.isoformat(), "lines": lines,
        "given_back_at": _moment(refund.settled_at), **_sums(lines, refund.order.tax_name),
    }  # fmt: skip


def seller_of(order: Order) -> str:
    """Whose name stands on the order: as its invoice says, and before there is one, who sells now."""
    billed = Invoice.objects.filter(order=order).first()
    name: str = billed.snapshot["seller"]["name"] if billed else settings.KEZHAN_SELLER_NAME
    return name


def seller() -> dict[str, Any]:
    """Who sells, as the settings say now."""
    return {
        "name": settings.KEZHAN_SELLER_NAME, "address": settings.KEZHAN_SELLER_ADDRESS,
        "country": settings.KEZHAN_SELLER_COUNTRY, "tax_id": settings.KEZHAN_SELLER_TAX_ID,
    }  # fmt: skip


def _common(order: Order) -> Snapshot:
    return {
        "version": 1, "order": order.number, "currency": order.currency, "tax_source": order.tax_source,
        "is_tax_inclusive": order.is_tax_inclusive, "is_test": order.book != Book.LIVE,
        "paid_through": _paid_through(order),
    }  # fmt: skip


def _paid_through(order: Order) -> str:
    """Where its money came in; by what (a card, a wallet) is the receipt's to say."""
    if order.is_paid_by_hand:
        return "hand"
    return "provider" if order.charge_id else "nothing"


def _buyer(order: Order, billing: Billing) -> dict[str, str]:
    return {
        "name": billing.name or ("" if billing.company else str(order.buyer)), "company": billing.company,
        "tax_id": billing.tax_id, "address": billing.address, "country": billing.country, "email": order.buyer.email,
    }  # fmt: skip


def _line(item: OrderItem) -> Snapshot:
    return {
        "title": item.course_title, "creator": item.creator.name if item.creator else "", **_kind(item),
        "list": item.list_minor, "discount": item.discount_minor,
        "net": item.net_minor, "tax": item.tax_minor, "tax_bps": item.tax_bps, "price": item.price_minor,
    }  # fmt: skip


def _kind(item: OrderItem) -> dict[str, Any]:
    """That it is a tip, which month of a membership it is, or the bundle in which it was sold; papers of single courses
    say nothing of these.
    """
    if item.is_tip:
        return {"tip": True}
    if item.is_month:
        return {"month": _days(item)}
    return {"bundle": item.bundle_title} if item.bundle_title else {}


def _days(item: OrderItem) -> list[str]:
    """The first and the last day of what was paid; of a month that came too late to count, none."""
    paid = getattr(item.order, "paid_month", None)
    return [paid.starts_at.date().isoformat(), paid.ends_at.date().isoformat()] if paid else []


def _credit_line(item: OrderItem, amount: int, tax: int) -> Snapshot:
    return {
        "title": item.course_title, "creator": item.creator.name if item.creator else "", **_kind(item),
        "list": 0, "discount": 0, "net": amount - tax, "tax": tax,
        "tax_bps": item.tax_bps, "price": amount,
    }  # fmt: skip


def _sums(lines: list[Snapshot], tax_name: str) -> Snapshot:
    rates = sorted({line["tax_bps"] for line in lines}, reverse=True)
    taxes = [{"name": tax_name, "bps": bps, **_sum_of(lines, bps)} for bps in rates]
    return {**_sum_of(lines), "taxes": taxes}


def _sum_of(lines: list[Snapshot], bps: int | None = None) -> dict[str, int]:
    counted = [line for line in lines if bps is None or line["tax_bps"] == bps]
    sums = {name: sum(line[name] for line in counted) for name in ("net", "tax")}
    return sums | {"total": sums["net"] + sums["tax"]}


def _moment(at: datetime | None) -> str:
    return at.isoformat() if at else ""
