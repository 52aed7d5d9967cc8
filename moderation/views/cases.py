"""What people reported: the queue by priority, and one case with its reports and its evidence."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.doors import role_required
from moderation import case_queue, taking
from moderation import cases as reported
from moderation.filter_forms import CaseFilterForm
from moderation.models import Case, CaseClaim
from moderation.views.pages import marks, neighbors


@role_required("moderator")
def cases(request: HttpRequest) -> HttpResponse:
    filters, is_closed = CaseFilterForm(request.GET), "closed" in request.GET
    page = case_queue.page(request.user, filters.chosen, is_closed=is_closed, **marks(request))  # type: ignore[arg-type]
    context = {
        "page": page,
        "is_closed": is_closed,
        "filters": filters,
        "is_filtered": any(filters.chosen.values()),
        **neighbors(request, page),
    }
    return render(request, "moderation/cases.html", context)


@role_required("moderator")
@require_POST
def take_next_case(request: HttpRequest) -> HttpResponse:
    """Claim what matters most and open it."""
    case = taking.case(request.user)  # type: ignore[arg-type]
    if case is None:
        messages.info(request, _("Nothing is waiting for you."))
        return redirect("moderation:cases")
    return redirect("moderation:reported_case", case.pk)


@role_required("moderator")
@require_POST
def claim_case(request: HttpRequest, pk: int) -> HttpResponse:
    CaseClaim.objects.take(get_object_or_404(Case, pk=pk), request.user)  # type: ignore[arg-type]
    return redirect("moderation:reported_case", pk)


@role_required("moderator")
@require_POST
def release_case(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(CaseClaim.objects.open(), case=pk, moderator=request.user).release(by=request.user)  # type: ignore[arg-type]
    messages.success(request, _("Back in the queue."))
    return redirect("moderation:cases")


@role_required("moderator")
def reported_case(request: HttpRequest, pk: int) -> HttpResponse:
    """POST shows the same page with what was written, on the way back from the preview."""
    rows = Case.objects.select_related("owner", "course", "creator", "measure__rule", "measure__decided_by")
    case = get_object_or_404(rows, pk=pk)
    return render(request, "moderation/reported_case.html", reported.shown(case, request.user, request.POST or None))
