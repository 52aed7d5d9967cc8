"""Appeals that wait for another person, and the answer."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.doors import role_required
from moderation import appeals as verbs
from moderation import impartial, measures
from moderation.appeal_forms import AppealAnswerForm
from moderation.models import Appeal

ROWS_A_PAGE = 30


@role_required("moderator")
def appeals(request: HttpRequest) -> HttpResponse:
    is_closed = "closed" in request.GET
    rows = Appeal.objects.exclude(answer=None).order_by("-appealed_at") if is_closed else Appeal.objects.open()
    rows = rows.select_related("measure__rule", "measure__decided_by", "by", "answer__decided_by")
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "moderation/appeals.html", {"page": page, "is_closed": is_closed})


@role_required("moderator")
def answer_appeal(request: HttpRequest, pk: int) -> HttpResponse:
    appeal = get_object_or_404(Appeal.objects.with_all(), pk=pk)
    form = AppealAnswerForm(request.POST or None)
    if form.is_valid():
        answered = verbs.answer(appeal, request.user, **form.cleaned_data)
        messages.success(request, _("Answered: %(verdict)s.") % {"verdict": answered.get_verdict_display()})
        return redirect("moderation:appeals")
    measure = appeal.measure
    context = {
        "appeal": appeal,
        "measure": measure,
        "form": form,
        "made_good": measures.made_good_if_ended(measure),
        "part": impartial.part_of(impartial.anew(measure), request.user),
    }
    return render(request, "moderation/answer_appeal.html", context, status=422 if form.errors else 200)
