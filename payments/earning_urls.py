"""Addresses of the rules of sharing and of what creators have earned by them."""

from django.urls import path

from .views import earnings, rules, sharing

urlpatterns = [
    path("how-sales-are-shared/", sharing.sharing, name="sharing"),
    path("studio/earnings/sales/<int:pk>/", earnings.sale, name="sale"),
    path("studio/earnings/statement/<int:year>-<int:month>.csv", earnings.statement_csv, name="statement_csv"),
    path("studio/earnings/statement/<int:year>-<int:month>.pdf", earnings.statement_pdf, name="statement_pdf"),
    path("finance/rules/", rules.rules, name="rules"),
    path("finance/rules/preview/", rules.preview_rule, name="preview_rule"),
    path("finance/rules/introduce/", rules.introduce_rule, name="introduce_rule"),
]
