"""The addresses of the sealed books and of reconciliation."""

from django.urls import path

from .views import proof, reconciliation

urlpatterns = [
    path("studio/earnings/statement/<int:year>-<int:month>.json", proof.statement_file, name="statement_file"),
    path("ledger/seals/", proof.seals, name="seals"),
    path("ledger/seals.json", proof.seals_file, name="seals_file"),
    path("ledger/kezhan_verify.py", proof.verifier, name="verifier"),
    path("finance/reconciliation/", reconciliation.reconciliation, name="reconciliation"),
    path("finance/reconciliation/compare/", reconciliation.compare_books, name="compare_books"),
    path("finance/reconciliation/<int:pk>/settle/", reconciliation.settle_break, name="settle_break"),
    path("finance/reconciliation/<int:pk>/book/", reconciliation.book_break, name="book_break"),
]
