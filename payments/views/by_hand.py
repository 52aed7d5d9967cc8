"""A buyer who pays by hand: she says that she has sent it, chooses another way, or cancels."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.lib.addresses import address_of

from ..hand import again, waiting
from ..models import Order


@login_required
@require_POST
def say_sent(request: HttpRequest, number: str) -> HttpResponse:
    order = _hers(request, number)
    waiting.say_sent(order, by=request.user)
    messages.success(request, _("Thank you. As soon as it arrives you get a mail, and the courses are yours."))
    return redirect(order)


@login_required
@require_POST
def pay_otherwise(request: HttpRequest, number: str) -> HttpResponse:
    """Another way, or with an empty `way` the provider's page."""
    way = request.POST.get("way", "")[:40]
    order = again.pay_otherwise(_hers(request, number), way=way, address=address_of(request))
    return redirect(order.pay_address if order.is_open and order.checkout_url else order)


@login_required
@require_POST
def cancel_order(request: HttpRequest, number: str) -> HttpResponse:
    order = _hers(request, number)
    waiting.cancel(order, by=request.user)
    messages.success(request, _("The order is cancelled. Please do not send any money for it."))
    return redirect(order)


def _hers(request: HttpRequest, number: str) -> Order:
    """Hers of those that wait by hand."""
    found: Order = get_object_or_404(Order.objects.of(request.user).by_hand(), number=number)
    return found
