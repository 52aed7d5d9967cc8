"""Finance's page on what does not fit between our books and the provider's."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.doors import role_required
from payments import sweeps
from payments.forms import BookByHandForm, SettleBreakForm
from payments.models import ReconBreak
from payments.reconciliation import by_hand, desk


@role_required("finance")
@require_safe
def reconciliation(request: HttpRequest) -> HttpResponse:
    return render(request, "payments/reconciliation.html", desk.view())


@role_required("finance")
@require_POST
def compare_books(request: HttpRequest) -> HttpResponse:
    sweeps.compare_books(by=request.user)
    messages.success(request, _("The books are being compared. Look again in a moment."))
    return redirect("payments:reconciliation")


@role_required("finance")
@require_POST
def settle_break(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(ReconBreak, pk=pk)
    form = SettleBreakForm(request.POST)
    if form.is_valid():
        row.resolve(by=request.user, note=form.cleaned_data["note"])
        messages.success(request, _("The break is settled. If it still stands, the next comparison finds it again."))
    else:
        messages.error(request, _("Say how this break was settled."))
    return redirect("payments:reconciliation")


@role_required("finance")
@require_POST
def book_break(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(ReconBreak, pk=pk)
    form = BookByHandForm(request.POST)
    if form.is_valid():
        by_hand.book(row, form.cleaned_data["account"], by=request.user, note=form.cleaned_data["note"])
        messages.success(request, _("What was missing is booked."))
    else:
        messages.error(request, _("Choose an account and say why."))
    return redirect("payments:reconciliation")
