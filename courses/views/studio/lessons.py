"""One lesson: its title, its film, text, files, quiz or assignment, and whether everybody may see it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses import assignment_writing, quiz_writing
from courses.assignment_forms import AssignmentForm
from courses.assignments import completeness as of_assignment
from courses.forms import DraftForm, LessonForm
from courses.models import Course, Finding, Lesson, Picture
from courses.quiz_forms import QuizForm
from courses.quizzes import completeness
from courses.quizzes.shape import KIND_LABELS
from videos.models import Video

from . import saving
from .doors import course_page, creator_required, own_course


def own_lesson(course: Course, pk: int) -> Lesson:
    lessons = Lesson.objects.filter(version__course=course).select_related(
        "version__course__creator", "version__category", "section", "video"
    )
    return get_object_or_404(lessons, pk=pk)


def form_of(lesson: Lesson, data: Any = None) -> DraftForm:
    """The words of this lesson, or the rules of its quiz or assignment."""
    if lesson.kind == Lesson.Kind.ASSIGNMENT:
        return AssignmentForm.of(lesson.title, lesson.assigned, lesson.revision, data)
    if lesson.kind == Lesson.Kind.QUIZ:
        return QuizForm.of(lesson.title, lesson.questions, lesson.revision, data)
    initial = {name: getattr(lesson, name) for name in ("title", "article", "is_preview", "revision")}
    return LessonForm(data, initial=initial, has_text=lesson.kind in Lesson.TEXTS)


def _save(lesson: Lesson, form: DraftForm) -> None:
    if lesson.kind == Lesson.Kind.QUIZ:
        quiz_writing.change_rules(lesson, form.changes, form.revision_seen)
    elif lesson.kind == Lesson.Kind.ASSIGNMENT:
        assignment_writing.change_rules(lesson, form.changes, form.revision_seen)
    else:
        lesson.edit(**form.changes, revision=form.revision_seen)


@creator_required
def lesson(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    course = own_course(request, slug)
    lesson = own_lesson(course, pk)
    is_post, status = request.method == "POST", 200
    form = form_of(lesson, request.POST if is_post else None)
    if is_post:
        status = saving.status_of(form, lambda: _save(lesson, form))
    if status == saving.SAVED:
        messages.success(request, _("Saved."))
        return redirect("studio:lesson", slug, pk)
    return _page(request, course, lesson, form, status)


def _page(request: HttpRequest, course: Course, lesson: Lesson, form: DraftForm, status: int) -> HttpResponse:
    findings = Finding.objects.filter(decision__submission__version=lesson.version, lesson_key=lesson.key)
    context = {
        "lesson": lesson,
        "form": form,
        "is_conflict": status == 409,
        "quiz": lesson.questions,
        "assignment": lesson.assigned,
        "lacks": _lacks(lesson),
        "kinds": KIND_LABELS.items(),
        "files": lesson.files.all(),
        "pictures": Picture.objects.filter(lesson_key=lesson.key),
        "films": Video.objects.owned_by(request.user).shown().exclude(pk=lesson.video_id)[:50],
        "findings": findings.select_related("decision").order_by("id"),
        "tab": "studio:curriculum",
    }
    return course_page(request, "studio/lesson.html", course, lesson.version, status=status, **context)


def _lacks(lesson: Lesson) -> dict[str, Any]:
    if lesson.kind == Lesson.Kind.ASSIGNMENT:
        return of_assignment.lacks(lesson.assigned)
    return completeness.lacks(lesson.questions) if lesson.kind == Lesson.Kind.QUIZ else {}


@creator_required
@require_POST
def attach_video(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    lesson = own_lesson(own_course(request, slug), pk)
    try:
        film = get_object_or_404(Video.objects.owned_by(request.user).kept(), pk=request.POST.get("video"))
    except ValidationError:
        messages.error(request, _("Choose a film first."))
        return redirect("studio:lesson", slug, pk)
    lesson.attach_video(film)
    return redirect("studio:lesson", slug, pk)


@creator_required
@require_POST
def detach_video(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    own_lesson(own_course(request, slug), pk).detach_video()
    return redirect("studio:lesson", slug, pk)


@creator_required
@require_POST
def remove_lesson(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    lesson = own_lesson(own_course(request, slug), pk)
    lesson.remove()
    messages.success(request, _("“%(title)s” is removed.") % {"title": lesson.title})
    return redirect("studio:curriculum", slug)
