"""A learner takes her money back by the meter: what exactly will happen, then it happens."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from marketplace.lib.money import Money

from .. import meter
from ..models import OrderItem
from ..refund_forms import TakeBackForm


def _item(request: HttpRequest, number: str, pk: int) -> OrderItem:
    mine: Any = OrderItem.objects.of_buyer(request.user)
    found: OrderItem = get_object_or_404(mine, order__number=number, pk=pk)
    return found


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def take_back(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """GET: the amount, the end of access, where the money goes. POST with that amount: do it."""
    item, status = _item(request, number, pk), 200
    form = TakeBackForm(request.POST or None)
    if form.is_valid():
        expected = Money(form.cleaned_data["amount"], form.cleaned_data["currency"])
        try:
            meter.take_back(item, by=request.user, expected=expected)
        except meter.MeterMoved as moved:
            messages.warning(request, str(moved))
            status = 409
        else:
            messages.success(request, _("Your money is on its way back. You get a mail once it is done."))
            return redirect(item.order)
    return render(request, "payments/take_back.html", {"item": item, "meter": meter.of(item)}, status=status)


@login_required
@never_cache
@require_GET
def refund_meter(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The meter by itself, as the player asks for it while one watches."""
    return render(request, "payments/refund_meter.html", {"meter": meter.of(_item(request, number, pk))})
