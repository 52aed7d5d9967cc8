"""The catalogue's addresses. `home` stands outside the namespace, since every page links to it."""

from django.urls import include, path
from django.views.generic import TemplateView

catalogue = ([], "courses")

urlpatterns = [
    path("", TemplateView.as_view(template_name="base.html"), name="home"),
    path("courses/", include(catalogue)),
]
