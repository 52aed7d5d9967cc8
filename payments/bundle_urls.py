"""Addresses of bundles. Part of the addresses of payments."""

from django.urls import path

from .views import bundles

urlpatterns = [
    path("bundles/<slug:slug>/", bundles.bundle, name="bundle"),
    path("studio/bundles/", bundles.bundles, name="bundles"),
    path("studio/bundles/create/", bundles.create_bundle, name="create_bundle"),
    path("studio/bundles/<slug:slug>/", bundles.edit_bundle, name="edit_bundle"),
    path("studio/bundles/<slug:slug>/price/", bundles.price_bundle, name="price_bundle"),
    path("studio/bundles/<slug:slug>/courses/", bundles.choose_bundle_courses, name="choose_bundle_courses"),
    path("studio/bundles/<slug:slug>/offer/", bundles.offer_bundle, name="offer_bundle"),
    path("studio/bundles/<slug:slug>/withdraw/", bundles.withdraw_bundle, name="withdraw_bundle"),
]
