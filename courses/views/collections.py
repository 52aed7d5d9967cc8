"""Collections in public."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from courses import cards
from courses.models import Collection
from courses.structured_lists import collection_data, way_to
from marketplace.lib.kept_pages import kept_page


@kept_page
def collections(request: HttpRequest) -> HttpResponse:
    return render(request, "courses/collections.html", {"collections": Collection.objects.public()})


@kept_page
def collection(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Collection.objects.public(), slug=slug)
    courses = found.present.courses()  # type: ignore[union-attr]  # public ones have one
    drawn = cards.drawn((course.pk, course.stamp) for course in courses)  # type: ignore[attr-defined]  # in_order's
    here = (found.present.title, found.get_absolute_url())  # type: ignore[union-attr]
    way = way_to((_("Collections"), reverse("courses:collections")), here)
    context = {"collection": found, "cards": drawn, "structured": collection_data(found, courses), "way": way}
    return render(request, "courses/collection.html", context)
