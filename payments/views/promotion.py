"""A creator's links: making them, what they brought, and the way along them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from courses.views.studio.doors import creator_required
from marketplace.lib import clock
from marketplace.lib.addresses import address_of
from marketplace.lib.errors import DomainError

from .. import referrals, till
from ..models import PromoterStop, Referral, RevenueRule, TipStop
from ..models.coupon import as_code
from ..models.revenue_rule import RuleCode
from ..referrals import board, figures, links, standing
from ..referrals.forms import ReferralForm


@creator_required
def promotion(request: HttpRequest) -> HttpResponse:
    """All her links with their figures, and the form that makes another one."""
    creator = request.user.creator
    form = ReferralForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = Referral.objects.make(owner=creator, by=request.user, **form.cleaned_data)
            messages.success(request, _("The link %(code)s is made.") % {"code": made.code})
            return redirect("payments:promotion")
        except DomainError as refusal:
            form.add_error(None, str(refusal))
    rows, now = figures.rows(creator), clock.now()
    context = {
        "standing": standing.of(creator),
        "form": form, "rows": rows, "totals": figures.totals(rows), "board": board.rows(creator),
        "takes_tips": not TipStop.objects.open().filter(creator=creator).exists(),
        "is_closed": PromoterStop.objects.open().filter(creator=creator).exists(),
        "own_rule": RevenueRule.objects.in_force(RuleCode.OWN_LINK, at=now),
        "tip_rule": RevenueRule.objects.in_force(RuleCode.TIP, at=now),
        "affiliate_rule": RevenueRule.objects.in_force(RuleCode.AFFILIATE, at=now),
    }  # fmt: skip
    return render(request, "payments/promotion.html", context, status=422 if form.errors else 200)


@creator_required
@require_POST
def end_referral(request: HttpRequest, pk: int) -> HttpResponse:
    link = get_object_or_404(Referral.objects.of(request.user.creator).select_related("owner"), pk=pk)
    link.end(by=request.user)
    messages.success(request, _("The link %(code)s has ended.") % {"code": link.code})
    return redirect("payments:promotion")


@creator_required
@require_POST
def promoters(request: HttpRequest) -> HttpResponse:
    """Whether others may promote her courses for a part: `allowed` is "yes" or "no"."""
    referrals.let_promote(request.user.creator, request.POST.get("allowed") == "yes", by=request.user)
    messages.success(request, _("Your choice counts for orders from now on."))
    return redirect("payments:promotion")


@require_GET
def follow_referral(request: HttpRequest, code: str) -> HttpResponse:
    """From a link to where it leads. Works without scripts; a code that names nothing leads to the catalogue."""
    kept = as_code(code)
    way = referrals.way_of(kept, clock.now(), person=request.user.pk, address=address_of(request))
    response = redirect(way.to)
    if way.is_known:
        links.remember(request, response, kept, is_known=True)
    if way.coupon_code:
        request.session[till.CODE] = way.coupon_code
        messages.success(request, _("The code %(code)s is used when you go to pay.") % {"code": way.coupon_code})
    return response
