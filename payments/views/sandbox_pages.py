"""The pages that Stripe would host: checkout and onboarding, as plain toys. They exist while the sandbox plays only."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from marketplace.lib import links

from ..sandbox import cashier, taxing

View = Callable[..., HttpResponse]


def sandbox_only(view: View) -> View:
    """404 unless the sandbox is the payment provider."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if settings.PAYMENTS_TRANSPORT != "sandbox":
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


# As the provider's own pages would: another host knows nothing of our CSRF token.
@csrf_exempt
@sandbox_only
@require_http_methods(["GET", "POST"])
def sandbox_checkout(request: HttpRequest, session_id: str) -> HttpResponse:
    """The hosted checkout. POST `action` is one of cashier.ACTS, or "abandon"."""
    action, method = request.POST.get("action", ""), request.POST.get("method", "card")
    if action and action != "abandon":
        cashier.act(session_id, action, method, request.POST.get("country", ""))
    session = cashier.find(session_id)
    if session is None:
        raise Http404
    if action == "abandon":
        return redirect(links.here(session.cancel_url) or "payments:cart")
    if action in ("pay", "confirm", "later", "later_paid", "later_failed"):
        return redirect(links.here(session.return_url))
    return render(request, "payments/sandbox_checkout.html", {"session": session, "countries": taxing.COUNTRIES})


@csrf_exempt
@sandbox_only
@require_http_methods(["GET", "POST"])
def sandbox_onboarding(request: HttpRequest, account_id: str) -> HttpResponse:
    """The hosted onboarding. POST `action=finish` makes the account active, `review` leaves it pending."""
    back = request.GET.get("return_url", "")
    outcome = {"finish": "active", "review": "pending", "reject": "restricted"}.get(request.POST.get("action", ""))
    account = cashier.onboard(account_id, outcome) if outcome else cashier.recipient(account_id)
    if account is None:
        raise Http404
    if outcome and url_has_allowed_host_and_scheme(back, {request.get_host(), *settings.ALLOWED_HOSTS}):
        return redirect(back)
    return render(request, "payments/sandbox_onboarding.html", {"account": account, "outcome": outcome})
