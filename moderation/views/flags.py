"""Figures that stand out: for moderators with their cases, for owners with what they can do, for all with the rules."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.doors import role_required
from moderation.appeal_forms import FlagAnswerForm
from moderation.detectors import DETECTORS
from moderation.models import Flag

ROWS_A_PAGE = 30


@role_required("moderator")
@require_GET
def flags(request: HttpRequest) -> HttpResponse:
    """`?code=` shows one detector's; `?account=` those that name an account; `?closed` what was decided."""
    is_closed, code = "closed" in request.GET, request.GET.get("code", "")
    rows = Flag.objects.with_all()
    rows = rows.exclude(case__closed_at=None).order_by("-case__closed_at", "-id") if is_closed else rows.open()
    if code in DETECTORS:
        rows = rows.filter(code=code)
    if (account := request.GET.get("account", "")).isdecimal():
        rows = rows.naming(int(account))
    page = Paginator(rows if is_closed else rows.by_priority(), ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "is_closed": is_closed, "detectors": DETECTORS.values(), "code": code}
    return render(request, "moderation/flags.html", context)


@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    rows = Flag.objects.told_to(request.user).with_all().order_by("case__closed_at", "-id")
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "reports/flags.html", {"page": page, "form": FlagAnswerForm()})


@login_required
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    flag = get_object_or_404(Flag.objects.told_to(request.user), pk=pk)
    form = FlagAnswerForm(request.POST)
    if not form.is_valid():
        page = Paginator(Flag.objects.told_to(request.user).with_all().filter(pk=pk).order_by("pk"), 1).get_page(1)
        return render(request, "reports/flags.html", {"page": page, "form": form}, status=422)
    flag.answer_by(request.user, form.cleaned_data["text"])
    messages.success(request, _("Your words stand beside the figures now."))
    return redirect("reports:flags")


@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """Every rule by which something is flagged, for everybody to read."""
    return render(request, "rules/figures.html", {"detectors": DETECTORS.values()})
