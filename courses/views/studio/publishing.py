"""From a draft to the moderators and back: the list of what is missing, submitting, withdrawing, past decisions."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses import history, noticed, resubmitting
from courses.answer_forms import AnswerForms
from courses.forms import SubmitForm, SubmitUpdateForm
from courses.models import Course, Finding, Lesson, Submission, Version
from marketplace.lib import markdown
from marketplace.lib.asked import number

from .doors import course_page, creator_required, own_course, shown_version


def _history(course: Course) -> list[Submission]:
    findings = Prefetch("decision__findings", queryset=Finding.objects.order_by("id").prefetch_related("answers"))
    rows = Submission.objects.filter(version__course=course).select_related("decision", "version")
    return list(rows.prefetch_related(findings).order_by("-submitted_at", "-id"))


def _lessons_by_key(version: Version) -> dict[object, Lesson]:
    return {lesson.key: lesson for lesson in version.lessons.all()}


@creator_required
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    version = shown_version(own_course(request, slug))
    return _page(request, version, SubmitUpdateForm.asked_of(version), AnswerForms(_waiting_findings(version)))


def _waiting_findings(version: Version) -> list[Finding]:
    return resubmitting.open_findings(version) if version.is_editable else []


def _page(
    request: HttpRequest, version: Version, form: SubmitForm, answers: AnswerForms, status: int = 200
) -> HttpResponse:
    course, items = version.course, version.readiness() if version.is_editable else []
    context = {
        "items": items,
        "done": sum(item.done for item in items),
        "is_ready": all(item.done for item in items if item.required),
        "waiting": version.waiting_submission,
        "history": _history(course),
        "lessons": _lessons_by_key(version),
        "noticed": noticed.by_lesson(noticed.of(version)) if version.is_editable else [],
        "twins": version.lessons.with_twins().in_order() if version.is_editable else [],
        "form": form,
        "answers": answers,
        "changes": history.compared_with_live(version),
    }
    return course_page(request, "studio/publish.html", course, version, status=status, **context)


@creator_required
@require_POST
def submit(request: HttpRequest, slug: str) -> HttpResponse:
    version = shown_version(own_course(request, slug))
    form = SubmitUpdateForm.asked_of(version, request.POST)
    answers = AnswerForms(_waiting_findings(version), request.POST)
    if not (form.is_valid() & answers.is_valid()):
        return _page(request, version, form, answers, status=422)
    resubmitting.submit(version, request.user, answers=answers.told, **form.cleaned_data)
    messages.success(request, _("Submitted. A moderator looks at it within two days."))
    return redirect("studio:publish", slug)


@creator_required
@require_POST
def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    waiting = shown_version(own_course(request, slug)).waiting_submission
    if waiting is None:
        messages.info(request, _("There is nothing under review."))
    else:
        waiting.withdraw(by=request.user)
        messages.success(request, _("Withdrawn. You can edit the course again."))
    return redirect("studio:publish", slug)


@creator_required
@require_POST
def open_draft(request: HttpRequest, slug: str) -> HttpResponse:
    """A new version to edit; what is on sale stays until the new one is approved."""
    own_course(request, slug).open_draft(by=request.user)
    messages.success(request, _("A new version is open. Learners see the old one until the new one is approved."))
    return redirect("studio:edit", slug)


@creator_required
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The course page as a learner will see it, from what is saved now."""
    course = own_course(request, slug)
    version = shown_version(course)
    sections = list(version.sections.prefetch_related("lessons__video"))
    named = number(request.GET.get("lesson"))
    lessons = version.lessons.select_related("video", "version__course__creator")
    chosen = get_object_or_404(lessons, pk=named) if named is not None else None
    context = {
        "sections": sections,
        "chosen": chosen,
        "description": markdown.render(version.description),
    }
    return course_page(request, "studio/preview.html", course, version, **context)
