"""Finance's pages of months: which are closed, what closing one would freeze, and the frozen reports."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.doors import role_required
from payments.closing import act, page, papers
from payments.models import MonthClose
from payments.month_forms import CloseMonthForm


@role_required("finance")
@require_safe
def months(request: HttpRequest) -> HttpResponse:
    return render(request, "payments/months.html", {"months": page.listing()})


@role_required("finance")
@require_safe
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    shown = page.month(year, month)
    return render(request, "payments/month.html", {"shown": shown, "form": CloseMonthForm.of(shown)})


@role_required("finance", confirmed=True)
@require_POST
def close_month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    form = CloseMonthForm(request.POST)
    if form.is_valid():
        row = act.close_named(year, month, by=request.user, **form.cleaned_data)
        words = {"month": date_format(row.month, "YEAR_MONTH_FORMAT")}
        messages.success(request, _("The books of %(month)s are closed.") % words)
    else:
        messages.error(request, _("Note and reason have 500 signs at most."))
    return redirect("payments:month", year, month)


@role_required("finance")
@require_safe
def month_csv(request: HttpRequest, year: int, month: int) -> StreamingHttpResponse:
    return csv_of(page.closed(year, month))


@role_required("finance")
@require_safe
def month_pdf(request: HttpRequest, year: int, month: int) -> HttpResponse:
    return pdf_of(page.closed(year, month), get_language() or "en")


@role_required("finance")
@require_safe
def month_file(request: HttpRequest, year: int, month: int) -> StreamingHttpResponse:
    """Every entry of the month with its proof, as `docs/verify/kezhan_verify.py` reads it."""
    return proof_of(page.closed(year, month))


def csv_of(row: MonthClose) -> StreamingHttpResponse:
    response = StreamingHttpResponse(papers.csv_lines(row), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="kezhan-month-{row.month:%Y-%m}.csv"'
    return response


def pdf_of(row: MonthClose, lang: str) -> HttpResponse:
    response = HttpResponse(papers.pdf(row, lang), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="kezhan-month-{row.month:%Y-%m}.pdf"'
    return response


def proof_of(row: MonthClose) -> StreamingHttpResponse:
    response = StreamingHttpResponse(papers.proof(row), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="kezhan-month-{row.month:%Y-%m}.json"'
    return response
