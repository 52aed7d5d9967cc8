"""The page of search results, and the suggestions of its box."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.cache import cache_control

from discovery import results, suggestions
from discovery.filters import words_of
from discovery.pace import SearchesTooOften
from marketplace.lib import kept_pages
from marketplace.lib.errors import problem_response
from marketplace.lib.frames import framed


def search(request: HttpRequest) -> HttpResponse:
    if not words_of(request.GET):
        return redirect("courses:catalogue")
    page = results.page(request)
    return framed(request, "discovery/search.html", {"words": page.words, "found": results.drawn(page)})


@cache_control(private=True, max_age=kept_pages.SECONDS)
def suggest(request: HttpRequest) -> JsonResponse:
    """Suggestions while somebody types; the same for everybody, and as old as a page may be."""
    try:
        return JsonResponse({"suggestions": suggestions.asked(request)})
    except SearchesTooOften as refusal:
        return problem_response(refusal)
