"""A creator's earnings: figures, sales, statements; and the way to her payout account."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from creators.models import Creator
from payments import onboarding, sales_csv
from payments.earning_forms import FIRST_YEAR, LAST_YEAR, EarningsFilter
from payments.earnings import overview
from payments.incomes import figures, page, papers, receipts, statements
from payments.incomes.sales import SaleState
from payments.incomes.statements import Statement
from payments.models import PayoutAccount

CreatorsView = Callable[..., HttpResponseBase]


def for_creators(view: CreatorsView) -> CreatorsView:
    """Called with the creator who asks; anybody else is led to becoming one."""

    @wraps(view)
    @login_required
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        creator = request.user.creator_or_none  # type: ignore[union-attr]
        return redirect("creators:become") if creator is None else view(request, creator, *args, **kwargs)

    return guarded


@for_creators
@require_GET
def earnings(request: HttpRequest, creator: Creator) -> HttpResponse:
    shown = page.shown(creator, EarningsFilter(request.GET).asked)
    context = {**shown, "overview": overview(creator), "states": SaleState.choices}
    context["course_choices"] = page.course_choices(shown["figures"])
    return render(request, "payments/earnings.html", context)


@for_creators
@require_GET
def earnings_csv(request: HttpRequest, creator: Creator) -> StreamingHttpResponse:
    asked = EarningsFilter(request.GET).asked
    which, _course = page.chosen(creator, asked, asked.currency or None)
    return as_csv(sales_csv.lines(creator, which), "kezhan-sales.csv")


@for_creators
@require_GET
def sale(request: HttpRequest, creator: Creator, pk: int) -> HttpResponse:
    """One sale as a receipt."""
    receipt = receipts.receipt(creator, pk)
    if receipt is None:
        raise Http404
    return render(request, "payments/sale.html", {"receipt": receipt, "item": receipt.item})


@for_creators
@require_GET
def statement_csv(request: HttpRequest, creator: Creator, year: int, month: int) -> StreamingHttpResponse:
    asked = asked_statement(request.GET, creator, year, month)
    return as_csv(papers.csv_lines(asked), f"kezhan-{year}-{month:02}-{asked.currency}.csv")


@for_creators
@require_GET
def statement_pdf(request: HttpRequest, creator: Creator, year: int, month: int) -> HttpResponse:
    return as_pdf(asked_statement(request.GET, creator, year, month), get_language() or "en")


def as_pdf(asked: Statement, lang: str) -> HttpResponse:
    response = HttpResponse(papers.pdf(asked, lang), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="kezhan-{asked.month:%Y-%m}-{asked.currency}.pdf"'
    return response


def asked_statement(question: Any, creator: Creator, year: int, month: int) -> Statement:
    """Of the currency that is asked for, or of the one that she earns in; 404 for a month that cannot be."""
    asked = EarningsFilter(question).asked
    currency = asked.currency or next((span.currency for span in figures.spans(creator)), "USD")
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):
        raise Http404
    return statements.statement(creator, currency, date(year, month, 1))


def as_csv(lines: Any, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@for_creators
@require_POST
def payout_account(request: HttpRequest, creator: Creator) -> HttpResponse:
    """On to the provider's own page, where the creator says who she is and where her money goes."""
    return redirect(onboarding.start(creator).url)


@login_required
@require_GET
def payout_account_return(request: HttpRequest) -> HttpResponse:
    creator = request.user.creator_or_none  # type: ignore[union-attr]
    account = PayoutAccount.objects.of(creator) if creator else None
    if account and not account.is_by_bank and onboarding.come_back(account).is_active:
        messages.success(request, _("Your payout account is ready."))
    return redirect("payments:earnings")
