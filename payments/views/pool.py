"""The pool of the pass: a creator's parts and courses in it; finance's divisions, and a look before one is booked."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.doors import role_required
from courses.views.studio.doors import creator_required

from ..memberships import agreeing
from ..models import MembershipOffer, PoolDivision
from ..pool import few, shown


@creator_required
@require_GET
def pool(request: HttpRequest) -> HttpResponse:
    """What the pass brought her, month by month and why, and which of her courses take part."""
    creator = request.user.creator
    context = {
        "months": shown.of_creator(creator), "listing": shown.listing_of(creator), "fewest": few.FEWEST,
        "are_on": agreeing.are_on(), "offer": MembershipOffer.objects.present(None),
    }  # fmt: skip
    return render(request, "payments/pool.html", context)


@role_required("finance")
@require_GET
def finance_pool(request: HttpRequest) -> HttpResponse:
    page = Paginator(PoolDivision.objects.here(), 24).get_page(request.GET.get("page"))
    return render(request, "payments/finance_pool.html", {"page": page, "standing": shown.standing()})


@role_required("finance")
@require_GET
def pool_division(request: HttpRequest, pk: int) -> HttpResponse:
    division = get_object_or_404(PoolDivision.objects.here(), pk=pk)
    parts = list(division.parts.shown())
    return render(request, "payments/pool_division.html", {"division": division, "table": shown.table(parts)})


@role_required("finance")
@require_GET
def look_at_pool(request: HttpRequest, currency: str) -> HttpResponse:
    """What the next division would be if it were made now."""
    look = shown.look_of(currency)
    if look is None:
        raise Http404
    return render(request, "payments/look_at_pool.html", {"look": look, "table": shown.table(shown.named(look.parts))})
