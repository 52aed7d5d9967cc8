"""Finance: the ways by which buyers may send money themselves."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.doors import role_required
from payments.hand import ways
from payments.hand.forms import ChangeWayForm, WayForm
from payments.models import PaymentWay


@role_required("finance", confirmed=True)
def payment_ways(request: HttpRequest) -> HttpResponse:
    """All of them; POST sets up another."""
    form = WayForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        way = ways.set_up(by=request.user, **form.cleaned_data)
        messages.success(request, _("Buyers can choose “%(name)s” now.") % {"name": way.name})
        return redirect("payments:payment_ways")
    context = {"ways": PaymentWay.objects.standing().select_related("set_by").order_by("currency", "pk"), "form": form}
    return render(request, "payments/payment_ways.html", context, status=422 if form.is_bound else 200)


@role_required("finance", confirmed=True)
def payment_way(request: HttpRequest, code: str) -> HttpResponse:
    """One with its versions; POST makes the next one. `version` is the one that was looked at."""
    versions = list(PaymentWay.objects.versions(code))
    way = get_object_or_404(PaymentWay.objects.standing(), code=code)
    form = ChangeWayForm(request.POST or None, request.FILES or None, instance=way)
    if request.method == "POST" and form.is_valid():
        seen = next((row for row in versions if str(row.version) == request.POST.get("version")), way)
        ways.change(seen, by=request.user, **form.cleaned_data)
        messages.success(request, _("New orders go by what it says now; those that wait keep what they were told."))
        return redirect("payments:payment_way", code=code)
    context = {"way": way, "versions": versions, "form": form}
    return render(request, "payments/payment_way.html", context, status=422 if form.is_bound else 200)
