"""A member's side of memberships: what she agrees to, what runs, canceling, paying by hand, opening courses."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from courses.models import Course
from creators.models import Creator
from marketplace.lib.money import Money

from .. import checkout
from ..gateway import GatewayUnknown
from ..memberships import agreeing, canceling, paying, rights, shown, taking_back
from ..memberships.forms import AgreeForm
from ..models import Membership, MembershipOffer, Order
from ..next_payment import BeingCharged
from ..tax.forms import BillingForm


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def join_membership(request: HttpRequest, slug: str) -> HttpResponse:
    """GET: all that she would agree to. POST: agree and go to pay the first month."""
    return _join(request, get_object_or_404(Creator.objects.visible(), slug=slug))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def join_pass(request: HttpRequest) -> HttpResponse:
    return _join(request, None)


def _join(request: HttpRequest, creator: Creator | None) -> HttpResponse:
    """With `look`, it is shown again for the country that was chosen, as it is when it is not what she saw."""
    offer, status = agreeing.offered(creator), 200
    if offer is None:
        raise Http404
    billing, form = BillingForm.of(request.user, request.POST or None), AgreeForm(request.POST or None)
    if request.method == "POST" and not billing.is_valid():
        status = 422
    elif request.method == "POST" and "look" not in request.POST:
        if form.is_valid():
            order = _agreed(request, offer, form, billing)
            if order is not None:
                return redirect(order.pay_address if order.is_open else order)
        status = 422 if form.errors else 409
    if mine := agreeing.running_of(request.user, offer):
        return redirect(mine)
    proposal = agreeing.proposed(request.user, offer, billing.billing().country)
    context = {"offer": offer, "proposal": proposal, "form": form, "billing_form": billing}
    context |= {"is_not_agreed": "agrees" in form.errors, "courses": offer.courses().listed().cards()[:48]}
    context["bill"] = {"quote": proposal.quote}
    return render(request, "payments/join_membership.html", context, status=status)


def _agreed(request: HttpRequest, offer: MembershipOffer, form: AgreeForm, billing: BillingForm) -> Order | None:
    try:
        seen, agreed = form.agreed(), request.POST.get("agreed", "")
        return agreeing.start(request.user, offer, seen, billing.billing(), agreed)
    except checkout.PriceChanged as refusal:
        messages.warning(request, str(refusal))
        return None


@login_required
@require_GET
def memberships(request: HttpRequest) -> HttpResponse:
    page = Paginator(Membership.objects.of(request.user).shown(), 24).get_page(request.GET.get("page"))
    return render(request, "payments/memberships.html", {"page": page})


@login_required
@never_cache
@require_GET
def membership(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    mine = get_object_or_404(Membership.objects.visible_to(request.user).shown(), token=token)
    return render(request, "payments/membership.html", {"membership": mine, **shown.page_of(mine)})


@login_required
@require_POST
def cancel_membership(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    mine = canceling.cancel(_own(request, token), by=request.user)
    messages.success(request, _("Canceled. Nothing more will be taken."))
    return redirect(mine)


@login_required
@require_POST
def resume_membership(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    mine = canceling.resume(_own(request, token), by=request.user)
    messages.success(request, _("It goes on as before."))
    return redirect(mine)


@login_required
@require_POST
def pay_month(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """To the provider's page for the next month; the card that pays it serves those to come."""
    mine = _own(request, token)
    try:
        order = paying.pay(mine, by=request.user)
    except (BeingCharged, GatewayUnknown, paying.TooEarly) as refusal:
        messages.warning(request, str(refusal))
        return redirect(mine)
    return redirect(order.pay_address if order.is_open else mine)


@login_required
@require_POST
def take_month_back(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    mine, told = _own(request, token), request.POST.get("amount", "")
    taking_back.take_back(
        mine, by=request.user, expected=Money(int(told) if told.isdecimal() else 0, mine.currency)
    )  # fmt: skip
    messages.success(request, _("Your money is on its way back. You get a mail once it is done."))
    return redirect(mine)


@login_required
@require_POST
def open_by_membership(request: HttpRequest, slug: str) -> HttpResponse:
    """The course stands in her library from now on."""
    course = get_object_or_404(Course.objects.on_sale().select_related("creator"), slug=slug)
    rights.open_course(request.user, course)
    return redirect("learners:course", slug)


def _own(request: HttpRequest, token: uuid.UUID) -> Membership:
    return get_object_or_404(Membership.objects.of(request.user).shown(), token=token)
