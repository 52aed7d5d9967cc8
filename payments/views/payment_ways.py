"""Finance: the ways by which buyers may send money themselves, and a second person's yes to each."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.doors import role_required
from payments.hand import desk, ways
from payments.hand.forms import ChangeWayForm, WayForm, WayRefusalForm, WayVerdictForm
from payments.models import PaymentWay
from payments.models.payment_way import hands_in


@role_required("finance", confirmed=True)
def payment_ways(request: HttpRequest) -> HttpResponse:
    """All of them; POST sets up another."""
    form = WayForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        way = ways.set_up(by=request.user, **form.cleaned_data)
        messages.success(request, _told(way))
        return redirect("payments:payment_ways")
    context = {"ways": PaymentWay.objects.present().order_by("currency", "pk"), "form": form}
    return render(request, "payments/payment_ways.html", context, status=422 if form.is_bound else 200)


@role_required("finance", confirmed=True)
def payment_way(request: HttpRequest, code: str) -> HttpResponse:
    """One with its versions; POST makes the next one. `version` is the one that was looked at."""
    way, _standing, _versions = desk.way_or_404(code)
    form = ChangeWayForm(request.POST or None, request.FILES or None, instance=way)
    if request.method == "POST" and form.is_valid():
        newer = ways.change(_seen(request, code), by=request.user, **form.cleaned_data)
        messages.success(request, _told(newer))
        return redirect("payments:payment_way", code=code)
    return _page(request, code, form=form)


@role_required("finance", confirmed=True)
@require_POST
def approve_payment_way(request: HttpRequest, code: str) -> HttpResponse:
    said = _("Buyers see it from now on; orders that wait keep what they were told.")
    return _decided(request, code, WayVerdictForm(request.POST), ways.approve, said)


@role_required("finance")
@require_POST
def decline_payment_way(request: HttpRequest, code: str) -> HttpResponse:
    return _decided(request, code, WayRefusalForm(request.POST), ways.decline, _("Buyers see nothing of it."))


def _decided(
    request: HttpRequest, code: str, form: WayVerdictForm, act: Callable[..., Any], said: str
) -> HttpResponse:  # fmt: skip
    desk.way_or_404(code)
    if not form.is_valid():
        return _page(request, code, verdict=form)
    act(_seen(request, code), by=request.user, reason=form.cleaned_data["reason"])
    messages.success(request, said)
    return redirect("payments:payment_way", code=code)


def _seen(request: HttpRequest, code: str) -> PaymentWay:
    return PaymentWay.objects.seen(code, request.POST.get("version", ""))


def _page(request: HttpRequest, code: str, **forms: Form) -> HttpResponse:
    way, standing, versions = desk.way_or_404(code)
    context = {
        "way": way, "standing": standing, "versions": versions, "differences": desk.differences(standing, way),
        "hands": hands_in(versions, way), "form": ChangeWayForm(instance=way), "verdict": WayVerdictForm(), **forms,
    }  # fmt: skip
    is_wrong = any(form.is_bound for form in forms.values())
    return render(request, "payments/payment_way.html", context, status=422 if is_wrong else 200)


def _told(way: PaymentWay) -> str:
    return _("Buyers see it once somebody else of finance said yes.") if way.is_on else _("It is switched off.")
