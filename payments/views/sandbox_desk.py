"""Buttons of the sandbox's console on single things: events on their way, charges, disputes, transfers."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.doors import role_required

from ..sandbox import console, desk
from ..sandbox.models import SandboxEvent, SandboxPayment
from ..sandbox_forms import ChargeActForm, EventsForm
from .sandbox_pages import sandbox_only


@sandbox_only
@role_required("finance", commits_itself=True)
@require_POST
def sandbox_event(request: HttpRequest, event_id: str, act: str) -> HttpResponse:
    """`act`: one of console.ON_EVENTS."""
    return _events(request, [get_object_or_404(SandboxEvent, pk=event_id)], act)


@sandbox_only
@role_required("finance", commits_itself=True)
@require_POST
def sandbox_events(request: HttpRequest, act: str) -> HttpResponse:
    """The same with the events that were ticked, or with all that wait or were lost."""
    form = EventsForm(request.POST)
    every = form.cleaned_data["every"] if form.is_valid() else ""
    return _events(request, console.chosen(request.POST.getlist("event"), every), act)


def _events(request: HttpRequest, events: Any, act: str) -> HttpResponse:
    count = console.act(events, act)
    messages.success(request, ngettext("Done with %(n)d event.", "Done with %(n)d events.", count) % {"n": count})
    return redirect("payments:sandbox")


@sandbox_only
@role_required("finance", commits_itself=True)
@require_POST
def sandbox_charge(request: HttpRequest, charge_id: str, act: str) -> HttpResponse:
    """`act`: one of desk.ON_A_CHARGE."""
    payment = get_object_or_404(SandboxPayment, charge_id=charge_id)
    form = ChargeActForm(request.POST, currency=payment.currency.upper())
    if not form.is_valid():
        messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
        return redirect("payments:sandbox")
    desk.on_charge(charge_id, act, **form.cleaned_data)
    return _told(request)


@sandbox_only
@role_required("finance", commits_itself=True)
@require_POST
def sandbox_dispute(request: HttpRequest, dispute_id: str, act: str) -> HttpResponse:
    """`act`: one of desk.ON_A_DISPUTE."""
    return _told(request, desk.on_dispute(dispute_id, act))


@sandbox_only
@role_required("finance", commits_itself=True)
@require_POST
def sandbox_transfer(request: HttpRequest, transfer_id: str) -> HttpResponse:
    return _told(request, desk.reverse_transfer(transfer_id))


def _told(request: HttpRequest, done: Any = True) -> HttpResponse:
    if done is None:
        raise Http404
    messages.success(request, _("Done. The provider's events are on their way to us."))
    return redirect("payments:sandbox")
