"""Invoices, credit notes and receipts as PDF, for the buyer and the finance team."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from .. import invoices, receipts
from ..models import CreditNote, Invoice, Order


@login_required
@require_GET
def invoice(request: HttpRequest, number: str) -> HttpResponse:
    """The order's invoice; `?lang=` en or zh-hans, else the reader's own."""
    order = get_object_or_404(Order.objects.visible_to(request.user), number=number)
    return as_file(invoices.of(order), asked_language(request))


@login_required
@require_GET
def credit_note(request: HttpRequest, number: str, note: str) -> HttpResponse:
    orders = Order.objects.visible_to(request.user).filter(number=number)
    found = get_object_or_404(CreditNote, number=note, invoice__order__in=orders)
    return as_file(found, asked_language(request))


@login_required
@require_GET
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """By what and when the order was paid, and what went back since."""
    order = get_object_or_404(Order.objects.visible_to(request.user), number=number)
    return receipt_file(order, asked_language(request))


def asked_language(request: HttpRequest) -> str:
    return request.GET.get("lang") or get_language() or "en"


def as_file(document: Invoice | CreditNote, lang: str) -> HttpResponse:
    """A PDF that a browser shows and nobody but the reader's own keeps."""
    return _shown(invoices.pdf(document, lang), document.file_name)


def receipt_file(order: Order, lang: str) -> HttpResponse:
    return _shown(receipts.pdf(order, lang), f"kezhan-receipt-{order.number}.pdf")


def _shown(pdf: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
