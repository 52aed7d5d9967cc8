"""A buyer's orders and receipts; the finance team sees every order and gives money back."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.doors import role_required

from ..models import Order
from ..refund_forms import RefundForm


@login_required
def orders(request: HttpRequest) -> HttpResponse:
    rows = Order.objects.of(request.user).settled_or_open().shown()
    page = Paginator(rows, 24).get_page(request.GET.get("page"))
    return render(request, "payments/orders.html", {"page": page})


@login_required
def order(request: HttpRequest, number: str) -> HttpResponse:
    shown = get_object_or_404(Order.objects.visible_to(request.user).shown().select_related("buyer"), number=number)
    form = RefundForm(order=shown) if shown.is_paid and request.user.has_role("finance") else None
    return render(request, "payments/order.html", {"order": shown, "refund_form": form})


@role_required("orders")
def finance_orders(request: HttpRequest) -> HttpResponse:
    """Everybody's orders, for finance and support."""
    words = request.GET.get("q", "")
    rows = Order.objects.matching(words).shown().select_related("buyer")
    page = Paginator(rows, 24).get_page(request.GET.get("page"))
    return render(request, "payments/finance_orders.html", {"page": page, "words": words})
