"""Claims of copyright for moderators: what waits, one claim with all evidence, admitting and deciding."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.doors import role_required
from accounts.second_factor import must_be_confirmed
from moderation import rights
from moderation.models import RightsClaim
from moderation.rights import shown
from moderation.rights.forms import VerdictForm
from moderation.rights.weighing import Weighed

ROWS_A_PAGE = 30


@role_required("moderator")
@require_GET
def rights_claims(request: HttpRequest) -> HttpResponse:
    is_closed = "closed" in request.GET
    rows = RightsClaim.objects.not_waiting() if is_closed else RightsClaim.objects.waiting()
    page = Paginator(rows.select_related("claimant", "owner"), ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "moderation/rights_claims.html", {"page": page, "is_closed": is_closed})


@role_required("moderator")
def rights_claim(request: HttpRequest, pk: int) -> HttpResponse:
    """POST shows the same page with what was written, on the way back from the preview."""
    return _page(request, _found(pk), VerdictForm(request.POST or None))


@role_required("moderator")
@require_POST
def admit_claim(request: HttpRequest, pk: int) -> HttpResponse:
    rights.admit(_found(pk), request.user)
    messages.success(request, _("Admitted. The creator is told, and the clock runs."))
    return redirect("moderation:rights_claim", pk)


@role_required("moderator")
@require_POST
def weigh_claim(request: HttpRequest, pk: int) -> HttpResponse:
    """What the verdict would do, before it is confirmed."""
    found, form = _found(pk), VerdictForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    return _weighed(request, found, rights.preview(found, request.user, form.wanted))  # type: ignore[arg-type]


@role_required("moderator")
@require_POST
def decide_claim(request: HttpRequest, pk: int) -> HttpResponse:
    found, form = _found(pk), VerdictForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    if form.wanted.takes_money:
        must_be_confirmed(request)
    try:
        done = rights.decide(found, request.user, form.wanted, seen=request.POST.get("effect_version", ""))
    except rights.VerdictChanged as changed:
        messages.warning(request, str(changed))
        return _weighed(request, found, changed.weighed, status=409)
    messages.success(request, _("Decided: %(action)s.") % {"action": done.get_kind_display()})
    return redirect("moderation:rights_claim", pk)


def _found(pk: int) -> RightsClaim:
    return get_object_or_404(RightsClaim.objects.select_related("claimant", "owner", "course__creator"), pk=pk)


def _page(request: HttpRequest, found: RightsClaim, form: VerdictForm, status: int = 200) -> HttpResponse:
    context = {**shown.to_moderator(found, request.user), "form": form}
    return render(request, "moderation/rights_claim.html", context, status=status)


def _weighed(request: HttpRequest, found: RightsClaim, weighed: Weighed, status: int = 200) -> HttpResponse:
    context = {"claim": found, "weighed": weighed, "carried": VerdictForm.carried(request.POST)}
    return render(request, "moderation/weigh_claim.html", context, status=status)
