"""Addresses of prices in parts."""

from django.urls import path

from .views import instalments

urlpatterns = [
    path("checkout/in-parts/<slug:slug>/", instalments.start_instalments, name="start_instalments"),
    path("instalments/", instalments.instalment_plans, name="instalment_plans"),
    path("instalments/<uuid:token>/", instalments.instalment_plan, name="instalment_plan"),
    path("instalments/<uuid:token>/pay/", instalments.pay_instalments, name="pay_instalments"),
    path("studio/courses/<slug:slug>/instalments/", instalments.offer_instalments, name="offer_instalments"),
    path("finance/instalments/", instalments.finance_instalments, name="finance_instalments"),
    path("finance/instalments/<uuid:token>/refund/", instalments.refund_instalments, name="refund_instalments"),
    path(
        "finance/instalments/<uuid:token>/refund-again/<slug:number>/",
        instalments.refund_instalment_again,
        name="refund_instalment_again",
    ),
]
