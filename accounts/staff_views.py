"""Pages about staff, for administrators: the audit log."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from . import audit_file
from .doors import role_required
from .staff_forms import AuditFilterForm

ROWS_A_PAGE = 50


@role_required("admin")
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    form, rows = AuditFilterForm.found(request.GET)
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    elided = page.paginator.get_elided_page_range(page.number)
    status = 422 if form.errors else 200
    return render(request, "staff/audit.html", {"form": form, "page": page, "elided": elided}, status=status)


@role_required("admin")
@require_safe
def audit_csv(request: HttpRequest) -> StreamingHttpResponse:
    _form, rows = AuditFilterForm.found(request.GET)
    response = StreamingHttpResponse(audit_file.lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="kezhan-audit.csv"'
    return response
