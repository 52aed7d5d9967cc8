"""Paths in public: the list, one path with what its reader has mastered, following."""

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from courses.models import Path
from learners import journeys
from learners.models import PathFollow
from learners.path_data import path_data
from marketplace.lib.kept_pages import kept_page

MOST_SHOWN = 60


@kept_page
def paths(request: HttpRequest) -> HttpResponse:
    public = Path.objects.public().select_related("live_edition", "creator")[:MOST_SHOWN]
    return render(request, "paths/paths.html", {"journeys": journeys.journeys(public, request.user)})


@kept_page
def path(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(_readable(request).select_related("live_edition", "creator"), slug=slug)
    journey = journeys.of(found, request.user)
    return render(request, "paths/path.html", {"journey": journey, "structured": path_data(journey)})


@login_required
@require_POST
def follow(request: HttpRequest, slug: str) -> HttpResponse:
    """Follow a path; with `stop`, no longer."""
    found = get_object_or_404(_readable(request), slug=slug)
    act = PathFollow.objects.unfollow if "stop" in request.POST else PathFollow.objects.follow
    act(request.user, found)
    return redirect(found)


def _readable(request: HttpRequest) -> QuerySet[Path]:
    """Public ones, and those that she follows though they were closed since."""
    hers = Path.objects.filter(live_edition__isnull=False, pk__in=PathFollow.objects.of(request.user).values("path"))
    return Path.objects.public() | hers
