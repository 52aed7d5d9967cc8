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
from moderation.models import Appeal, AppealAnswer
from moderation.views.ending import ending_page

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
    if form.is_valid() and "change" not in request.POST:
        return _answered(request, appeal, form.cleaned_data)
    measure = appeal.measure
    context = {
        "appeal": appeal,
        "measure": measure,
        "form": form,
        "part": impartial.part_of(impartial.anew(measure), request.user),
    }
    return render(request, "moderation/answer_appeal.html", context, status=422 if form.errors else 200)


def _answered(request: HttpRequest, appeal: Appeal, said: dict[str, str]) -> HttpResponse:
    """First what it would do, then, with the version of that, the answer."""
    title = AppealAnswer.Verdict(said["verdict"]).label
    if "effect_version" not in request.POST:
        return ending_page(request, appeal.measure, title, verbs.preview(appeal, request.user, **said), said)  # type: ignore[arg-type]
    try:
        verbs.answer(appeal, request.user, **said, seen=request.POST["effect_version"])  # type: ignore[arg-type]
    except measures.EndingChanged as changed:
        messages.warning(request, str(changed))
        return ending_page(request, appeal.measure, title, changed.ending, said, status=409)
    messages.success(request, _("Answered: %(verdict)s.") % {"verdict": title})
    return redirect("moderation:appeals")
