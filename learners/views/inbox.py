"""The creator's inbox: what was handed in, marks by its rubric, answers to appeals."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from courses.lesson_text import LessonText
from courses.views.studio.doors import creator_required
from learners.assignment_forms import MarksForm
from learners.assignments import appeals, assessing, drawing, inbox
from learners.models import HandIn
from marketplace.lib import markdown

A_PAGE = 30


@require_GET
@creator_required
def hand_ins(request: HttpRequest) -> HttpResponse:
    show = request.GET.get("show", inbox.WAITING)
    if show not in (inbox.WAITING, inbox.WITH_PEERS, inbox.DONE):
        show = inbox.WAITING
    page = Paginator(inbox.works(request.user, show), A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "show": show, "apart": inbox.apart(request.user)}
    return render(request, "learners/hand_ins.html", context)


@require_GET
@creator_required
def hand_in(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _own(request, pk))


@creator_required
@require_POST
def assess(request: HttpRequest, pk: int) -> HttpResponse:
    """Marks for a work that waits, or the answer to its appeal."""
    work = _own(request, pk)
    form = MarksForm(work.assignment, request.POST)
    form.is_valid()
    try:
        _give(request, work, form)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return _page(request, work, form, 422)
    messages.success(request, _("Given. The learner is told."))
    after = inbox.next_after(request.user, work)
    return redirect("learners:hand_in", after.pk) if after else redirect("learners:hand_ins")


def _give(request: HttpRequest, work: HandIn, form: MarksForm) -> None:
    text = form.cleaned_data.get("text", "")
    if _has_appeal(work):
        appeals.rule(request.user, work.pk, form.marks, text)
    else:
        assessing.assess_as_creator(request.user, work.pk, form.marks, text)


def _own(request: HttpRequest, pk: int) -> HandIn:
    return get_object_or_404(HandIn.objects.reviewed_by(request.user).whole().select_related("learner"), pk=pk)


def _has_appeal(work: HandIn) -> bool:
    appeal = getattr(work, "appeal", None)
    return appeal is not None and getattr(appeal, "ruling", None) is None


def _page(request: HttpRequest, work: HandIn, form: MarksForm | None = None, status: int = 200) -> HttpResponse:
    has_appeal = _has_appeal(work)
    is_to_mark = work.handling.settled_at is None and work.handling.to_creator_at is not None
    context: dict[str, Any] = {
        "work": work, "lesson": work.lesson, "course": work.lesson.version.course, "assignment": work.assignment,
        "text": markdown.render_rich(work.text), "task": LessonText(work.lesson_key).html(work.assignment.task),
        "given": inbox.given(work), "drawing": drawing.of(work),
        "form": form or (MarksForm(work.assignment) if has_appeal or is_to_mark else None), "has_appeal": has_appeal,
    }  # fmt: skip
    return render(request, "learners/hand_in.html", context, status=status)
