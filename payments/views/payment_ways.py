"""Finance: the ways by which buyers may send money themselves, and a second person's yes to each."""

from typing import NoReturn

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.doors import role_required
from payments.hand import desk, ways
from payments.hand.forms import ChangeWayForm, WayForm
from payments.models import PaymentWay
from payments.models.payment_way import WayChanged, hands_in
from payments.payout_forms import ApprovalForm, ReasonForm


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
    way, standing, versions = desk.way_of(code) or _none()
    form = ChangeWayForm(request.POST or None, request.FILES or None, instance=way)
    if request.method == "POST" and form.is_valid():
        newer = ways.change(_seen(request, code) or way, by=request.user, **form.cleaned_data)
        messages.success(request, _told(newer))
        return redirect("payments:payment_way", code=code)
    context = {
        "way": way, "standing": standing, "versions": versions, "form": form,
        "differences": desk.differences(standing, way), "hands": hands_in(versions, way),
    }  # fmt: skip
    return render(request, "payments/payment_way.html", context, status=422 if form.is_bound else 200)


@role_required("finance", confirmed=True)
@require_POST
def approve_payment_way(request: HttpRequest, code: str) -> HttpResponse:
    form = ApprovalForm(request.POST)
    if form.is_valid():
        ways.approve(_judged(request, code), by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("Buyers see it from now on; orders that wait keep what they were told."))
    return redirect("payments:payment_way", code=code)


@role_required("finance")
@require_POST
def decline_payment_way(request: HttpRequest, code: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    if form.is_valid():
        ways.decline(_judged(request, code), by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("Buyers see nothing of it."))
    else:
        messages.error(request, _("Say why, for the record."))
    return redirect("payments:payment_way", code=code)


def _told(way: PaymentWay) -> str:
    return _("Buyers see it once somebody else of finance said yes.") if way.is_on else _("It is switched off.")


def _seen(request: HttpRequest, code: str) -> PaymentWay | None:
    """The version that was looked at."""
    seen = request.POST.get("version", "")
    return next((row for row in PaymentWay.objects.versions(code) if str(row.version) == seen), None)


def _judged(request: HttpRequest, code: str) -> PaymentWay:
    """As `_seen`; nobody decides on what she does not name. Raises WayChanged."""
    if not (seen := _seen(request, code)):
        raise WayChanged if PaymentWay.objects.versions(code).exists() else Http404
    return seen


def _none() -> NoReturn:
    raise Http404
