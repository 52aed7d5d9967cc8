"""Disputes for the people of finance: what is due, each case, and the one answer that the bank reads."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.doors import role_required
from marketplace.lib import clock
from payments import disputes as desk
from payments import refunds
from payments.dispute_forms import AcceptForm, EvidenceForm
from payments.models import Dispute


@role_required("finance")
@require_GET
def disputes(request: HttpRequest) -> HttpResponse:
    """`?show=`: due (waiting for us), open, or all."""
    show = request.GET.get("show", "open")
    rows = Dispute.objects.showing(show).shown().by_urgency()
    page = Paginator(rows, 24).get_page(request.GET.get("page"))
    return render(request, "payments/disputes.html", {"page": page, "show": show, "figures": desk.figures()})


@role_required("finance")
@require_GET
def dispute(request: HttpRequest, pk: int) -> HttpResponse:
    return _case(request, pk)


def _case(request: HttpRequest, pk: int, **forms: Any) -> HttpResponse:
    case = get_object_or_404(Dispute.objects.shown(), pk=pk)
    answers = list(case.answers.select_related("submitted_by"))
    open_to_us = case.is_answerable and not any(answer.refused_at is None for answer in answers)
    is_own = open_to_us and refunds.are_hers([case.order], request.user)
    can_answer = open_to_us and not is_own
    context: dict[str, Any] = {"dispute": case, "answers": answers, "can_answer": can_answer, "steps": case.steps}
    context |= {"misfit": desk.misfit(case), "now": clock.now(), "is_own": is_own}
    if can_answer:
        context |= {"evidence_form": EvidenceForm(initial=desk.draft(case)), "accept_form": AcceptForm(), **forms}
    wrong = any(form.errors for form in forms.values())
    return render(request, "payments/dispute.html", context, status=422 if wrong else 200)


@role_required("finance")
@require_POST
def answer_dispute(request: HttpRequest, pk: int) -> HttpResponse:
    form = EvidenceForm(request.POST)
    if not form.is_valid():
        return _case(request, pk, evidence_form=form)
    desk.submit(get_object_or_404(Dispute, pk=pk), by=request.user, fields=form.cleaned_data)
    messages.success(request, _("The evidence is on its way to the bank."))
    return redirect("payments:dispute", pk=pk)


@role_required("finance")
@require_POST
def accept_dispute(request: HttpRequest, pk: int) -> HttpResponse:
    form = AcceptForm(request.POST)
    if not form.is_valid():
        return _case(request, pk, accept_form=form)
    desk.accept(get_object_or_404(Dispute, pk=pk), by=request.user, reason=form.cleaned_data["reason"])
    messages.success(request, _("The buyer keeps the money. The bank is being told."))
    return redirect("payments:dispute", pk=pk)
