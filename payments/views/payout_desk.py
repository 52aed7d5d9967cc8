"""Finance: what waits for a person about payouts, and the stops and reserves."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.doors import role_required
from payments import bank_accounts
from payments import payout_desk as rows
from payments.models import CurrencyRail, PayoutStop, ReserveRule
from payments.payout_forms import RailForm, ReasonForm, ReserveForm, StopForm, TurnBackForm


@role_required("finance")
@require_GET
def payout_desk(request: HttpRequest) -> HttpResponse:
    return _desk(request)


def _desk(request: HttpRequest, **wrong: Form) -> HttpResponse:
    """With the form that was filled in wrongly, by its name, if one was."""
    moving = {"rail_form": RailForm(), "back_form": TurnBackForm()}
    context = {"desk": rows.desk(), "stop_form": StopForm(), "reserve_form": ReserveForm(), **moving, **wrong}
    return render(request, "payments/payout_desk.html", context, status=422 if wrong else 200)


@role_required("finance", confirmed=True)
@require_POST
def choose_payout_rail(request: HttpRequest) -> HttpResponse:
    form = RailForm(request.POST)
    if not form.is_valid():
        return _desk(request, rail_form=form)
    CurrencyRail.objects.choose(by=request.user, **form.cleaned_data)
    messages.success(request, _("The way out is chosen. Payouts that were begun keep theirs."))
    return redirect("payments:payout_desk")


@role_required("finance", commits_itself=True, confirmed=True)  # the provider is asked first
@require_POST
def turn_payouts_back(request: HttpRequest) -> HttpResponse:
    form = TurnBackForm(request.POST)
    if not form.is_valid():
        return _desk(request, back_form=form)
    bank_accounts.turn_back(form.cleaned_data["creator"], by=request.user, reason=form.cleaned_data["reason"])
    messages.success(request, _("From three days on, new payouts go through the provider again."))
    return redirect("payments:payout_desk")


@role_required("finance")
@require_POST
def stop_payouts(request: HttpRequest) -> HttpResponse:
    form = StopForm(request.POST)
    if not form.is_valid():
        return _desk(request, stop_form=form)
    PayoutStop.objects.place(by=request.user, **form.cleaned_data)
    messages.success(request, _("Payouts are stopped. What was asked for already is still looked up."))
    return redirect("payments:payout_desk")


@role_required("finance")
@require_POST
def lift_stop(request: HttpRequest, pk: int) -> HttpResponse:
    stop = get_object_or_404(PayoutStop, pk=pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        stop.lift(by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("Payouts go on."))
    else:
        messages.error(request, _("Say why, for the record."))
    return redirect("payments:payout_desk")


@role_required("finance")
@require_POST
def place_reserve(request: HttpRequest) -> HttpResponse:
    form = ReserveForm(request.POST)
    if not form.is_valid():
        return _desk(request, reserve_form=form)
    ReserveRule.objects.place(by=request.user, **form.verb)
    messages.success(request, _("From now on a part of each released share is kept back."))
    return redirect("payments:payout_desk")


@role_required("finance")
@require_POST
def end_reserve(request: HttpRequest, pk: int) -> HttpResponse:
    rule = get_object_or_404(ReserveRule, pk=pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        rule.end(by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("Nothing more is kept back; what is kept comes back on its day."))
    else:
        messages.error(request, _("Say why, for the record."))
    return redirect("payments:payout_desk")
