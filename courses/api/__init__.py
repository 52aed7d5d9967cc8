"""The API of courses: the public part and the studio part."""

from django.urls import path

from . import public, studio

urlpatterns = [
    path("categories/", public.Categories.as_view(), name="api-categories"),
    path("collections/", public.Collections.as_view(), name="api-collections"),
    path("collections/<slug:slug>/", public.OneCollection.as_view(), name="api-collection"),
    path("filters/", public.Filters.as_view(), name="api-filters"),
    path("skills/", public.Skills.as_view(), name="api-skills"),
    path("courses/<slug:slug>/", public.CourseDetail.as_view(), name="api-course"),
    path("courses/<slug:slug>/versions/", public.Versions.as_view(), name="api-course-versions"),
    path("courses/<slug:slug>/versions/compare/", public.CompareVersions.as_view(), name="api-compare-versions"),
    *studio.urlpatterns,
]
