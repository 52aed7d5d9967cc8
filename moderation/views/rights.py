"""Claims of copyright for their sides: filing one, and one claim with its clock and what can be done."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from moderation import reports, rights
from moderation.models import RightsClaim
from moderation.rights import proof as proofs
from moderation.rights import shown
from moderation.rights.forms import AnswerForm, ClaimForm, WithdrawForm

ROWS_A_PAGE = 30


@login_required
def file_claim(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    target = reports.target_or_404(kind, key, request.user)
    if kind not in ("course", "lesson"):
        raise Http404
    form = ClaimForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        claim = rights.file(target, request.user, **form.cleaned_data)
        messages.success(request, _("Your claim has come in. You get a mail at every step."))
        return redirect("rights:claim", claim.pk)
    context = {
        "target": target,
        "form": form,
        "is_own": target.owner.pk == request.user.pk,
        "days": settings.RIGHTS_DAYS,
    }
    return render(request, "rights/file_claim.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def claims(request: HttpRequest) -> HttpResponse:
    rows = RightsClaim.objects.of_party(request.user).order_by("-id")
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "rights/claims.html", {"page": page})


@login_required
@require_GET
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _own(request, pk), AnswerForm(), WithdrawForm())


@login_required
@require_POST
def counter(request: HttpRequest, pk: int) -> HttpResponse:
    return _say(request, pk, rights.counter, _("Your counter-notice is in."))


@login_required
@require_POST
def go_on(request: HttpRequest, pk: int) -> HttpResponse:
    return _say(request, pk, rights.go_on, _("Your reply is in. A moderator decides now."))


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    found, form = _own(request, pk), WithdrawForm(request.POST)
    if not form.is_valid():
        return _page(request, found, AnswerForm(), form, status=422)
    rights.withdraw(found, request.user, form.cleaned_data["text"])
    messages.success(request, _("You have withdrawn your claim."))
    return redirect("rights:claim", pk)


@login_required
@require_GET
def proof(request: HttpRequest, pk: int) -> FileResponse:
    return proofs.download(pk, request.user)


def _own(request: HttpRequest, pk: int) -> RightsClaim:
    rows = RightsClaim.objects.of_party(request.user).select_related("claimant", "owner", "course")
    return get_object_or_404(rows, pk=pk)


def _say(request: HttpRequest, pk: int, verb: Callable[..., Any], thanks: str) -> HttpResponse:
    found, form = _own(request, pk), AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, WithdrawForm(), status=422)
    verb(found, request.user, form.cleaned_data["text"])
    messages.success(request, thanks)
    return redirect("rights:claim", pk)


def _page(
    request: HttpRequest, found: RightsClaim, answer: AnswerForm, withdrawing: WithdrawForm, status: int = 200
) -> HttpResponse:
    context = {**shown.to_side(found, request.user), "form": answer, "withdraw_form": withdrawing}
    return render(request, "rights/claim.html", context, status=status)
