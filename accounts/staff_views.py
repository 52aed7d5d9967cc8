"""Pages about staff: the audit log, who holds a role and with which second factor."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from . import audit_file, roles, seeing
from . import second_factor as factors
from .doors import role_required
from .models import RoleGrant, User
from .staff_forms import AuditFilterForm, GiveRoleForm, PersonForm, ReasonForm

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
def audit_csv(request: HttpRequest) -> Any:
    _form, rows = AuditFilterForm.found(request.GET)
    response = StreamingHttpResponse(audit_file.lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="kezhan-audit.csv"'
    return response


@login_required
@require_safe
def second_factor(request: HttpRequest) -> HttpResponse:
    """Where staff without a second factor are led: why, and where to set one up."""
    return render(request, "staff/second_factor.html")


@role_required("admin")
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    return _people(request, GiveRoleForm())


def _people(request: HttpRequest, form: GiveRoleForm) -> HttpResponse:
    context = {"people": User.objects.staff(), "form": form}
    return render(request, "staff/people.html", context, status=422 if form.errors else 200)


@role_required("admin", confirmed=True)
@require_POST
def give_role(request: HttpRequest) -> HttpResponse:
    form = GiveRoleForm(request.POST)
    if not form.is_valid():
        return _people(request, form)
    grant = roles.give(by=request.user, **form.cleaned_data)
    messages.success(request, _("%(name)s has the role, and a mail about it.") % {"name": grant.user})
    return redirect("staff:people")


@role_required("admin", confirmed=True)
@require_POST
def withdraw_role(request: HttpRequest, pk: int) -> HttpResponse:
    grant, form = get_object_or_404(RoleGrant.objects.select_related("user"), pk=pk), ReasonForm(request.POST)
    if form.is_valid():
        roles.withdraw(grant, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("The role was taken back."))
    else:
        messages.error(request, _("Say why, for the record."))
    return redirect("staff:people")


@role_required("admin", confirmed=True)
@require_POST
def take_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    person, form = get_object_or_404(User.objects.staff(), pk=pk), ReasonForm(request.POST)
    if form.is_valid():
        factors.take_away(person, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("The second factor is gone. %(name)s sets up another one.") % {"name": person})
    else:
        messages.error(request, _("Say why, for the record."))
    return redirect("staff:people")


@role_required("seeing", confirmed=True)
def see_as(request: HttpRequest) -> HttpResponse:
    form = PersonForm(request.POST or None)
    if form.is_valid():
        made = seeing.begin(by=request.user, **form.cleaned_data)
        request.session[seeing.KEY] = made.pk
        return redirect("learners:library")
    context = {"form": form, "seeing": seeing.present(request)}
    return render(request, "staff/see_as.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def stop_seeing(request: HttpRequest) -> HttpResponse:
    """Her own session's mark goes; what was seen stays on record."""
    request.session.pop(seeing.KEY, None)
    messages.success(request, _("You see the site as yourself again."))
    return redirect("staff:see_as")
