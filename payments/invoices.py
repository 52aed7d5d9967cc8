"""Invoices and credit notes: each is issued once, soon after the money moved, and never inside the money's transaction.

A sale must not wait for the next number of a series, nor fail because of a document: `after_sale` issues the invoice,
`follow` the credit note.
"""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.lib import clock, work
from marketplace.lib.errors import DomainError

from . import invoice_snapshots
from .documents import invoice as paper
from .models import AfterRefund, Billing, CreditNote, Invoice, Order, Refund

LANGUAGES = {"en": "en", "zh": "zh-hans"}


class NotBilled(DomainError):
    code = "order_not_billed"
    status = 404
    message = _("There is no invoice for this order, since it is not paid.")


def issue(order: Order) -> Invoice:
    """The invoice of a paid order; issued before, it is that one. The caller holds the order. Raises NotBilled."""
    if not order.is_paid:
        raise NotBilled
    issued = Invoice.objects.filter(order=order).first()
    if issued is not None:
        return issued
    items = order.items.select_related("creator", "order")
    snapshot = invoice_snapshots.of_order(order, items, order.billed_to or Billing())
    invoice = Invoice.objects.issue(order, snapshot, at=clock.now())
    order.name_invoice(invoice.number)
    return invoice


@transaction.atomic
def of(order: Order) -> Invoice:
    """The order's invoice for somebody who asks for it now, perhaps before the worker came. Raises NotBilled."""
    held = Order.objects.hold(pk=order.pk)
    assert held is not None  # orders are never deleted
    return issue(held)


def follow(row: AfterRefund) -> None:
    """The worker's part for a refund that is done: its credit note."""
    with row.fenced() as held:
        issue_credit_note(held.refund)
        held.finish()


@transaction.atomic
def issue_credit_note(refund: Refund) -> CreditNote | None:
    """The credit note of a refund that is done; issued before, it is that one. None for one that is not done."""
    refund = refund.hold()
    if refund.state != Refund.State.DONE:
        return None
    issued = CreditNote.objects.filter(refund=refund).first()
    if issued is not None:
        return issued
    invoice = of(refund.order)
    lines = refund.lines.select_related("item__creator").prefetch_related("shares").order_by("item_id")
    parts = [(line.item, line.amount_minor, line.tax_minor) for line in lines]
    snapshot = invoice_snapshots.of_refund(refund, invoice, parts)
    return CreditNote.objects.issue(refund, invoice, snapshot, at=clock.now())


def pdf(document: Invoice | CreditNote, lang: str) -> bytes:
    """The document in a language of the site, set from what was frozen when it was issued."""
    return paper.pdf(document.snapshot, document.number, document.issued_at, LANGUAGES.get(lang[:2], "en"))


def catch_up() -> int:
    """Issue here and now what the workers have not issued yet. Returns how many credit notes."""
    due = AfterRefund.due_work().order_by("due_at").values_list("pk", flat=True)
    return sum(work.run(AfterRefund, pk, follow) for pk in due)
