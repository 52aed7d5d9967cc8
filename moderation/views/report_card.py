"""The platform's report card: a page a quarter, and all of it as a file."""

import csv

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from learners.retention import FEWEST
from moderation.models import ReportCard
from moderation.quarters import Quarter
from moderation.report_card import shown
from payments.sales_csv import plain


@require_safe
def newest(request: HttpRequest) -> HttpResponse:
    """Of the present quarter, so far."""
    return render(request, "report_card/card.html", {"shown": shown.shown(), "fewest": FEWEST})


@require_safe
def card(request: HttpRequest, quarter: str) -> HttpResponse:
    asked = Quarter.named(quarter)
    found = shown.shown(asked) if asked else None
    if found is None:
        raise Http404
    return render(request, "report_card/card.html", {"shown": found, "fewest": FEWEST, "quarter": asked})


@require_safe
def figures_csv(_request: HttpRequest) -> HttpResponse:
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="report-card.csv"'
    writer = csv.writer(answer)
    writer.writerow(shown.COLUMNS)
    rows = shown.table(list(ReportCard.objects.told()))
    writer.writerows([plain(row[name]) for name in shown.COLUMNS] for row in rows)
    return answer
