"""Pages of the house's own, for readers: what each says now, and what it said before."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from marketplace.lib.kept_pages import kept_page
from operating import periods
from operating.models import CustomPage


@kept_page
@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(CustomPage.objects.public(), slug=slug)
    context = {"page": found, "version": found.shown, "said": found.shown.said, "since": periods.since(found)}
    return render(request, "operating/page.html", context)


@require_safe
def versions(request: HttpRequest, slug: str) -> HttpResponse:
    """Also of a page that is withdrawn: who agreed to it can read it."""
    found, shown = periods.found_or_404(slug)
    return render(request, "operating/versions.html", {"page": found, "periods": shown})


@require_safe
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    found, shown = periods.found_or_404(slug)
    mine = periods.of_number_or_404(shown, number)
    context = {"page": found, "version": mine[0].version, "said": mine[0].version.said, "periods": mine}
    return render(request, "operating/version.html", context)
