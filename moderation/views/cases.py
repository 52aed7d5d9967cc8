"""What people reported: the queue by priority, and one case with its reports and its evidence."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.doors import role_required
from moderation import cases as reported
from moderation.models import Case

ROWS_A_PAGE = 30


@role_required("moderator")
def cases(request: HttpRequest) -> HttpResponse:
    is_closed = "closed" in request.GET
    rows = Case.objects.exclude(closed_at=None).order_by("-closed_at") if is_closed else Case.objects.open()
    page = Paginator(rows.select_related("owner", "measure").prefetch_related("flags"), ROWS_A_PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "moderation/cases.html", {"page": page, "is_closed": is_closed})


@role_required("moderator")
def reported_case(request: HttpRequest, pk: int) -> HttpResponse:
    """POST shows the same page with what was written, on the way back from the preview."""
    rows = Case.objects.select_related("owner", "course", "creator", "measure__rule", "measure__decided_by")
    case = get_object_or_404(rows, pk=pk)
    return render(request, "moderation/reported_case.html", reported.shown(case, request.user, request.POST or None))
