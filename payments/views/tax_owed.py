"""Finance's page of tax by country: what was taken, given back, paid to offices and is still owed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.doors import role_required
from payments.tax import desk, papers, paying
from payments.tax.forms import TaxPaymentForm


@role_required("finance")
@require_safe
def tax_owed(request: HttpRequest) -> HttpResponse:
    """One period: `period` names it, or it is the last quarter that ended."""
    return _page(request, request.GET.get("period", ""))


def _page(request: HttpRequest, period: str, form: TaxPaymentForm | None = None) -> HttpResponse:
    shown = desk.view(period)
    context = {"shown": shown, "form": form or TaxPaymentForm(initial={"period": shown.period.name})}
    return render(request, "payments/tax_owed.html", context, status=422 if form else 200)


@role_required("finance", confirmed=True)
@require_POST
def note_tax_payment(request: HttpRequest) -> HttpResponse:
    form = TaxPaymentForm(request.POST)
    if not form.is_valid():
        return _page(request, "", form)
    row = paying.note(**form.cleaned_data, by=request.user)
    words = {"amount": row.amount.format(), "country": row.place}
    messages.success(request, _("Noted: %(amount)s, %(country)s.") % words)
    return redirect("payments:tax_owed")


@role_required("finance")
@require_safe
def tax_owed_csv(request: HttpRequest) -> StreamingHttpResponse:
    return csv_of(request.GET.get("period", ""))


def csv_of(period: str) -> StreamingHttpResponse:
    found = desk.period_of(period)
    response = StreamingHttpResponse(papers.csv_lines(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="kezhan-tax-{found.name}.csv"'
    return response
