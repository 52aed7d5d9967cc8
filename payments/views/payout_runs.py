"""Finance: a payout run before, during and after."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.doors import role_required
from payments import finance as desk
from payments import payout_desk as rows
from payments import payouts
from payments.models import Payout
from payments.payout_forms import ApprovalForm, ReasonForm

LINES_A_PAGE = 50


@role_required("finance")
@require_GET
def prepare_payout_run(request: HttpRequest) -> HttpResponse:
    """Who would be paid how much, and who not and why, if the run began now."""
    return render(request, "payments/prepare_payout_run.html", {"preview": rows.preview()})


@role_required("finance")
@require_POST
def start_payout_run(request: HttpRequest) -> HttpResponse:
    run = payouts.start(request.user)
    return redirect("payments:payout_run", pk=run.pk)


@role_required("finance")
@require_GET
def payout_run(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(desk.runs().select_related("started_by"), pk=pk)
    shows_skips = request.GET.get("list") == "skips"
    lines = rows.skips_of(run) if shows_skips else rows.payouts_of(run, request.GET.get("state", ""))
    pages = Paginator(lines, LINES_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "run": run,
        "shows_skips": shows_skips,
        "page": page,
        "elided": pages.get_elided_page_range(page.number),
        "bank_orders": rows.bank_orders_of(run),
        "bank_files": run.bank_files.select_related("made_by"),
    }
    return render(request, "payments/payout_run.html", context)


@role_required("finance", confirmed=True)
@require_POST
def approve_payout(request: HttpRequest, pk: int) -> HttpResponse:
    payout = get_object_or_404(Payout, pk=pk)
    form = ApprovalForm(request.POST)
    if form.is_valid():
        payouts.approve(payout, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("The payout may go."))
    return redirect("payments:payout_desk")


@role_required("finance")
@require_POST
def decline_payout(request: HttpRequest, pk: int) -> HttpResponse:
    return _with_reason(request, pk, payouts.decline, _("The payout was declined; the money is available again."))


@role_required("finance")
@require_POST
def withdraw_payout(request: HttpRequest, pk: int) -> HttpResponse:
    return _with_reason(request, pk, payouts.withdraw, _("The payout was withdrawn; the money is available again."))


@role_required("finance")
@require_POST
def settle_payout_flag(request: HttpRequest, pk: int) -> HttpResponse:
    return _with_reason(request, pk, payouts.settle_flag, _("The remark was settled."))


@role_required("finance")
@require_POST
def reopen_payout(request: HttpRequest, pk: int) -> HttpResponse:
    payout = get_object_or_404(Payout, pk=pk)
    payouts.reopen(payout, by=request.user)
    messages.success(request, _("The payout is looked up at the provider again."))
    return redirect("payments:payout_run", pk=payout.run_id)


def _with_reason(request: HttpRequest, pk: int, act: rows.Act, done: str) -> HttpResponse:
    payout = get_object_or_404(Payout, pk=pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        act(payout, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, done)
    else:
        messages.error(request, _("Say why, for the record."))
    return redirect("payments:payout_desk")
