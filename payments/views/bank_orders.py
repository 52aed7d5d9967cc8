"""Finance: files of orders for the bank, what the bank did of each, and the bank details that wait to be confirmed."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.doors import role_required
from payments import bank_accounts, bank_files, bank_orders
from payments.models import BankDetails, BankFile, BankOrder, PayoutRun
from payments.payout_forms import ApprovalForm, BankAnswerForm, BankFileForm, ReasonForm

FORMATS = {"csv": (bank_files.as_csv, "text/csv; charset=utf-8"), "xml": (bank_files.as_pain001, "application/xml")}


@role_required("finance", commits_itself=True)  # what goes nowhere stays flagged, though no file is made
@require_POST
def make_bank_file(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(PayoutRun, pk=pk)
    form = BankFileForm(request.POST)
    if form.is_valid():
        file = bank_orders.make_file(run, form.cleaned_data["currency"], by=request.user)
        messages.success(request, _("File %(name)s is made. Bring it to the bank.") % {"name": file})
    return redirect("payments:payout_run", pk=run.pk)


@role_required("finance")
@require_GET
def bank_file(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    file = get_object_or_404(BankFile, pk=pk)
    if form not in FORMATS:
        raise Http404
    written, content_type = FORMATS[form]
    response = HttpResponse(written(bank_orders.hand_out(file)), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{file}.{form}"'
    response["Cache-Control"] = "private, no-store"
    return response


@role_required("finance")
@require_POST
def answer_bank_order(request: HttpRequest, pk: int) -> HttpResponse:
    order = get_object_or_404(BankOrder.objects.select_related("file"), pk=pk)
    form = BankAnswerForm(request.POST)
    if form.is_valid():
        bank_orders.answer(order, by=request.user, **form.cleaned_data)
        messages.success(request, _("What the bank did is written down."))
    else:
        messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
    return redirect("payments:payout_desk")


@role_required("finance", confirmed=True)
@require_POST
def confirm_bank_details(request: HttpRequest, pk: int) -> HttpResponse:
    details = get_object_or_404(BankDetails, pk=pk)
    form = ApprovalForm(request.POST)
    if form.is_valid():
        bank_accounts.confirm(details, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("The bank details are confirmed."))
    return redirect("payments:payout_desk")


@role_required("finance")
@require_POST
def refuse_bank_details(request: HttpRequest, pk: int) -> HttpResponse:
    details = get_object_or_404(BankDetails, pk=pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        bank_accounts.refuse(details, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("The creator reads why her bank details cannot be used."))
    else:
        messages.error(request, _("Say why: the creator reads it."))
    return redirect("payments:payout_desk")
