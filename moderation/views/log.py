"""The public log of moderation: a page, and the whole of it as a file."""

import csv
import json
from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from marketplace.lib import window
from moderation import priority, public_log
from moderation.public_log import wording

ROWS_A_PAGE = 50
COLUMNS = ("id", "at", "event", "action", "kind", "target", "subject", "by", "rules", "reason", "hours", "until",
           "about", "result", "community")  # fmt: skip


@require_GET
def log(request: HttpRequest) -> HttpResponse:
    rows = public_log.newest(ROWS_A_PAGE + 1, request.GET.get("before", ""))
    shown = rows[:ROWS_A_PAGE]
    context = {
        "rows": [wording.row_of(entry) for entry in shown],
        "figures": figures(),
        "next": shown[-1].id if len(rows) > ROWS_A_PAGE else "",
    }
    return render(request, "rules/log.html", context)


@require_GET
def log_file(_request: HttpRequest, form: str) -> StreamingHttpResponse:
    """All of it, the oldest first: csv, or json with an entry a line."""
    if form not in ("csv", "json"):
        raise Http404
    lines, kind = (_csv(), "text/csv; charset=utf-8") if form == "csv" else (_json(), "application/json")
    answer = StreamingHttpResponse(lines, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="kezhan-moderation.{form}"'
    return answer


@require_GET
def reporting(request: HttpRequest) -> HttpResponse:
    """How reports are handled and in which order they are looked at."""
    context = {
        "severities": list(priority.SEVERITY_WEIGHT.items()),
        "trusts": [priority.trust(*each) for each in ((0, 0), (3, 0), (0, 3), (0, 1, 1))],
    }
    return render(request, "rules/reporting.html", context)


def figures() -> public_log.Figures:
    return window.drawn("moderation figures", lambda: public_log.figures(public_log.entries()))


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, line: str) -> str:
        return line


def _csv() -> Iterator[str]:
    writer = csv.writer(_Echo())  # type: ignore[arg-type]
    yield "\ufeff" + writer.writerow(COLUMNS)  # type: ignore[operator]
    for entry in public_log.entries():
        facts = {**entry.as_json(), "rules": " ".join(entry.rules)}
        yield writer.writerow([_harmless(facts[name]) for name in COLUMNS])  # type: ignore[misc]


def _harmless(value: Any) -> Any:
    """A spreadsheet takes what begins with one of these for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" and value else value


def _json() -> Iterator[str]:
    yield "[\n"
    for number, entry in enumerate(public_log.entries()):
        yield (",\n" if number else "") + json.dumps(entry.as_json(), ensure_ascii=False)
    yield "\n]\n"
