"""Addresses of disputes, within those of payments."""

from django.urls import path

from .views import disputes

urlpatterns = [
    path("finance/disputes/", disputes.disputes, name="disputes"),
    path("finance/disputes/<int:pk>/", disputes.dispute, name="dispute"),
    path("finance/disputes/<int:pk>/answer/", disputes.answer_dispute, name="answer_dispute"),
    path("finance/disputes/<int:pk>/accept/", disputes.accept_dispute, name="accept_dispute"),
]
