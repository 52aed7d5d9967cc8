"""The API of courses: the public part and the studio part."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
