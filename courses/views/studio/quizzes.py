"""The questions of a quiz: one page each, and their order on the lesson's page."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses import quiz_writing
from courses.models import Lesson, Picture
from courses.quiz_forms import NewQuestionForm, QuestionForm
from courses.quizzes import completeness

from . import saving
from .doors import course_page, creator_required, own_course
from .lessons import own_lesson


def _back(slug: str, pk: int) -> HttpResponse:
    return redirect(reverse("studio:lesson", args=[slug, pk]) + "#questions")


def _own_quiz(request: HttpRequest, slug: str, pk: int) -> Lesson:
    lesson = own_lesson(own_course(request, slug), pk)
    if lesson.kind != Lesson.Kind.QUIZ:
        raise Http404
    return lesson


@creator_required
@require_POST
def add_question(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    lesson = _own_quiz(request, slug, pk)
    form = NewQuestionForm(request.POST)
    if not form.is_valid():
        return _back(slug, pk)
    try:
        made = quiz_writing.add_question(lesson, form.cleaned_data["kind"])
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return _back(slug, pk)
    return redirect("studio:question", slug, pk, made.id)


@creator_required
def question(request: HttpRequest, slug: str, pk: int, question: uuid.UUID) -> HttpResponse:
    lesson = _own_quiz(request, slug, pk)
    shown = lesson.questions.question(str(question))
    if shown is None:
        raise Http404
    form, status = QuestionForm.of(shown, lesson.revision, request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = saving.status_of(
            form, lambda: quiz_writing.change_question(lesson, shown.id, form.changes, form.revision_seen)
        )
    if status == saving.SAVED:
        messages.success(request, _("Saved."))
        return redirect("studio:question", slug, pk, question)
    context = {
        "lesson": lesson, "question": shown, "form": form, "is_conflict": status == 409, "tab": "studio:curriculum",
        "lacks": completeness.lacks(lesson.questions).get(shown.id, []), "pools": list(lesson.questions.pools),
        "number": [each.id for each in lesson.questions.questions].index(shown.id) + 1,
        "pictures": Picture.objects.filter(lesson_key=lesson.key),
    }  # fmt: skip
    return course_page(request, "studio/question.html", lesson.version.course, lesson.version, status=status, **context)


@creator_required
@require_POST
def move_question(request: HttpRequest, slug: str, pk: int, question: uuid.UUID) -> HttpResponse:
    if (direction := request.POST.get("direction")) not in ("up", "down"):
        raise Http404
    quiz_writing.move_question(_own_quiz(request, slug, pk), str(question), direction)
    return _back(slug, pk)


@creator_required
@require_POST
def remove_question(request: HttpRequest, slug: str, pk: int, question: uuid.UUID) -> HttpResponse:
    quiz_writing.remove_question(_own_quiz(request, slug, pk), str(question))
    messages.success(request, _("The question is removed."))
    return _back(slug, pk)
