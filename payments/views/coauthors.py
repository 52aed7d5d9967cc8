"""Sharing a course with others: proposing, agreeing, declining."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from courses.models import Course
from courses.views.studio.doors import creator_required, own_course
from marketplace.lib import clock

from .. import splits
from ..models import CourseSplit
from ..splits import overview
from ..splits.forms import AnswerForm, Parts, PartsForm


@creator_required
@require_GET
def coauthors(request: HttpRequest) -> HttpResponse:
    creator, now = request.user.creator, clock.now()
    context = {
        "waiting": overview.waiting_for(creator),
        "shared": overview.shared_with(creator, now),
        "own": overview.own_courses(creator, now),
    }
    return render(request, "payments/coauthors.html", context)


@creator_required
def coauthors_of(request: HttpRequest, slug: str) -> HttpResponse:
    """How one of her courses is shared, with the form that proposes another way."""
    course = own_course(request, slug)
    standing = overview.own_course(course, clock.now())
    if request.method == "POST":
        form = PartsForm(request.POST)
        if form.is_valid() and _proposed(request, course, form):
            return redirect("payments:coauthors_of", slug)
    else:
        form = PartsForm(initial=[{"creator": s.creator.slug, "percent": s.percent} for s in standing.present])
    context = {"standing": standing, "course": course, "form": form, "history": overview.history(course)}
    return render(request, "payments/coauthors_of.html", context, status=422 if form.total_error_count() else 200)


def _proposed(request: HttpRequest, course: Course, form: Parts) -> CourseSplit | None:
    try:
        split = splits.propose(course, form.parts, by=request.user)
    except ValidationError as wrong:
        form.non_form_errors().extend(wrong.messages)
        return None
    messages.success(request, _("Your co-authors are asked. It holds when all of them have agreed."))
    return split


@creator_required
@require_POST
def answer_split(request: HttpRequest, pk: int) -> HttpResponse:
    """accept and decline by those whom it names, withdraw by the course's creator."""
    split = get_object_or_404(overview.concerning(request.user.creator), pk=pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say whether you agree."))
    else:
        splits.answer(split, form.cleaned_data["answer"], by=request.user)
        messages.success(request, _("Your answer is noted."))
    return redirect("payments:coauthors")
