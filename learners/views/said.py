"""Searching what is said in the films of a course."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from courses.models import Course
from learners import said


@never_cache
@require_GET
def search_transcripts(request: HttpRequest, slug: str) -> HttpResponse:
    """`?q=`: the lines of the course's captions that hold the words, each with the way to its second."""
    live = Course.objects.filter(live_version__isnull=False).select_related("creator", "live_version")
    course = get_object_or_404(live, slug=slug)
    asked = request.GET.get("q", "")
    if not said.may_search(request.user, course):
        return render(request, "learners/no_search.html", {"course": course}, status=403)
    hits = said.search_course(course, asked, request.user)
    context = {"course": course, "asked": asked[: said.LONGEST_WORDS], "hits": hits}
    return render(
        request, "learners/search_transcripts.html", {**context, "count": sum(len(one.lines) for one in hits)}
    )
