"""From the summary to the provider's page and back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from courses.models import Course
from marketplace.lib.addresses import address_of
from marketplace.lib.money import Money

from .. import carts, checkout, till
from ..bundles.offers import wanted
from ..gateway import GatewayUnknown
from ..hand import waiting
from ..models import Bundle, Order
from ..models.coupon import CouponRefused
from ..order_forms import PayForm
from ..referrals import links
from ..tax.forms import BillingForm


@login_required
@require_http_methods(["GET", "POST"])
def checkout_page(request: HttpRequest) -> HttpResponse:
    """GET: what one payment takes. POST: go and pay it, or to the receipt when it is paid already.

    POST with `look` shows it again for the country that was chosen, as does a total that is not what she saw.
    """
    form, status = BillingForm.of(request.user, request.POST or None), 200
    if request.method == "POST" and not form.is_valid():
        status = 422
    elif request.method == "POST" and "look" not in request.POST:
        try:
            return _pay(request, form)
        except checkout.PriceChanged as refusal:
            messages.warning(request, str(refusal))
            status = 409
    group = _group(request)
    if group is None:
        return redirect("payments:cart")
    referral, address, country = links.followed(request), address_of(request), form.billing().country
    asked = {"offers": group.offers, "named": group.named, "address": address, "country": country}
    bill = till.bill(request.user, group.courses, request.session, referral, **asked)
    shown = {"bill": bill, "billing_form": form, "ways": waiting.offered(bill.quote), "way": request.POST.get("way")}
    return render(request, "payments/checkout.html", shown, status=status)


def _pay(request: HttpRequest, billing_form: BillingForm) -> HttpResponse:
    form = PayForm(request.POST)
    expected = Money(form.cleaned_data["total"], form.cleaned_data["currency"]) if form.is_valid() else None
    courses = _asked_for(request)
    try:
        order = checkout.start(
            buyer=request.user, courses=courses, bundles=_bundles(request), expected=expected,
            named=carts.named(request.user, request.session, courses),
            coupon_code=form.cleaned_data.get("code", ""), referral=links.followed(request),
            billing=billing_form.billing(), address=address_of(request), way=form.cleaned_data.get("way", ""),
            agreed=request.POST.get("agreed", ""),
        )  # fmt: skip
    except CouponRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(request.get_full_path())
    return redirect(order.pay_address if order.is_open and order.checkout_url else order)


@login_required
@require_GET
def checkout_return(request: HttpRequest) -> HttpResponse:
    """Where the provider sends the buyer back to; the same function as the webhook's, so either may come first."""
    orders = Order.objects.of(request.user)
    order = get_object_or_404(orders, checkout_session_id=request.GET.get("session_id", ""))
    try:
        checkout.settle(order)
    except GatewayUnknown:
        pass  # the order's page says what is known; the webhook or the sweeper brings the rest
    return redirect(order)


def _asked_for(request: HttpRequest) -> list[Any]:
    slugs = request.POST.getlist("course")[: carts.MOST]
    return list(Course.objects.filter(slug__in=slugs).cards())


def _bundles(request: HttpRequest) -> list[Any]:
    slugs = request.POST.getlist("bundle")[: carts.MOST]
    return list(Bundle.objects.shown().filter(slug__in=slugs))


def _group(request: HttpRequest) -> carts.Group | None:
    """The course or the bundle that is bought at once, or the cart's group of a currency (the only one if none is
    named).
    """
    slug, currency = request.GET.get("course"), request.GET.get("currency", "")
    if slug:
        course = get_object_or_404(Course.objects.on_sale().cards(), slug=slug)
        named = carts.named(request.user, request.session, [course])
        return carts.Group(course.currency, [course], named=named) if course.price else None
    if request.GET.get("bundle"):
        bundle = get_object_or_404(Bundle.objects.shown(), slug=request.GET["bundle"])
        [offer] = wanted(request.user, [bundle])
        return carts.Group(bundle.currency, offer.courses, [offer])
    cart = carts.of(request.user, request.session)
    return cart.group(currency) or (cart.groups[0] if len(cart.groups) == 1 else None)
