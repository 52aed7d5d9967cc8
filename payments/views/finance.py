"""The pages of finance: the books, payout runs, holds, and work that is stuck."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.doors import role_required
from payments import desk as finance_desk
from payments import exceptions, holds
from payments import finance as desk
from payments.forms import LiftForm, PayoutHoldForm
from payments.models import PayoutHold

RUNS_SHOWN = 12


@role_required("finance")
@require_GET
def finance(request: HttpRequest) -> HttpResponse:
    return _desk(request, PayoutHoldForm())


def _desk(request: HttpRequest, form: PayoutHoldForm) -> HttpResponse:
    trials = desk.books()
    dead = exceptions.dead_work()
    context = {
        "tiles": finance_desk.tiles(len(dead)),
        "trials": trials,
        "agreements": desk.agreements(trials),
        "runs": desk.runs().select_related("started_by")[:RUNS_SHOWN],
        "holds": desk.open_holds(),
        "hold_form": form,
        "dead_work": dead,
    }
    return render(request, "payments/finance.html", context, status=422 if form.errors else 200)


@role_required("finance", commits_itself=True)  # a form that is refused shows the page again, which asks the provider
@require_POST
def place_hold(request: HttpRequest) -> HttpResponse:
    form = PayoutHoldForm(request.POST)
    if not form.is_valid():
        return _desk(request, form)
    holds.place(by=request.user, **form.cleaned_data)
    messages.success(request, _("The creator's payouts are held back."))
    return redirect("payments:finance")


@role_required("finance")
@require_POST
def lift_hold(request: HttpRequest, pk: int) -> HttpResponse:
    hold = get_object_or_404(PayoutHold, pk=pk)
    form = LiftForm(request.POST)
    if form.is_valid():
        holds.lift(hold, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("The hold has been lifted."))
    else:
        messages.error(request, _("Say why the hold ends."))
    return redirect("payments:finance")


@role_required("finance")
@require_POST
def try_again(request: HttpRequest, label: str, pk: str) -> HttpResponse:
    exceptions.try_again(label, pk, by=request.user)
    messages.success(request, _("It is tried again now."))
    return redirect(f"{reverse('payments:finance')}#stuck")
