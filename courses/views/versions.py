"""The versions that a course had, and what lies between two of them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from courses import history
from courses.models import Course
from marketplace.lib.asked import number
from marketplace.lib.kept_pages import kept_page


def _on_sale(slug: str) -> Course:
    return get_object_or_404(Course.objects.on_sale().select_related("creator", "category", "live_version"), slug=slug)


@kept_page
def versions(request: HttpRequest, slug: str) -> HttpResponse:
    """All of them, the newest first, each with what it changed."""
    course = _on_sale(slug)
    page, published = history.page(course, request.GET.get("page"))
    return render(request, "courses/versions.html", {"course": course, "page": page, "published": published})


def compare(request: HttpRequest, slug: str) -> HttpResponse:
    """`?before=1&after=3`: any two of them; the first and the present one where nothing is said."""
    course = _on_sale(slug)
    before = number(request.GET.get("before", "1"))
    after = number(request.GET.get("after", str(course.live_version.number)))
    if before is None or after is None:
        raise Http404
    old, new, changes = history.compared(course, before, after)
    numbers = list(course.versions.published().values_list("number", flat=True))
    context = {"course": course, "old": old, "new": new, "changes": changes, "numbers": numbers}
    return render(request, "courses/compare.html", context)
