"""The cart's page, and putting in and taking out."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses.models import Course
from marketplace.lib.addresses import address_of
from marketplace.lib.money import InvalidAmount

from .. import carts, naming, till
from ..coupons.forms import CodeForm
from ..models import Bundle
from ..models.coupon import CouponRefused
from ..referrals import links
from ..tax import shown


def cart(request: HttpRequest) -> HttpResponse:
    referral, address = links.followed(request), address_of(request)
    country = shown.country_of(request.user)
    desk = till.desk(request.user, request.session, referral=referral, address=address, country=country)
    return render(request, "payments/cart.html", {"cart": desk.cart, "bills": desk.bills})


@require_POST
def cart_add(request: HttpRequest) -> HttpResponse:
    """A bundle, or one course: at the amount that its buyer names, where she does. With `then` on to pay for it."""
    if "bundle" in request.POST:
        put: Any = _bundle(request)
        carts.put_bundle(request.user, request.session, put)
    else:
        put, typed = _course(request), request.POST.get("amount")
        try:
            named = None if typed is None else naming.parsed(put, typed)
            carts.put(request.user, request.session, put, named)
        except (InvalidAmount, naming.AmountRefused) as refusal:
            asked_again = {"course": put, "amount": typed, "refusal": refusal}
            return render(request, "payments/name_amount.html", asked_again, status=422)
        if request.POST.get("then") == "pay":
            return redirect(reverse("payments:checkout", query={"course": put.slug}))
    messages.success(request, _("“%(course)s” is in your cart.") % {"course": put.title})
    return redirect("payments:cart")


@require_POST
def cart_remove(request: HttpRequest) -> HttpResponse:
    """One course, or all of a bundle's."""
    gone = _bundle(request).courses if "bundle" in request.POST else [_course(request)]
    carts.take_out(request.user, request.session, gone)
    return redirect("payments:cart")


@require_POST
def take_code(request: HttpRequest) -> HttpResponse:
    """Use a coupon's code from now on, or take the present one off; then back to where it was typed."""
    form = CodeForm(request.POST)
    code = form.cleaned_data["code"] if form.is_valid() else ""
    try:
        till.take_code(request.user, request.session, code, address=address_of(request))
    except CouponRefused as refusal:
        messages.error(request, str(refusal))
    back = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if is_ours else "payments:cart")


def _course(request: HttpRequest) -> Any:
    return get_object_or_404(Course.objects.select_related("creator"), slug=request.POST.get("course", ""))


def _bundle(request: HttpRequest) -> Any:
    return get_object_or_404(Bundle.objects.shown(), slug=request.POST.get("bundle", ""))
