"""Addresses of documents, and of what they say of tax."""

from django.urls import path

from .views import documents, tax

urlpatterns = [
    path("orders/<slug:number>/invoice.pdf", documents.invoice, name="invoice"),
    path("orders/<slug:number>/receipt.pdf", documents.receipt, name="receipt"),
    path("orders/<slug:number>/credit-notes/<slug:note>.pdf", documents.credit_note, name="credit_note"),
    path("finance/tax/", tax.tax_rates, name="tax_rates"),
]
