"""A creator's coupons in the studio, and the platform's on the pages of finance."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.doors import role_required
from courses.views.studio.doors import creator_required
from creators.models import Creator
from marketplace.lib import clock, links

from ..coupons import figures
from ..coupons.forms import CouponForm, EndCouponForm, PlatformCouponForm
from ..models import Coupon
from ..models.coupon import CodeTaken

A_PAGE = 24


@dataclass(frozen=True)
class Side:
    """Whose coupons are shown, and where: the two have the same pages."""

    layout: str
    many: str
    one: str
    end: str
    form: type[CouponForm]
    is_platform: bool = False

    def coupons(self, creator: Creator | None) -> QuerySet[Coupon]:
        return Coupon.objects.of(creator) if creator else Coupon.objects.of_platform()


STUDIO = Side("layouts/studio.html", "payments:coupons", "payments:coupon", "payments:end_coupon", CouponForm)
FINANCE = Side(
    "layouts/finance.html", "payments:finance_coupons", "payments:finance_coupon", "payments:end_finance_coupon",
    PlatformCouponForm, is_platform=True,
)  # fmt: skip


@creator_required
def coupons(request: HttpRequest) -> HttpResponse:
    return _many(request, STUDIO, request.user.creator)


@creator_required
def coupon(request: HttpRequest, pk: int) -> HttpResponse:
    return _one(request, STUDIO, request.user.creator, pk)


@creator_required
@require_POST
def end_coupon(request: HttpRequest, pk: int) -> HttpResponse:
    return _end(request, STUDIO, request.user.creator, pk)


@role_required("finance")
def finance_coupons(request: HttpRequest) -> HttpResponse:
    return _many(request, FINANCE, None)


@role_required("finance")
def finance_coupon(request: HttpRequest, pk: int) -> HttpResponse:
    return _one(request, FINANCE, None, pk)


@role_required("finance")
@require_POST
def end_finance_coupon(request: HttpRequest, pk: int) -> HttpResponse:
    return _end(request, FINANCE, None, pk)


def _many(request: HttpRequest, side: Side, creator: Creator | None) -> HttpResponse:
    """The list, and the form that makes another one."""
    form = side.form(request.POST if request.method == "POST" else None, creator=creator)
    if form.is_bound and form.is_valid() and (made := _made(request, form, creator)):
        messages.success(request, _("The coupon %(code)s is made.") % {"code": made.code})
        return redirect(side.one, made.pk)
    rows = figures.with_counts(side.coupons(creator)).prefetch_related("courses")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {"side": side, "form": form, "page": page, "now": clock.now()}
    return render(request, "payments/coupons.html", context, status=422 if form.errors else 200)


def _made(request: HttpRequest, form: CouponForm, creator: Creator | None) -> Coupon | None:
    try:
        return Coupon.objects.make(by=request.user, creator=creator, **form.cleaned_data)
    except CodeTaken as refusal:
        form.add_error("code", str(refusal))
    except ValidationError as wrong:
        form.refuse(wrong)
    return None


def _one(request: HttpRequest, side: Side, creator: Creator | None, pk: int) -> HttpResponse:
    shown: Any = get_object_or_404(figures.with_counts(side.coupons(creator)).prefetch_related("courses"), pk=pk)
    page = Paginator(figures.uses_of(shown), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "side": side, "coupon": shown, "brought": figures.brought(shown), "page": page, "end_form": EndCouponForm(),
        "now": clock.now(), "address": links.absolute(reverse("payments:follow_referral", args=[shown.code])),
    }  # fmt: skip
    return render(request, "payments/coupon.html", context)


def _end(request: HttpRequest, side: Side, creator: Creator | None, pk: int) -> HttpResponse:
    shown = get_object_or_404(side.coupons(creator), pk=pk)
    form = EndCouponForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    shown.end(by=request.user, reason=reason)
    messages.success(request, _("The coupon %(code)s has ended.") % {"code": shown.code})
    return redirect(side.one, shown.pk)
