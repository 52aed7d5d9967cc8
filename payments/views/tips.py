"""Giving a tip and taking it back; a creator's choice whether her courses take any."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from courses.models import Course
from courses.views.studio.doors import creator_required
from marketplace.lib import clock, price_tax

from ..models import Order, RevenueRule, RuleCode, TipStop
from ..tips import giving, taking_back, terms
from ..tips.forms import TipForm


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def give_tip(request: HttpRequest, slug: str) -> HttpResponse:
    """GET: what may be given. POST with an amount: to the provider's page."""
    course = get_object_or_404(Course.objects.select_related("creator"), slug=slug, live_version__isnull=False)
    form = TipForm(request.POST if request.method == "POST" else None, course=course)
    if form.is_bound and form.is_valid():
        told, agreed = form.cleaned_data, request.POST.get("agreed", "")
        order = giving.start(request.user, course, told["money"], shows_name=told["shows_name"], agreed=agreed)
        return redirect(order.pay_address if order.is_open else order)
    context = {
        "course": course, "form": form, "terms": terms.of_currency(course.currency),
        "refusal": terms.refusal(request.user, course), "tax": price_tax.of_prices(),
        "rule": RevenueRule.objects.in_force(RuleCode.TIP, at=clock.now()), "hours": settings.TIP_BACK_HOURS,
    }  # fmt: skip
    return render(request, "payments/give_tip.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def take_tip_back(request: HttpRequest, number: str) -> HttpResponse:
    order = get_object_or_404(Order.objects.of(request.user), number=number, items__is_tip=True)
    taking_back.take_back(order, by=request.user)
    messages.success(request, _("Your money is on its way back. You get a mail once it is done."))
    return redirect(order)


@creator_required
@require_POST
def choose_tips(request: HttpRequest) -> HttpResponse:
    """Whether her courses take tips: `takes` is "yes" or "no"."""
    TipStop.objects.choose(request.user.creator, request.POST.get("takes") == "yes", by=request.user)
    messages.success(request, _("Your choice counts from now on."))
    return redirect("payments:promotion")
