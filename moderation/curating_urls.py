"""What moderators look after besides courses: institutions, collections, paths."""

from django.urls import path

from .views import collections, institutions, paths

urlpatterns = [
    path("institutions/", institutions.institutions, name="institutions"),
    path("institutions/<slug:slug>/", institutions.institution, name="institution"),
    path("collections/", collections.collections, name="collections"),
    path("collections/create/", collections.create_collection, name="create_collection"),
    path("collections/<slug:slug>/", collections.collection, name="collection"),
    path("paths/", paths.paths, name="paths"),
    path("paths/<int:pk>/", paths.path, name="path"),
    path("paths/<int:pk>/approve/", paths.approve_path, name="approve_path"),
    path("paths/<int:pk>/send-back/", paths.send_back_path, name="send_back_path"),
]
