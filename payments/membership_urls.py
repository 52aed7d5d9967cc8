"""Addresses of memberships."""

from django.urls import path

from .views import membership_offers, memberships

urlpatterns = [
    path("memberships/", memberships.memberships, name="memberships"),
    path("memberships/join/<slug:slug>/", memberships.join_membership, name="join_membership"),
    path("memberships/pass/", memberships.join_pass, name="join_pass"),
    path("memberships/open/<slug:slug>/", memberships.open_by_membership, name="open_by_membership"),
    path("memberships/<uuid:token>/", memberships.membership, name="membership"),
    path("memberships/<uuid:token>/cancel/", memberships.cancel_membership, name="cancel_membership"),
    path("memberships/<uuid:token>/resume/", memberships.resume_membership, name="resume_membership"),
    path("memberships/<uuid:token>/pay/", memberships.pay_month, name="pay_month"),
    path("memberships/<uuid:token>/take-back/", memberships.take_month_back, name="take_month_back"),
    path("studio/membership/", membership_offers.offer_membership, name="offer_membership"),
    path("studio/membership/close/", membership_offers.close_membership, name="close_membership"),
    path("studio/membership/courses/<slug:slug>/", membership_offers.mark_course, name="mark_course"),
    path("finance/memberships/", membership_offers.finance_memberships, name="finance_memberships"),
    path("finance/pass/", membership_offers.offer_pass, name="offer_pass"),
]
