"""The catalogue's addresses. `home` stands outside the namespace, since every page links to it."""

from django.contrib.sitemaps import views as sitemaps
from django.urls import include, path
from django.views.decorators.cache import cache_control, cache_page

from marketplace.lib import kept_pages

from .feeds import NewCourses, NewOfCreator, NewOnShelf
from .sitemaps import SITEMAPS
from .views import catalogue, collections, seo, skills, versions

public = (
    [
        path("courses/", catalogue.catalogue, name="catalogue"),
        path("courses/<slug:slug>/", catalogue.detail, name="detail"),
        path("courses/<slug:slug>/versions/", versions.versions, name="versions"),
        path("courses/<slug:slug>/versions/compare/", versions.compare, name="compare"),
        path("courses/<slug:slug>/shared-<str:stamp>.jpg", seo.shared_picture, name="shared"),
        path("clips/<uuid:key>/shared-<str:stamp>.jpg", seo.shared_clip, name="shared_clip"),
        path("creators/<slug:slug>/shared-<str:stamp>.jpg", seo.shared_creator, name="shared_creator"),
        path("institutions/<slug:slug>/shared-<str:stamp>.jpg", seo.shared_institution, name="shared_institution"),
        path("collections/", collections.collections, name="collections"),
        path("collections/<slug:slug>/", collections.collection, name="collection"),
        path("skills/", skills.skills, name="skills"),
        path("skills/<slug:slug>/", skills.skill, name="skill"),
    ],
    "courses",
)

_sections = {"sitemaps": SITEMAPS}
# As old as a page may be: what is taken down goes from feeds and sitemaps as fast.
_often = cache_control(max_age=kept_pages.SECONDS, public=True)

urlpatterns = [
    path("", catalogue.home, name="home"),
    path("", include(public)),
    path("feeds/courses.xml", _often(NewCourses()), name="feed"),
    path("feeds/shelves/<slug:slug>.xml", _often(NewOnShelf()), name="feed-shelf"),
    path("feeds/creators/<slug:slug>.xml", _often(NewOfCreator()), name="feed-creator"),
    path("shared.jpg", seo.house_picture, name="shared"),
    path("robots.txt", seo.robots, name="robots"),
    path(
        "sitemap.xml",
        cache_page(3_600)(sitemaps.index),
        {**_sections, "sitemap_url_name": "sitemap-part"},
        name="sitemap",
    ),
    # Not kept in the cache: a million addresses are some hundred megabytes, and each is asked for once a day.
    path("sitemap-<section>.xml", _often(sitemaps.sitemap), _sections, name="sitemap-part"),
]
