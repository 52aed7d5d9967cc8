"""Who may come into the studio, and what every page about one course shows around its content."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _

from courses import standing
from courses.models import Course, Version

View = Callable[..., HttpResponse]

# url name, label
TABS = (
    ("studio:edit", _("Details")),
    ("studio:curriculum", _("Curriculum")),
    ("studio:pricing", _("Pricing")),
    ("studio:publish", _("Publish")),
    ("studio:freshness", _("Freshness")),
    ("studio:clips", _("Clips")),
    ("learners:audience", _("Audience")),
    ("community:course_ratings", _("Ratings")),
)


def creator_required(view: View) -> View:
    """Logged in, and a creator already; who is not is led to becoming one and comes back."""

    @wraps(view)
    @login_required
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.creator_or_none is None:  # type: ignore[union-attr]
            return redirect("creators:become")
        return view(request, *args, **kwargs)

    return guarded


def own_course(request: HttpRequest, slug: str) -> Course:
    """404 for what is not hers."""
    mine = Course.objects.editable_by(request.user).select_related("creator", "live_version__course__creator")
    return get_object_or_404(mine, slug=slug)


def shown_version(course: Course) -> Version:
    """What is being worked on, or what is live when nothing is. Without another query for the course itself."""
    version = course.working_version or course.live_version
    version.course = course
    return version


def course_page(
    request: HttpRequest, template: str, course: Course, version: Version, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A studio page about one course."""
    working = version if version.pk != course.live_version_id else None
    frame = {
        "course": course,
        "version": version,
        "tabs": TABS,
        "tab": request.resolver_match.view_name,  # type: ignore[union-attr]
        "standings": standing.of(course, working),
        "takedown": course.open_takedown if course.is_taken_down else None,
    }
    return render(request, template, {**frame, **context}, status=status)
