"""What moderators look after besides courses: paths."""

from django.urls import path

from .views import paths

urlpatterns = [
    path("paths/", paths.paths, name="paths"),
    path("paths/<int:pk>/", paths.path, name="path"),
    path("paths/<int:pk>/approve/", paths.approve_path, name="approve_path"),
    path("paths/<int:pk>/send-back/", paths.send_back_path, name="send_back_path"),
]
