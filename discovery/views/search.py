"""The page of search results, and the suggestions of its box."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control

from discovery import results, suggestions
from marketplace.lib import kept_pages


def search(request: HttpRequest) -> HttpResponse:
    if not request.GET.get("q", "").strip():
        return redirect("courses:catalogue")
    return render(request, "discovery/search.html", {"results": results.page(request)})


@cache_control(private=True, max_age=kept_pages.SECONDS)
def suggest(request: HttpRequest) -> JsonResponse:
    """Suggestions while somebody types; the same for everybody, and as old as a page may be."""
    return JsonResponse({"suggestions": suggestions.of(request.GET.get("q", ""))})
