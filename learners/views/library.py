"""The learner's own courses."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses.models import Course
from learners import goal, journeys, shelf
from learners.models import Enrollment

PAGE_SIZE = 24


@login_required
def library(request: HttpRequest) -> HttpResponse:
    page = Paginator(shelf.enrollments_of(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    shelved = shelf.fill(request.user, list(page), with_changes=True)
    context = {
        "page": page,
        "week": goal.of(request.user),
        "journeys": journeys.followed(request.user),
        "going": [one for one in shelved if not one.is_complete],
        "finished": [one for one in shelved if one.is_complete],
    }
    return render(request, "learners/library.html", context)


@login_required
@require_POST
def enroll(request: HttpRequest, slug: str) -> HttpResponse:
    """Start a free course."""
    course = get_object_or_404(Course.objects.on_sale().select_related("creator"), slug=slug)
    Enrollment.objects.enroll_free(learner=request.user, course=course)
    messages.success(request, _("The course is in your library."))
    return redirect("learners:course", slug=slug)
