"""A creator's payouts, and her bank details for where the payment provider cannot pay."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from payments import bank_accounts, payout_desk
from payments.models import BankDetails
from payments.payout_forms import BankDetailsForm

PAYOUTS_A_PAGE, SKIPS_SHOWN = 25, 10


@login_required
@require_GET
def my_payouts(request: HttpRequest) -> HttpResponse:
    creator = request.user.creator_or_none  # type: ignore[union-attr]
    if creator is None:
        return redirect("creators:become")
    pages = Paginator(payout_desk.payouts_to(creator), PAYOUTS_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "page": page,
        "elided": pages.get_elided_page_range(page.number),
        "skips": payout_desk.skips_to(creator)[:SKIPS_SHOWN],
    }
    return render(request, "payments/my_payouts.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def bank_account(request: HttpRequest) -> HttpResponse:
    if request.user.creator_or_none is None:  # type: ignore[union-attr]
        return redirect("creators:become")
    return _bank_account(request)


# Where money goes is changed only by who has shown lately that she is who she says.
@reauthentication_required(allow_get=True)
def _bank_account(request: HttpRequest) -> HttpResponse:
    creator = request.user.creator  # type: ignore[union-attr]
    form = BankDetailsForm(request.POST or None, initial={"country": creator.country})
    if request.method == "POST" and form.is_valid():
        bank_accounts.give(creator, by=request.user, values=form.cleaned_data)  # type: ignore[arg-type]
        messages.success(request, _("Your bank details are kept. We look at them before anything is paid to them."))
        return redirect("payments:earnings")
    context = {
        "form": form,
        "may_give": bank_accounts.may_give(creator),
        "standing": BankDetails.objects.standing_of(creator),
    }
    return render(request, "payments/bank_account.html", context, status=422 if form.errors else 200)
