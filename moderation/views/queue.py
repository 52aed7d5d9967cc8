"""What waits for review, and what was decided."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.doors import role_required
from moderation import insights, taking
from moderation import queue as waiting_queue
from moderation.filter_forms import FilterForm
from moderation.sla import REVIEW_WITHIN
from moderation.views.pages import marks, neighbors

ROWS_A_PAGE = 30


@role_required("moderator")
def queue(request: HttpRequest) -> HttpResponse:
    filters = FilterForm(request.GET)
    page = waiting_queue.page(request.user, filters.chosen, **marks(request))  # type: ignore[arg-type]
    rows = waiting_queue.rows_of(page.rows, request.user)  # type: ignore[arg-type]
    context = {
        "rows": rows,
        "page": page,
        "filters": filters,
        "is_filtered": any(filters.chosen.values()),
        "late": sum(row.wait.is_late for row in rows),
        "promise_hours": int(REVIEW_WITHIN.total_seconds() // 3600),
        **neighbors(request, page),
    }
    return render(request, "moderation/queue.html", context)


@role_required("moderator")
@require_POST
def take_next(request: HttpRequest) -> HttpResponse:
    """Claim what has waited longest and open it."""
    submission = taking.submission(request.user)  # type: ignore[arg-type]
    if submission is None:
        messages.info(request, _("Nothing is waiting for you."))
        return redirect("moderation:queue")
    return redirect("moderation:case", submission.pk)


@role_required("moderator")
def decisions(request: HttpRequest) -> HttpResponse:
    rows = waiting_queue.decided(request.user).order_by("-decided_at", "-id")
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "moderation/decisions.html", {"page": page, "median_hours": insights.median_hours()})
