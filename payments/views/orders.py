"""A buyer's orders and receipts; the finance team sees every order and gives money back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.doors import role_required

from .. import refunds
from ..models import Order
from ..order_forms import RefundForm


@login_required
def orders(request: HttpRequest) -> HttpResponse:
    rows = Order.objects.of(request.user).settled_or_open().shown()
    page = Paginator(rows, 24).get_page(request.GET.get("page"))
    return render(request, "payments/orders.html", {"page": page})


@login_required
def order(request: HttpRequest, number: str) -> HttpResponse:
    shown = get_object_or_404(Order.objects.visible_to(request.user).shown().select_related("buyer"), number=number)
    form = RefundForm() if shown.is_paid and request.user.has_role("finance") else None
    return render(request, "payments/order.html", {"order": shown, "refund_form": form})


@role_required("finance")
def finance_orders(request: HttpRequest) -> HttpResponse:
    """Everybody's orders, for the finance team."""
    words = request.GET.get("q", "")
    rows = Order.objects.matching(words).shown().select_related("buyer")
    page = Paginator(rows, 24).get_page(request.GET.get("page"))
    return render(request, "payments/finance_orders.html", {"page": page, "words": words})


@role_required("finance")
@require_POST
def refund(request: HttpRequest, number: str) -> HttpResponse:
    found = get_object_or_404(Order, number=number)
    form = RefundForm(request.POST)
    if not form.is_valid():
        shown = get_object_or_404(Order.objects.shown().select_related("buyer"), number=number)
        return render(request, "payments/order.html", {"order": shown, "refund_form": form}, status=422)
    named = form.cleaned_data["item"]
    what = found if named is None else get_object_or_404(found.items, pk=named)
    refunds.refund(what, by=request.user, reason=form.cleaned_data["reason"])
    messages.success(request, _("The money is on its way back to the buyer."))
    return redirect(found)
