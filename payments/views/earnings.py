"""A creator's earnings, and the way to her payout account."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from creators.models import Creator
from payments import onboarding, sales_csv
from payments.earnings import Sale, overview, sales_of
from payments.models import PayoutAccount

SALES_A_PAGE = 20


def _creator_of(request: HttpRequest) -> Creator | None:
    return request.user.creator_or_none  # type: ignore[union-attr]


@login_required
@require_GET
def earnings(request: HttpRequest) -> HttpResponse:
    creator = _creator_of(request)
    if creator is None:
        return redirect("creators:become")
    pages = Paginator(sales_of(creator), SALES_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "overview": overview(creator),
        "page": page,
        "elided": pages.get_elided_page_range(page.number),
        "sales": [Sale(item) for item in page],
    }
    return render(request, "payments/earnings.html", context)


@login_required
@require_GET
def earnings_csv(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    creator = _creator_of(request)
    if creator is None:
        return redirect("creators:become")
    response = StreamingHttpResponse(sales_csv.lines(creator), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="kezhan-sales.csv"'
    return response


@login_required
@require_POST
def payout_account(request: HttpRequest) -> HttpResponse:
    """On to the provider's own page, where the creator says who she is and where her money goes."""
    creator = _creator_of(request)
    if creator is None:
        return redirect("creators:become")
    return redirect(onboarding.start(creator).url)


@login_required
@require_GET
def payout_account_return(request: HttpRequest) -> HttpResponse:
    creator = _creator_of(request)
    account = PayoutAccount.objects.of(creator) if creator else None
    if account and onboarding.refresh(account).is_active:
        messages.success(request, _("Your payout account is ready."))
    return redirect("payments:earnings")
