"""Addresses of documents, and of what they say of tax."""

from django.urls import path

from .views import documents, tax, tax_owed

urlpatterns = [
    path("orders/<slug:number>/invoice.pdf", documents.invoice, name="invoice"),
    path("orders/<slug:number>/receipt.pdf", documents.receipt, name="receipt"),
    path("orders/<slug:number>/credit-notes/<slug:note>.pdf", documents.credit_note, name="credit_note"),
    path("finance/tax/", tax.tax_rates, name="tax_rates"),
    path("finance/tax/owed/", tax_owed.tax_owed, name="tax_owed"),
    path("finance/tax/owed.csv", tax_owed.tax_owed_csv, name="tax_owed_csv"),
    path("finance/tax/payments/", tax_owed.note_tax_payment, name="note_tax_payment"),
]
