"""Addresses of the rules of sharing and of what creators have earned by them."""

from django.urls import path

from .views import rules, sharing

urlpatterns = [
    path("how-sales-are-shared/", sharing.sharing, name="sharing"),
    path("finance/rules/", rules.rules, name="rules"),
    path("finance/rules/preview/", rules.preview_rule, name="preview_rule"),
    path("finance/rules/introduce/", rules.introduce_rule, name="introduce_rule"),
]
