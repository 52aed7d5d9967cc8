"""Finance: payouts that count as carried out by the bank and are not. One person notes it, another looks there too."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.doors import role_required
from payments import bank_returns
from payments.models import BankReturn, Payout
from payments.payout_forms import ApprovalForm, BankReturnForm, ReasonForm


@role_required("finance")
@require_http_methods(["GET", "POST"])
def note_payout_return(request: HttpRequest, pk: int) -> HttpResponse:
    payout = get_object_or_404(Payout.objects.by_bank().select_related("creator", "bank_order__file"), pk=pk)
    form = BankReturnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        bank_returns.note(payout, by=request.user, **form.cleaned_data)
        messages.success(request, _("It is noted. Somebody else must look at the bank and confirm it."))
        return redirect("payments:payout_desk")
    status = 422 if form.is_bound else 200
    return render(request, "payments/note_payout_return.html", {"payout": payout, "form": form}, status=status)


@role_required("finance", confirmed=True)
@require_POST
def confirm_payout_return(request: HttpRequest, pk: int) -> HttpResponse:
    back = get_object_or_404(BankReturn.objects.select_related("order__payout"), pk=pk)
    form = ApprovalForm(request.POST)
    if form.is_valid():
        bank_returns.confirm(back, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("It is booked: the money is on the creator's balance again, and she is told."))
    return redirect("payments:payout_desk")


@role_required("finance")
@require_POST
def decline_payout_return(request: HttpRequest, pk: int) -> HttpResponse:
    back = get_object_or_404(BankReturn.objects.select_related("order__payout"), pk=pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        bank_returns.decline(back, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("The payout stays paid."))
    else:
        messages.error(request, _("Say why, for the record."))
    return redirect("payments:payout_desk")
