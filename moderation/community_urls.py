"""The community reviewers' own pages."""

from django.urls import path

from .views import community

app_name = "community_review"
urlpatterns = [
    path("", community.home, name="home"),
    path("join/", community.join, name="join"),
    path("next/", community.take_next, name="take_next"),
    path("leave/", community.leave, name="leave"),
    path("<int:pk>/", community.vote, name="vote"),
]
