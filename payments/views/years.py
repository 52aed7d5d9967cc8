"""Years: a creator's own reports and tax details, and finance's pages on which they are given out."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.doors import role_required
from creators.models import Creator
from payments.models import TaxIdentity, YearReport
from payments.year_forms import IssueYearForm, TaxIdentityForm
from payments.years import identity, issuing, page, papers

from .earnings import as_csv, for_creators


@for_creators
@require_safe
def my_years(request: HttpRequest, creator: Creator) -> HttpResponse:
    return render(request, "payments/my_years.html", {"mine": page.mine(creator)})


@for_creators
@require_safe
def my_year_csv(request: HttpRequest, creator: Creator, pk: int) -> StreamingHttpResponse:
    return csv_of(get_object_or_404(YearReport, pk=pk, creator=creator))


@for_creators
@require_safe
def my_year_pdf(request: HttpRequest, creator: Creator, pk: int) -> HttpResponse:
    return _my_year_pdf(request, get_object_or_404(YearReport, pk=pk, creator=creator))


@reauthentication_required
def _my_year_pdf(request: HttpRequest, report: YearReport) -> HttpResponse:
    return pdf_of(report, get_language() or "en")


@for_creators
@require_http_methods(["GET", "POST"])
def tax_identity(request: HttpRequest, creator: Creator) -> HttpResponse:
    return _tax_identity(request, creator)


# What goes to a tax office is seen and changed only by who has shown lately that she is who she says.
@reauthentication_required
def _tax_identity(request: HttpRequest, creator: Creator) -> HttpResponse:
    standing = TaxIdentity.objects.of(creator)
    details = standing.details if standing else None
    form = TaxIdentityForm(request.POST or None, initial=vars(details) if details else {"country": creator.country})
    if request.method == "POST" and form.is_valid():
        identity.give(creator, by=request.user, details=form.details)
        messages.success(request, _("Your tax details are kept."))
        return redirect("payments:my_years")
    context = {"form": form, "standing": standing}
    return render(request, "payments/tax_identity.html", context, status=422 if form.errors else 200)


@role_required("finance")
@require_safe
def years(request: HttpRequest) -> HttpResponse:
    context = {"years": page.years(), "form": IssueYearForm(auto_id=False), "most": page.LACKING_SHOWN}
    return render(request, "payments/years.html", context)


@role_required("finance", confirmed=True)
@require_POST
def issue_year(request: HttpRequest, year: int) -> HttpResponse:
    form = IssueYearForm(request.POST)
    if form.is_valid():
        issuing.issue(year, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("The reports are being made. Look again in a moment."))
    else:
        messages.error(request, _("The reason has 500 signs at most."))
    return redirect("payments:years")


@role_required("finance")
@require_POST
def remind_year(request: HttpRequest, year: int) -> HttpResponse:
    issuing.remind(year, by=request.user)
    messages.success(request, _("Everybody whose tax number is missing is being told."))
    return redirect("payments:years")


@role_required("finance", confirmed=True)
@require_POST
def year_file(request: HttpRequest, year: int) -> StreamingHttpResponse:
    """Everybody's year with who they are; taking it is recorded."""
    return as_csv(papers.everybody(year, by=request.user), f"kezhan-creators-{year}.csv")


def csv_of(report: YearReport) -> StreamingHttpResponse:
    return as_csv(papers.csv_lines(report), f"kezhan-{report.year}-{report.currency}-v{report.version}.csv")


def pdf_of(report: YearReport, lang: str) -> HttpResponse:
    response = HttpResponse(papers.pdf(report, lang), content_type="application/pdf")
    name = f"kezhan-{report.year}-{report.currency}-v{report.version}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"] = "private, no-store"  # it names her for a tax office
    return response
