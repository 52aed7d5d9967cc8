"""A buyer's orders and receipts; the finance team sees every order and gives money back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.doors import role_required

from .. import invoice_snapshots, order_flags, refunds
from ..models import Order
from ..payout_forms import ReasonForm
from ..refund_forms import RefundForm


@login_required
def orders(request: HttpRequest) -> HttpResponse:
    rows = Order.objects.of(request.user).settled_or_open().shown()
    page = Paginator(rows, 24).get_page(request.GET.get("page"))
    return render(request, "payments/orders.html", {"page": page})


@login_required
def order(request: HttpRequest, number: str) -> HttpResponse:
    shown = get_object_or_404(Order.objects.visible_to(request.user).shown().select_related("buyer"), number=number)
    gives = shown.is_paid and request.user.has_role("finance")
    if gives and refunds.are_hers([shown], request.user):
        return drawn(request, shown, None, is_own=True)
    return drawn(request, shown, RefundForm(order=shown) if gives else None)


def drawn(
    request: HttpRequest, shown: Order, form: RefundForm | None, status: int = 200, *, is_own: bool = False
) -> HttpResponse:
    """The page of an order of `shown()`, with a form to give it back or none; `is_own`: somebody else would have it."""
    settles_flag, seller = request.user.has_role("finance") and shown.flagged_at, invoice_snapshots.seller_of(shown)
    context = {"order": shown, "refund_form": form, "settles_flag": settles_flag, "seller": seller, "is_own": is_own}
    return render(request, "payments/order.html", context, status=status)


@role_required("orders")
def finance_orders(request: HttpRequest) -> HttpResponse:
    """Everybody's orders, for finance and support."""
    words, flagged = request.GET.get("q", ""), request.GET.get("flagged") == "1"
    rows = Order.objects.matching(words).shown().select_related("buyer")
    page = Paginator(rows.flagged() if flagged else rows, 24).get_page(request.GET.get("page"))
    return render(request, "payments/finance_orders.html", {"page": page, "words": words, "flagged": flagged})


@role_required("finance")
@require_POST
def settle_order_flag(request: HttpRequest, number: str) -> HttpResponse:
    shown = get_object_or_404(Order, number=number)
    form = ReasonForm(request.POST)
    if form.is_valid():
        order_flags.settle_flag(shown, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("The remark was settled."))
    else:
        messages.error(request, _("Say why, for the record."))
    return redirect(shown)
