"""The pages of finance: the books, payout runs, holds, and work that is stuck."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.doors import role_required
from payments import finance as desk
from payments import payouts
from payments.forms import LiftForm, PayoutHoldForm
from payments.models import Payout, PayoutHold

RUNS_SHOWN = 12


@role_required("finance")
@require_GET
def finance(request: HttpRequest) -> HttpResponse:
    return _desk(request, PayoutHoldForm())


def _desk(request: HttpRequest, form: PayoutHoldForm) -> HttpResponse:
    trials = desk.books()
    context = {
        "trials": trials,
        "agreements": desk.agreements(trials),
        "runs": desk.runs().select_related("started_by")[:RUNS_SHOWN],
        "holds": desk.open_holds(),
        "hold_form": form,
        "dead_work": desk.dead_work(),
    }
    return render(request, "payments/finance.html", context, status=422 if form.errors else 200)


@role_required("finance")
@require_POST
def start_payout_run(request: HttpRequest) -> HttpResponse:
    run = payouts.run(request.user)
    messages.success(request, _("The run is done. Its payouts are on their way."))
    return redirect("payments:payout_run", pk=run.pk)


@role_required("finance")
@require_GET
def payout_run(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(desk.runs().select_related("started_by"), pk=pk)
    context = {
        "run": run,
        "payouts": run.payouts.select_related("creator").order_by("id"),
        "skips": run.skips.select_related("creator").order_by("id"),
    }
    return render(request, "payments/payout_run.html", context)


@role_required("finance")
@require_POST
def reopen_payout(request: HttpRequest, pk: int) -> HttpResponse:
    payout = get_object_or_404(Payout, pk=pk)
    payouts.reopen(payout, by=request.user)
    messages.success(request, _("The payout is looked up at the provider again."))
    return redirect("payments:payout_run", pk=payout.run_id)


@role_required("finance")
@require_POST
def place_hold(request: HttpRequest) -> HttpResponse:
    form = PayoutHoldForm(request.POST)
    if not form.is_valid():
        return _desk(request, form)
    PayoutHold.objects.place(by=request.user, **form.cleaned_data)
    messages.success(request, _("The creator's payouts are held back."))
    return redirect("payments:finance")


@role_required("finance")
@require_POST
def lift_hold(request: HttpRequest, pk: int) -> HttpResponse:
    hold = get_object_or_404(PayoutHold, pk=pk)
    form = LiftForm(request.POST)
    if form.is_valid():
        hold.lift(by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("The hold has been lifted."))
    else:
        messages.error(request, _("Say why the hold ends."))
    return redirect("payments:finance")
