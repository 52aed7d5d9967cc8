"""The sandbox's console for the finance team: its clock, its weather, its faults, what it remembers."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.doors import role_required
from marketplace.lib import clock

from ..sandbox import console
from ..sandbox.models import SandboxFault
from ..sandbox.models.dispute import REASONS
from ..sandbox_forms import ClockForm, FaultForm, WeatherForm
from .sandbox_pages import sandbox_only

EVENTS_SHOWN = 12


@sandbox_only
@role_required("finance", commits_itself=True)
@require_GET
def sandbox(request: HttpRequest) -> HttpResponse:
    return _console(request)


def _console(request: HttpRequest, **forms: Any) -> HttpResponse:
    state, words = request.GET.get("state", "all"), request.GET.get("q", "").strip()[:80]
    context = {
        "page": Paginator(console.events(state), EVENTS_SHOWN).get_page(request.GET.get("page")),
        "state": state if state in console.STATES else "all",
        "counts": console.event_counts(),
        "words": words,
        "now": clock.now(),
        "reasons": REASONS,
        "clock_form": ClockForm(),
        "fault_form": FaultForm(),
        "weather_form": WeatherForm(),
        **console.view(words),
        **forms,
    }
    wrong = any(form.errors for form in forms.values())
    return render(request, "payments/sandbox_console.html", context, status=422 if wrong else 200)


@sandbox_only
@role_required("finance", commits_itself=True)
@require_POST
def sandbox_clock(request: HttpRequest) -> HttpResponse:
    form = ClockForm(request.POST)
    if not form.is_valid():
        return _console(request, clock_form=form)
    by = timedelta(days=form.cleaned_data["days"] or 0, hours=form.cleaned_data["hours"] or 0)
    now = clock.advance(by, moved_by=request.user)
    messages.success(request, _("It is now %(now)s in the sandbox.") % {"now": f"{now:%Y-%m-%d %H:%M} UTC"})
    return redirect("payments:sandbox")


@sandbox_only
@role_required("finance", commits_itself=True)
@require_POST
def sandbox_fault(request: HttpRequest) -> HttpResponse:
    form = FaultForm(request.POST)
    if not form.is_valid():
        return _console(request, fault_form=form)
    console.plan_fault(form.cleaned_data["operation"], form.cleaned_data["mode"], form.cleaned_data["times"])
    messages.success(request, _("Planned. The next such call goes wrong."))
    return redirect("payments:sandbox")


@sandbox_only
@role_required("finance", commits_itself=True)
@require_POST
def sandbox_remove_fault(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(SandboxFault, pk=pk).remove()
    messages.success(request, _("It will not happen."))
    return redirect("payments:sandbox")


@sandbox_only
@role_required("finance", commits_itself=True)
@require_POST
def sandbox_weather(request: HttpRequest) -> HttpResponse:
    """The weather that the form asks for; an empty form asks for fair weather."""
    form = WeatherForm(request.POST)
    if "clear" not in request.POST and not form.is_valid():
        return _console(request, weather_form=form)
    fair = {"drop_percent": 0, "copies": 1, "delay_s": 0, "is_shuffled": False}
    console.change_weather(**(fair if "clear" in request.POST else form.cleaned_data))
    messages.success(request, _("From now on, events travel so."))
    return redirect("payments:sandbox")


@sandbox_only
@role_required("finance", commits_itself=True)
@require_POST
def sandbox_forget_keys(request: HttpRequest) -> HttpResponse:
    forgotten = console.prune_keys()
    messages.success(request, _("The provider has forgotten %(count)d keys.") % {"count": forgotten})
    return redirect("payments:sandbox")
