"""Paths in public."""

from django.urls import path

from .views import paths

app_name = "paths"
urlpatterns = [
    path("", paths.paths, name="paths"),
    path("<slug:slug>/", paths.path, name="path"),
    path("<slug:slug>/follow/", paths.follow, name="follow"),
]
