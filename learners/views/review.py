"""What is due for review: one question at a time, for as long as the learner likes."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses.lesson_text import LessonText
from courses.models import Restriction
from courses.quizzes import grading
from learners import asking, reviewing
from learners.models import ItemAnswer, ReviewCard
from learners.reviewing import Due
from marketplace.lib.asked import number


@login_required
def review(request: HttpRequest) -> HttpResponse:
    due = reviewing.due(request.user)
    first = due[0] if due else None
    context = {
        "due": first,
        "asked": _asked(first) if first else None,
        "left": len(due),
        "upcoming": reviewing.next_due(request.user) if not due else None,
    }
    return render(request, "learners/review.html", context)


@login_required
@require_POST
def answer_review(request: HttpRequest) -> HttpResponse:
    pk, seen = number(request.POST.get("card")), number(request.POST.get("answers"))
    asked = next((each for each in reviewing.due(request.user) if each.card.pk == pk), None)
    if asked is None or seen is None:
        return redirect("learners:review")
    told = asking.told(request.POST, [asked.question]).get(asked.question.id)
    if not told and "unknown" not in request.POST:
        messages.info(request, _("Answer the question, or say that you do not know."))
        return redirect("learners:review")
    given = reviewing.answer(request.user, asked.card.pk, told, answers_seen=seen)
    return redirect(reverse("learners:reviewed", args=[given.pk]))


@login_required
def reviewed(request: HttpRequest, pk: int) -> HttpResponse:
    """What was right, and when the question comes back. Not of a quiz that was hidden meanwhile."""
    answers = ItemAnswer.objects.of(request.user).filter(attempt=None).select_related("lesson__version__course")
    given = get_object_or_404(answers.exclude(lesson_key__in=Restriction.objects.hidden_keys()), pk=pk)
    question = given.lesson.questions.question(str(given.question))
    if question is None:
        raise Http404
    card = get_object_or_404(
        ReviewCard.objects.of(request.user), lesson_key=given.lesson_key, question=given.question
    )  # fmt: skip
    item = grading.grade([question], {question.id: given.given}).items[0]
    context = {
        "corrected": asking.corrected([item], LessonText(given.lesson_key))[0],
        "lesson": given.lesson,
        "card": card,
        "left": reviewing.due_count(request.user),
    }
    return render(request, "learners/reviewed.html", context)


def _asked(due: Due) -> asking.Asked:
    return asking.asked([due.shown], {}, LessonText(due.lesson.key))[0]
