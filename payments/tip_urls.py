"""Addresses of tips. Part of the addresses of payments."""

from django.urls import path

from .views import tips

urlpatterns = [
    path("courses/<slug:slug>/tip/", tips.give_tip, name="give_tip"),
    path("orders/<slug:number>/take-tip-back/", tips.take_tip_back, name="take_tip_back"),
    path("studio/promotion/tips/", tips.choose_tips, name="choose_tips"),
]
