"""Institutions' addresses."""

from django.urls import path

from . import institution_views as views

app_name = "institutions"
urlpatterns = [
    path("institutions/", views.institutions, name="institutions"),
    path("institutions/<slug:slug>/", views.institution, name="institution"),
    path("studio/institutions/", views.mine, name="mine"),
    path("studio/institutions/create/", views.create_institution, name="create_institution"),
    path("studio/institutions/invitations/<str:code>/", views.invitation, name="invitation"),
    path("studio/institutions/<slug:slug>/", views.desk, name="desk"),
    path("studio/institutions/<slug:slug>/invite/", views.invite, name="invite"),
    path("studio/institutions/<slug:slug>/invitations/<int:pk>/withdraw/", views.withdraw_invitation,
         name="withdraw_invitation"),
    path("studio/institutions/<slug:slug>/members/<int:pk>/", views.change_role, name="change_role"),
]  # fmt: skip
