"""Giving money back by the people of finance, and by creators for their own sales."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.doors import role_required

from .. import refunds
from ..models import Order, OrderItem
from ..refund_forms import RefundForm
from . import orders


@role_required("finance")
@require_POST
def refund(request: HttpRequest, number: str) -> HttpResponse:
    found = get_object_or_404(Order.objects.shown().select_related("buyer"), number=number)
    form = RefundForm(request.POST, order=found)
    if not form.is_valid():
        return orders.drawn(request, found, form, status=422)
    refunds.refund(by=request.user, **form.wish)
    messages.success(request, _("The money is on its way back to the buyer."))
    return redirect(found)


@login_required
@require_http_methods(["GET", "POST"])
def refund_sale(request: HttpRequest, pk: int) -> HttpResponse:
    """A creator gives a sale of hers back, whole or a part of it."""
    sold = OrderItem.objects.made_by(request.user).select_related("order", "course")
    item: Any = get_object_or_404(sold, pk=pk)
    form = RefundForm(request.POST or None, order=item.order, item=item)
    if form.is_valid():
        refunds.refund(by=request.user, **form.wish)
        messages.success(request, _("The money is on its way back to the buyer."))
        return redirect("payments:earnings")
    status = 422 if form.errors else 200
    return render(request, "payments/refund_sale.html", {"item": item, "form": form}, status=status)
