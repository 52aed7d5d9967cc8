"""Addresses of refunds: the learner's meter and taking back, finance's and creators' forms."""

from django.urls import path

from .views import refund_rules, refunding, taking_back

urlpatterns = [
    path("refund-rules/", refund_rules.refund_rules, name="refund_rules"),
    path("orders/<slug:number>/refund/", refunding.refund, name="refund"),
    path("orders/<slug:number>/items/<int:pk>/take-back/", taking_back.take_back, name="take_back"),
    path("orders/<slug:number>/items/<int:pk>/meter/", taking_back.refund_meter, name="refund_meter"),
    path("studio/earnings/sales/<int:pk>/refund/", refunding.refund_sale, name="refund_sale"),
]
