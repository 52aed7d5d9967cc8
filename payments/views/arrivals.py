"""Finance: money that came in at our own account, and what is sent back from it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.doors import role_required
from payments.hand import arrivals as desk_acts
from payments.hand import desk, refunding
from payments.hand.forms import ArrivalForm, BankReferenceForm, MatchForm, PayBackForm
from payments.models import Arrival, ArrivalStep, Refund
from payments.models.arrival import ArrivalNoted
from payments.payout_forms import ReasonForm


@role_required("finance")
def arrivals(request: HttpRequest) -> HttpResponse:
    return _desk(request, ArrivalForm())


def _desk(request: HttpRequest, form: ArrivalForm) -> HttpResponse:
    context = {"desk": desk.view(), "form": form, "is_used": desk.is_used()}
    return render(request, "payments/arrivals.html", context, status=422 if form.errors else 200)


@role_required("finance", confirmed=True)
@require_POST
def note_arrival(request: HttpRequest) -> HttpResponse:
    form = ArrivalForm(request.POST)
    if form.is_valid():
        try:
            return _told(request, desk_acts.note(by=request.user, **form.cleaned_data))
        except desk_acts.UnknownReference as refusal:
            form.add_error("reference", str(refusal))
        except ArrivalNoted as refusal:
            form.add_error("bank_reference", str(refusal))
    return _desk(request, form)


@role_required("finance", confirmed=True)
@require_POST
def match_arrival(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, MatchForm(request.POST), desk_acts.match)


@role_required("finance", confirmed=True)
@require_POST
def confirm_arrival(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, forms.Form(request.POST), desk_acts.confirm)


@role_required("finance", confirmed=True)
@require_POST
def give_arrival_effect(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, ReasonForm(request.POST), desk_acts.give_effect)


@role_required("finance")
@require_POST
def withdraw_arrival(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, ReasonForm(request.POST), desk_acts.withdraw)


@role_required("finance")
@require_POST
def send_arrival_back(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, ReasonForm(request.POST), desk_acts.send_back)


@role_required("finance")
@require_POST
def note_arrival_sent_back(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, BankReferenceForm(request.POST), desk_acts.note_sent_back)


@role_required("finance", confirmed=True)
@require_POST
def pay_refund_back(request: HttpRequest, pk: int) -> HttpResponse:
    refund = get_object_or_404(Refund.objects.filter(order__hand_payment__isnull=False), pk=pk)
    form = PayBackForm(request.POST)
    if form.is_valid():
        refunding.pay_back(refund, by=request.user, **form.cleaned_data)
        messages.success(request, _("It is booked, and the buyer is told that her money is on its way."))
    else:
        messages.error(request, _("Say when the bank sent it, and under which reference."))
    return redirect("payments:arrivals")


def _done(request: HttpRequest, pk: int, form: forms.Form, act: Callable[..., Any]) -> HttpResponse:
    arrival = get_object_or_404(Arrival.objects.of_book(), pk=pk)
    if not form.is_valid():
        messages.error(request, _("Fill in the field beside the button: it is needed for the record."))
        return redirect("payments:arrivals")
    act(arrival, by=request.user, **form.cleaned_data)
    return _told(request, arrival)


def _told(request: HttpRequest, arrival: Arrival) -> HttpResponse:
    """Say where it stands now."""
    now = desk.shown(arrival)
    words = {"amount": now.row.amount.format(), "state": now.words, "order": now.order or ""}
    if now.row.state == ArrivalStep.State.UNMATCHED:
        messages.warning(request, _("%(amount)s stands as open: %(state)s") % words)
    elif now.row.state == ArrivalStep.State.BOOKED:
        messages.success(request, _("%(amount)s paid order %(order)s. Its buyer has her courses.") % words)
    else:
        messages.success(request, _("%(amount)s: %(state)s.") % words)
    return redirect("payments:arrivals")
