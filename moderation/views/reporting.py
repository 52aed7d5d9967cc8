"""Reports by everybody, and the pages where people read what became of them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from marketplace.lib.addresses import address_of
from moderation import appeals, outcomes, reports
from moderation.appeal_forms import AppealForm
from moderation.measure_forms import ReportForm
from moderation.models import Measure
from moderation.reports import Sender

ROWS_A_PAGE = 30


def make(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    target = reports.target_or_404(kind, key, request.user)
    form = ReportForm(target, data=request.POST or None)
    if form.is_valid():
        filed = reports.file(target, sender_of(request), **form.cleaned_data)
        thanks = _("Thank you. Your report is with the moderators.")
        messages.success(request, thanks if filed.is_new else _("You have reported this already."))
        return redirect("reports:mine" if request.user.is_authenticated else target.url)
    context = {
        "target": target,
        "form": form,
        "is_own": target.owner.pk == request.user.pk,
        "is_claimable": target.kind in ("course", "lesson"),
    }
    return render(request, "reports/make.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    rows = outcomes.reported_by(request.user)
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    shown = [(row, outcomes.outcome_of(row.case), outcomes.done(row.case)) for row in page]
    return render(request, "reports/mine.html", {"page": page, "shown": shown})


@login_required
@require_GET
def about_me(request: HttpRequest) -> HttpResponse:
    rows = (
        Measure.objects.of_person(request.user).with_all().select_related("appeal__answer", "evidence").order_by("-id")
    )
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    shown = [(row, appeals.can_appeal(row, request.user)) for row in page]  # type: ignore[arg-type]
    return render(request, "reports/about_me.html", {"page": page, "shown": shown})


@login_required
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    measure = get_object_or_404(Measure.objects.of_person(request.user).with_all(), pk=pk)
    form = AppealForm(request.POST or None)
    if form.is_valid():
        made = appeals.make(measure, request.user, form.cleaned_data["text"])
        day = date_format(made.due_at, "DATE_FORMAT")
        messages.success(request, _("Your appeal is in. Another person answers by %(day)s.") % {"day": day})
        return redirect("reports:about_me")
    context = {"measure": measure, "form": form}
    return render(request, "reports/appeal.html", context, status=422 if form.errors else 200)


def sender_of(request: HttpRequest) -> Sender:
    person = request.user if request.user.is_authenticated else None
    return Sender(person, "" if person else address_of(request))
