"""Invoices, receipts and credit notes over the API: the same PDF files as on the pages."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import permissions
from rest_framework.request import Request
from rest_framework.views import APIView

from payments import invoices
from payments.models import CreditNote, Order
from payments.views.documents import as_file, receipt_file

LANG = OpenApiParameter("lang", str, enum=["en", "zh-hans"], description="The language of the document; English else.")
PDF = {(200, "application/pdf"): OpenApiTypes.BINARY}


class OrderInvoice(APIView):
    """The invoice of one of your paid orders as PDF."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(parameters=[LANG], responses=PDF)
    def get(self, request: Request, number: str) -> HttpResponse:
        order = get_object_or_404(Order.objects.visible_to(request.user), number=number)
        return as_file(invoices.of(order), request.query_params.get("lang", "en"))


class OrderReceipt(APIView):
    """The receipt of one of your paid orders as PDF: by what and when it was paid, and what went back since."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(parameters=[LANG], responses=PDF)
    def get(self, request: Request, number: str) -> HttpResponse:
        order = get_object_or_404(Order.objects.visible_to(request.user), number=number)
        return receipt_file(order, request.query_params.get("lang", "en"))


class OrderCreditNote(APIView):
    """The credit note of a refund as PDF."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(parameters=[LANG], responses=PDF)
    def get(self, request: Request, number: str, note: str) -> HttpResponse:
        orders = Order.objects.visible_to(request.user).filter(number=number)
        found = get_object_or_404(CreditNote, number=note, invoice__order__in=orders)
        return as_file(found, request.query_params.get("lang", "en"))


urlpatterns = [
    path("orders/<slug:number>/invoice.pdf", OrderInvoice.as_view(), name="api-order-invoice"),
    path("orders/<slug:number>/receipt.pdf", OrderReceipt.as_view(), name="api-order-receipt"),
    path("orders/<slug:number>/credit-notes/<slug:note>.pdf", OrderCreditNote.as_view(), name="api-order-credit-note"),
]
