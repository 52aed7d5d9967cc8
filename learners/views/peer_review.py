"""Reviewing the work of another: without a name on either side."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses.lesson_text import LessonText
from learners.assignment_forms import MarksForm
from learners.assignments import assessing, inbox, peers
from learners.models import PeerTurn
from marketplace.lib import markdown

from .assignment import assignment_of


@login_required
@require_POST
def take_turn(request: HttpRequest, slug: str, key: uuid.UUID) -> HttpResponse:
    turn = peers.take(request.user, assignment_of(request, slug, key))
    return redirect("learners:peer_review", slug, key, turn.pk)


@login_required
def peer_review(request: HttpRequest, slug: str, key: uuid.UUID, pk: int) -> HttpResponse:
    lesson = assignment_of(request, slug, key)
    rows = PeerTurn.objects.of(request.user).live().filter(lesson_key=key, due_at__gt=timezone.now())
    turn = rows.select_related("hand_in__lesson__version").filter(pk=pk).first()
    if turn is None:
        raise Http404
    work = turn.hand_in
    form = MarksForm(work.assignment, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            assessing.assess(request.user, turn.pk, form.marks, form.cleaned_data["text"])
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Your review is given. Thank you."))
            return redirect("learners:lesson", slug, key)
    context = {
        "lesson": lesson, "slug": slug, "turn": turn, "work": work, "assignment": work.assignment, "form": form,
        "text": markdown.render_rich(work.text), "task": LessonText(key).html(work.assignment.task),
        "is_apart": inbox.is_apart(request.user, key),
    }  # fmt: skip
    return render(request, "learners/peer_review.html", context, status=422 if form.errors else 200)
