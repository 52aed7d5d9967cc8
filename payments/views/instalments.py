"""A price in parts: the plan before it is agreed to, the buyer's plans, what a creator offers, finance's list."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.doors import role_required
from courses.models import Course
from courses.views.studio.doors import creator_required, own_course
from marketplace.lib.addresses import address_of
from marketplace.lib.money import Money

from .. import checkout, meter, till
from ..gateway import GatewayUnknown
from ..instalments import giving_back, paying, plans, shown
from ..instalments.forms import AgreeForm, GiveBackForm, OfferForm
from ..models import InstalmentOffer, InstalmentPlan, Order
from ..referrals import links
from ..tax.forms import BillingForm


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def start_instalments(request: HttpRequest, slug: str) -> HttpResponse:
    """GET: all of the plan. POST: agree to it and go to pay its first part; with `look`, it is shown again for the
    country that was chosen, as it is when it is not what she saw.
    """
    course, status = get_object_or_404(Course.objects.on_sale().cards(), slug=slug), 200
    billing, form = BillingForm.of(request.user, request.POST or None), AgreeForm(request.POST or None)
    if request.method == "POST" and not billing.is_valid():
        status = 422
    elif request.method == "POST" and "look" not in request.POST:
        try:
            if form.is_valid():
                order = _agree(request, course, form, billing)
                return redirect(order.pay_address if order.is_open else order)
            status = 422
        except checkout.PriceChanged as refusal:
            messages.warning(request, str(refusal))
            status = 409
    bill = till.bill(
        request.user, [course], {}, links.followed(request), address=address_of(request),
        country=billing.billing().country,
    )  # fmt: skip
    proposal = plans.proposed(bill.quote)
    context = {"course": course, "bill": bill, "proposal": proposal, "form": form, "billing_form": billing}
    context["is_not_agreed"] = status == 422 and bool(form.errors)
    return render(request, "payments/start_instalments.html", context, status=status)


def _agree(request: HttpRequest, course: Course, form: AgreeForm, billing: BillingForm) -> Order:
    return checkout.start(
        buyer=request.user, courses=[course], expected=form.total_said(), referral=links.followed(request),
        billing=billing.billing(), address=address_of(request), in_parts=form.agreed(),
        agreed=request.POST.get("agreed", ""),
    )  # fmt: skip


@login_required
@require_GET
def instalment_plans(request: HttpRequest) -> HttpResponse:
    page = Paginator(InstalmentPlan.objects.of(request.user).shown(), 24).get_page(request.GET.get("page"))
    return render(request, "payments/instalment_plans.html", {"page": page})


@login_required
@never_cache
@require_GET
def instalment_plan(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    plan = get_object_or_404(InstalmentPlan.objects.visible_to(request.user).shown(), token=token)
    return _drawn(request, plan)


def _drawn(request: HttpRequest, plan: InstalmentPlan, form: GiveBackForm | None = None) -> HttpResponse:
    """The page of a plan; for finance with the form to give its parts back."""
    context = {"plan": plan, "parts": shown.parts_of(plan), "charge": shown.charge_under_way(plan)}
    context["pause"] = shown.pause_of(plan)
    if plan.buyer_id == request.user.pk:
        context["meter"] = meter.of_plan(plan)
    if request.user.may_read("finance"):
        context["paid_parts"] = giving_back.paid_parts(plan)
    if request.user.has_role("finance") and not giving_back.is_hers(plan, request.user):
        context["left"] = left = giving_back.left_of(plan)
        context["refund_form"] = form or GiveBackForm(currency=plan.currency, initial={"left": left.minor})
    return render(request, "payments/instalment_plan.html", context, status=422 if form else 200)


@role_required("finance")
@never_cache
@require_POST
def refund_instalments(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """Give back all that is left of the parts of a plan, or a sum spread over them."""
    plan = get_object_or_404(InstalmentPlan.objects.visible_to(request.user).shown(), token=token)
    form = GiveBackForm(request.POST, currency=plan.currency)
    if not form.is_valid():
        return _drawn(request, plan, form)
    refunds = giving_back.give_back(plan, by=request.user, **form.wish)
    total = Money.total((refund.amount for refund in refunds), plan.currency)
    messages.success(request, _("%(total)s is on its way back to the buyer.") % {"total": total.format()})
    return redirect(plan)


@login_required
@require_POST
def pay_instalments(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """To the provider's page for the next part, or with `rest` for all that is open."""
    plan = get_object_or_404(InstalmentPlan.objects.of(request.user), token=token)
    try:
        order = paying.pay(plan, by=request.user, rest="rest" in request.POST)
    except (paying.BeingCharged, paying.NothingIsDue, GatewayUnknown) as refusal:
        messages.warning(request, str(refusal))
        return redirect(plan)
    return redirect(order.pay_address if order.is_open else plan)


@role_required("finance")
@require_POST
def refund_instalment_again(request: HttpRequest, token: uuid.UUID, number: str) -> HttpResponse:
    """Give back once more what the provider refused of one part."""
    plan = get_object_or_404(InstalmentPlan.objects.visible_to(request.user), token=token)
    order = get_object_or_404(plan.orders, number=number)
    refund = giving_back.once_more(plan, order, by=request.user)
    messages.success(request, _("%(total)s is on its way back to the buyer.") % {"total": refund.amount.format()})
    return redirect(plan)


@creator_required
@require_POST
def offer_instalments(request: HttpRequest, slug: str) -> HttpResponse:
    """From now on, for new buyers; plans that were agreed stay as they are."""
    course, form = own_course(request, slug), OfferForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose into how many parts the price may fall."))
    elif InstalmentOffer.objects.choose(course, form.cleaned_data["months"], by=request.user):
        messages.success(request, _("It counts for new buyers from now on."))
    return redirect("studio:pricing", slug)


@role_required("finance")
@require_GET
def finance_instalments(request: HttpRequest) -> HttpResponse:
    """Plans of which a part did not come, or all that are open."""
    is_all = request.GET.get("all") == "1"
    rows = InstalmentPlan.objects.live() if is_all else InstalmentPlan.objects.in_trouble()
    page = Paginator(rows.shown(), 24).get_page(request.GET.get("page"))
    context = {"page": page, "is_all": is_all, "sums": InstalmentPlan.objects.live().open_sums()}
    return render(request, "payments/finance_instalments.html", context)
