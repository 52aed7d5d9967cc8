"""Addresses of what brings buyers: coupons, links, co-authors. Part of the addresses of payments."""

from django.urls import path

from .views import cart, coauthors, coupons, promotion

urlpatterns = [
    path("r/<str:code>/", promotion.follow_referral, name="follow_referral"),
    path("studio/promotion/", promotion.promotion, name="promotion"),
    path("studio/promotion/<int:pk>/end/", promotion.end_referral, name="end_referral"),
    path("studio/promotion/promoters/", promotion.promoters, name="promoters"),
    path("studio/co-authors/", coauthors.coauthors, name="coauthors"),
    path("studio/co-authors/<slug:slug>/", coauthors.coauthors_of, name="coauthors_of"),
    path("studio/co-authors/proposals/<int:pk>/", coauthors.answer_split, name="answer_split"),
    path("cart/code/", cart.take_code, name="take_code"),
    path("studio/coupons/", coupons.coupons, name="coupons"),
    path("studio/coupons/<int:pk>/", coupons.coupon, name="coupon"),
    path("studio/coupons/<int:pk>/end/", coupons.end_coupon, name="end_coupon"),
    path("finance/coupons/", coupons.finance_coupons, name="finance_coupons"),
    path("finance/coupons/<int:pk>/", coupons.finance_coupon, name="finance_coupon"),
    path("finance/coupons/<int:pk>/end/", coupons.end_finance_coupon, name="end_finance_coupon"),
]
