"""A quiz for its learner: start, answer, hand in, look at what was right."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from courses.lesson_text import LessonText
from courses.models import Lesson
from courses.quizzes import grading
from learners import asking, attempts, rights
from learners.attempts import Standing
from learners.models import QuizAttempt


@login_required
@require_POST
def start_attempt(request: HttpRequest, slug: str, key: uuid.UUID) -> HttpResponse:
    begun = attempts.start(request.user, _quiz(request, slug, key))
    return redirect("learners:attempt", slug, key, begun.number)


@login_required
def attempt(request: HttpRequest, slug: str, key: uuid.UUID, number: int) -> HttpResponse:
    """Open: the form. Closed: what came of it, also while her right is paused."""
    lesson = _quiz(request, slug, key, may=rights.may_look_back)
    standing = attempts.standing(request.user, lesson)
    found = _found(standing, number)
    if found.is_open and not rights.may_watch(request.user, lesson):
        raise Http404
    page = answer_page if found.is_open else result_page
    return page(request, slug, standing, found)


@login_required
@require_POST
def submit_attempt(request: HttpRequest, slug: str, key: uuid.UUID, number: int) -> HttpResponse:
    """Hand in; with `save`, or with questions left open that were not seen to be, only keep what is there."""
    lesson = _quiz(request, slug, key)
    found = _found(attempts.standing(request.user, lesson), number)
    told = asking.told(request.POST, found.questions)
    if found.is_open and not found.is_over(timezone.now()):
        found = attempts.keep(request.user, found.pk, told)
        open_questions = len(found.drawn) - len(found.answers.given)
        if "save" in request.POST or (open_questions and "anyway" not in request.POST):
            left = open_questions if "save" not in request.POST else 0
            return answer_page(request, slug, attempts.standing(request.user, lesson), found, left=left)
    attempts.submit(request.user, found.pk, told)
    return redirect("learners:attempt", slug, key, number)


def answer_page(
    request: HttpRequest, slug: str, standing: Standing, found: QuizAttempt, *, left: int | None = None
) -> HttpResponse:
    """`left`: questions without an answer, after the learner wanted to hand in; 0 after she saved."""
    words = LessonText(found.lesson_key)
    context = {
        **_frame(slug, found),
        "asked": asking.asked(found.shown_questions, found.answers.given, words),
        "left": left,
        "now": standing.now,
    }
    return render(request, "learners/attempt.html", context, status=422 if left else 200)


def result_page(request: HttpRequest, slug: str, standing: Standing, found: QuizAttempt) -> HttpResponse:
    items = grading.grade(found.questions, found.result.answers).items
    context = {
        **_frame(slug, found),
        "standing": standing,
        "result": found.result,
        "items": asking.corrected(items, LessonText(found.lesson_key)) if standing.reveals else [],
        "right": sum(item.is_right for item in items),
        "total": len(items),
    }
    return render(request, "learners/attempt_result.html", context)


def _frame(slug: str, found: QuizAttempt) -> dict[str, object]:
    return {"attempt": found, "quiz": found.quiz, "lesson": found.lesson, "slug": slug}


def _quiz(
    request: HttpRequest, slug: str, key: uuid.UUID, *, may: Callable[[Any, Lesson], bool] = rights.may_watch
) -> Lesson:
    """Of who may see the lesson now: after a refund its questions are gone with it."""
    quizzes = Lesson.objects.live().filter(kind=Lesson.Kind.QUIZ, version__course__slug=slug)
    lesson = get_object_or_404(quizzes.select_related("version__course__creator"), key=key)
    if not may(request.user, lesson):
        raise Http404
    return lesson


def _found(standing: Standing, number: int) -> QuizAttempt:
    found = next((attempt for attempt in standing.attempts if attempt.number == number), None)
    if found is None:
        raise Http404
    return found
