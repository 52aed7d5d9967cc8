"""Courses saved for later, and what their reader is told of."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import unsubscribing
from courses.models import Course
from discovery import news as telling
from discovery import saving
from discovery.models import NewsStop, NewsTopic, SavedCourse


@login_required
@require_safe
def saved(request: HttpRequest) -> HttpResponse:
    context = {"saved": saving.of(request.user), "news_url": unsubscribing.page(request.user, telling.KIND)}
    return render(request, "discovery/saved.html", context)


@login_required
@require_POST
def save(request: HttpRequest, slug: str) -> HttpResponse:
    """Save a course for later; with `stop`, take it away. `to` says where to go on: the list, or the course."""
    course = get_object_or_404(Course.objects.on_sale(), slug=slug)
    if "stop" in request.POST:
        SavedCourse.objects.take_away(request.user, course)
    else:
        SavedCourse.objects.save_for_later(request.user, course)
        messages.success(request, _("Saved. If its price falls, you are told."))
    return redirect("discovery:saved") if request.POST.get("to") == "list" else redirect(course)


# Mail programs post here by themselves (RFC 8058): the signed address is the whole authority, and it can do no more.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def news(request: HttpRequest, token: str) -> HttpResponse:
    reader = unsubscribing.reader_of(token, telling.KIND)
    if request.method == "POST":
        # One click sends nothing that is ours: it ends all topics.
        NewsStop.objects.choose(reader, {topic.value: topic.value in request.POST for topic in NewsTopic})
    return render(request, "discovery/news.html", {"wishes": NewsStop.objects.wishes(reader)})
