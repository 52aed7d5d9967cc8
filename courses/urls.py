"""The catalogue's addresses. `home` stands outside the namespace, since every page links to it."""

from django.contrib.sitemaps import views as sitemaps
from django.urls import include, path
from django.views.decorators.cache import cache_page

from .views import catalogue, seo

public = (
    [
        path("", catalogue.catalogue, name="catalogue"),
        path("<slug:slug>/", catalogue.detail, name="detail"),
    ],
    "courses",
)

_sections = {"sitemaps": seo.SITEMAPS}

urlpatterns = [
    path("", catalogue.home, name="home"),
    path("courses/", include(public)),
    path("robots.txt", seo.robots, name="robots"),
    path(
        "sitemap.xml",
        cache_page(3_600)(sitemaps.index),
        {**_sections, "sitemap_url_name": "sitemap-part"},
        name="sitemap",
    ),
    path("sitemap-<section>.xml", cache_page(3_600)(sitemaps.sitemap), _sections, name="sitemap-part"),
]
