"""Lessons: the film or the text, and the way through the course beside it."""

import uuid
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from courses.lesson_text import LessonText
from courses.models import Course, Lesson
from learners import attempts, changed, completion, notes, rights, showing, transcript, way
from learners.assignments import showing_works
from learners.models import Enrollment
from learners.way import Step, Way
from videos import seats
from videos.models import Rendition


def course(request: HttpRequest, slug: str) -> HttpResponse:
    """To the lesson to go on with. Where a moderator has hidden every one, the first says so."""
    steps = way.through(_live_course(slug), request.user)
    step = steps.current or next(iter(steps.steps), None)
    if step is None:
        raise Http404
    return redirect("learners:lesson", slug=slug, key=step.lesson.key)


def lesson(request: HttpRequest, slug: str, key: uuid.UUID, objection: dict[str, Any] | None = None) -> HttpResponse:
    """`objection`: an appeal that was just refused, its work's `number` and its `text`."""
    steps = way.through(_live_course(slug), request.user)
    step = steps.step(key)
    if step is None:
        raise Http404
    enrollment = Enrollment.objects.of(request.user).filter(course=steps.course).select_related("learner").first()
    context = _context(steps, step, enrollment) | {"objection": objection}
    if not rights.may_watch(request.user, step.lesson):
        return render(request, "learners/no_access.html", context, status=403)
    context |= _content(request, steps, step, tracked=enrollment is not None and enrollment.is_active)
    if request.user.is_authenticated:
        context["notes"] = notes.of_lesson(request.user, step.lesson)
    return render(request, "learners/lesson.html", context, status=422 if objection else 200)


@require_POST
def read(request: HttpRequest, slug: str, key: uuid.UUID) -> HttpResponse:
    """Mark an article as read (`undo`: as unread) and go on."""
    steps = way.through(_live_course(slug), request.user)
    step = steps.step(key)
    if step is None or not step.lesson.is_article:
        raise Http404
    completion.mark_read(request.user, steps.course, step.lesson, undo="undo" in request.POST)
    _before, after = steps.neighbors(key)
    target = key if "undo" in request.POST or after is None else after.key
    return redirect("learners:lesson", slug=slug, key=target)


def _live_course(slug: str) -> Course:
    return get_object_or_404(
        Course.objects.filter(live_version__isnull=False).select_related("creator", "live_version"), slug=slug
    )


def _context(steps: Way, step: Step, enrollment: Enrollment | None) -> dict[str, Any]:
    before, after = steps.neighbors(step.lesson.key)
    is_hers = enrollment is not None and enrollment.is_active
    delta = changed.of_course(enrollment.learner, enrollment) if enrollment and is_hers else None
    # Lessons of one version share it: nothing asks the database for it once more.
    step.lesson.version = steps.course.live_version
    step.lesson.version.course = steps.course
    return {
        "course": steps.course,
        "way": steps,
        "step": step,
        "lesson": step.lesson,
        "before": before,
        "after": after,
        "enrollment": enrollment,
        "delta": delta,
        "change": delta.of_lesson(step.lesson.key) if delta else None,
    }


def _content(request: HttpRequest, steps: Way, step: Step, *, tracked: bool) -> dict[str, Any]:
    kind = step.lesson.kind
    if kind in Lesson.TEXTS:
        files = list(step.lesson.files.all()) if kind == Lesson.Kind.FILE else []
        return {"article": LessonText(step.lesson.key).html(step.lesson.article), "files": files}
    if kind == Lesson.Kind.QUIZ:
        standing = attempts.standing(request.user, step.lesson)
        return {"standing": standing, "intro": LessonText(step.lesson.key).html(standing.quiz.intro)}
    if kind == Lesson.Kind.ASSIGNMENT:
        return showing_works.context(request.user, step.lesson)
    if step.lesson.video is None:
        raise Http404
    sizes = Prefetch("renditions", Rendition.objects.filter(kind=Rendition.Kind.VIDEO))
    prefetch_related_objects([step.lesson.video], sizes, "captions", "chapters")
    progress = step.progress if tracked else None
    wanted = request.GET.get("transcript", "")
    shown = showing.of(
        step.lesson, request.user, steps.course, progress, tracked=tracked, device=seats.device_of(request)
    )
    return {
        "showing": shown.starting_at(request.GET.get("t", "")),
        "transcript": transcript.of(step.lesson.video, wanted, get_language() or "", steps.course.language),
    }
