"""Decisions that are read a second time, by somebody who does not see the first answer before she has given hers."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.doors import role_required
from moderation import impartial
from moderation import second_looks as verbs
from moderation.forms import SecondLookForm
from moderation.models import SecondLook
from moderation.views.shown import shown_version

ROWS_A_PAGE = 30


@role_required("moderator")
def second_looks(request: HttpRequest) -> HttpResponse:
    is_closed = "closed" in request.GET
    rows = SecondLook.objects.with_all()
    rows = rows.exclude(judgment=None).order_by("-judgment__judged_at", "-id") if is_closed else rows.waiting()
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "moderation/second_looks.html", {"page": page, "is_closed": is_closed})


@role_required("moderator")
def second_look(request: HttpRequest, pk: int) -> HttpResponse:
    look = get_object_or_404(SecondLook.objects.with_all(), pk=pk)
    submission, judgment = look.decision.submission, getattr(look, "judgment", None)
    form = SecondLookForm(submission.version, request.POST or None)
    if request.method == "POST" and form.is_valid_answer():
        verbs.answer(look, request.user, **form.answer)
        messages.success(request, _("Recorded. Here is what the first reader decided."))
        return redirect("moderation:second_look", pk)
    is_first = look.decision.decided_by_id == request.user.pk
    part = impartial.part_of(impartial.of_submission(submission), request.user)
    context = {
        "look": look, "judgment": judgment, "form": form, "can_answer": not (judgment or is_first or part),
        "is_first": is_first, "part": part, "decision": look.decision if judgment or is_first else None,
        "rubric": form.findings.rubric, "findings": list(look.decision.findings.order_by("id")),
        **shown_version(request, submission.version),
    }  # fmt: skip
    return render(request, "moderation/second_look.html", context, status=422 if form.is_bound else 200)
