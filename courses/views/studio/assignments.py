"""The rubric of an assignment: one page a criterion, and their order on the lesson's page."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses import assignment_writing
from courses.assignment_forms import CriterionForm
from courses.assignments import completeness
from courses.models import Lesson

from . import saving
from .doors import course_page, creator_required, own_course
from .lessons import own_lesson


def _back(slug: str, pk: int) -> HttpResponse:
    return redirect(reverse("studio:lesson", args=[slug, pk]) + "#rubric")


def _own_assignment(request: HttpRequest, slug: str, pk: int) -> Lesson:
    lesson = own_lesson(own_course(request, slug), pk)
    if lesson.kind != Lesson.Kind.ASSIGNMENT:
        raise Http404
    return lesson


@creator_required
@require_POST
def add_criterion(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    lesson = _own_assignment(request, slug, pk)
    try:
        made = assignment_writing.add_criterion(lesson)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return _back(slug, pk)
    return redirect("studio:criterion", slug, pk, made.id)


@creator_required
def criterion(request: HttpRequest, slug: str, pk: int, criterion: uuid.UUID) -> HttpResponse:
    lesson = _own_assignment(request, slug, pk)
    shown = lesson.assigned.criterion(str(criterion))
    if shown is None:
        raise Http404
    form, status = CriterionForm.of(shown, lesson.revision, request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = saving.status_of(
            form, lambda: assignment_writing.change_criterion(lesson, shown.id, form.changes, form.revision_seen)
        )
    if status == saving.SAVED:
        messages.success(request, _("Saved."))
        return redirect("studio:criterion", slug, pk, criterion)
    context = {
        "lesson": lesson, "criterion": shown, "form": form, "is_conflict": status == 409, "tab": "studio:curriculum",
        "lacks": completeness.lacks(lesson.assigned).get(shown.id, []),
        "number": [each.id for each in lesson.assigned.criteria].index(shown.id) + 1,
    }  # fmt: skip
    course = lesson.version.course
    return course_page(request, "studio/criterion.html", course, lesson.version, status=status, **context)


@creator_required
@require_POST
def move_criterion(request: HttpRequest, slug: str, pk: int, criterion: uuid.UUID) -> HttpResponse:
    if (direction := request.POST.get("direction")) not in ("up", "down"):
        raise Http404
    assignment_writing.move_criterion(_own_assignment(request, slug, pk), str(criterion), direction)
    return _back(slug, pk)


@creator_required
@require_POST
def remove_criterion(request: HttpRequest, slug: str, pk: int, criterion: uuid.UUID) -> HttpResponse:
    assignment_writing.remove_criterion(_own_assignment(request, slug, pk), str(criterion))
    messages.success(request, _("The criterion is removed."))
    return _back(slug, pk)
