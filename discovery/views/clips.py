"""Clips for everybody: the feed, which ends; all of them as a list; and each at its own address."""

import uuid
from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from courses import clip_shown
from courses.models import Clip
from courses.paging import page_of
from discovery.clips import feed
from discovery.clips.structured import clip_data
from discovery.models import Dismissal
from marketplace.lib.kept_pages import kept_page

ORDER = ("-published_at", "-id")
FILE_LIVES = timedelta(minutes=5)
FILES = ("poster.jpg", "film.mp4")


@require_safe
@kept_page
def clips(request: HttpRequest) -> HttpResponse:
    cards = feed.cards(request.user)
    context = {"cards": cards, "courses": feed.suggested(request.user, cards)}
    return render(request, "discovery/clips.html", context)


@require_safe
@kept_page
def all_clips(request: HttpRequest) -> HttpResponse:
    marks = {name: request.GET[name] for name in ("after", "before") if request.GET.get(name)}
    page = page_of(Clip.objects.listed().posters(), ORDER, counted=0, **marks)
    context = {"page": page, "cards": feed.tiles(page.rows, request.user), "is_first": not marks}
    return render(request, "discovery/all_clips.html", context)


@require_safe
@kept_page
def clip(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(Clip.objects.open_to(request.user).cards(), key=key)
    (card,) = feed.plain([found], request.user)
    others = [one for one in clip_shown.of_course(found.course) if one.pk != found.pk]
    context = {"card": card, "others": feed.tiles(others, request.user), "structured": clip_data(card)}
    return render(request, "discovery/clip.html", context)


@require_safe
@cache_control(max_age=int(FILE_LIVES.total_seconds()), public=True)
def clip_file(request: HttpRequest, key: uuid.UUID, name: str) -> HttpResponse:
    """An address that stays, for who lists clips elsewhere: it leads to the file by a fresh one."""
    found = get_object_or_404(Clip.objects.shown().cards(), key=key)
    if name not in FILES or (film := clip_shown.playing_for_all(found)) is None:
        raise Http404
    return redirect(film.poster_url if name == "poster.jpg" else film.usual.url)


@login_required
@require_POST
def dismiss_clip(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Not interested in its course: neither the feed nor the list shows it again."""
    found = get_object_or_404(Clip.objects.shown().select_related("course"), key=key)
    Dismissal.objects.dismiss(request.user, found.course)  # type: ignore[arg-type]  # logged in
    messages.success(request, _("“%(course)s” will not stand here again.") % {"course": found.course.title})
    return redirect("discovery:clips")
