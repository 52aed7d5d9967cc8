"""The sandbox's console for the finance team: its clock, its events, its faults."""

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.doors import role_required
from marketplace.lib import clock

from ..order_forms import ClockForm, FaultForm
from ..sandbox import console
from ..sandbox.models import SandboxEvent
from .sandbox_pages import sandbox_only


@sandbox_only
@role_required("finance")
def sandbox(request: HttpRequest) -> HttpResponse:
    page = Paginator(SandboxEvent.objects.order_by("-created", "-pk"), 30).get_page(request.GET.get("page"))
    context = {"page": page, "now": clock.now(), "clock_form": ClockForm(), "fault_form": FaultForm(), **console.view()}
    return render(request, "payments/sandbox_console.html", context)


@sandbox_only
@role_required("finance")
@require_POST
def sandbox_clock(request: HttpRequest) -> HttpResponse:
    form = ClockForm(request.POST)
    if form.is_valid():
        now = clock.advance(timedelta(days=form.cleaned_data["days"]), moved_by=request.user)
        messages.success(request, _("It is now %(now)s in the sandbox.") % {"now": f"{now:%Y-%m-%d %H:%M} UTC"})
    return redirect("payments:sandbox")


@sandbox_only
@role_required("finance")
@require_POST
def sandbox_event(request: HttpRequest, event_id: str, act: str) -> HttpResponse:
    """`act`: resend, duplicate or drop."""
    event = get_object_or_404(SandboxEvent, pk=event_id)
    console.act(event, act)
    return redirect("payments:sandbox")


@sandbox_only
@role_required("finance")
@require_POST
def sandbox_fault(request: HttpRequest) -> HttpResponse:
    form = FaultForm(request.POST)
    if form.is_valid():
        console.plan_fault(form.cleaned_data["operation"], form.cleaned_data["mode"], form.cleaned_data["times"])
    return redirect("payments:sandbox")
