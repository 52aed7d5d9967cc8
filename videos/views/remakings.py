"""Converting films anew, for administrators: what was asked for, how far it is, and stopping it."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.doors import role_required
from accounts.models import User

from ..models import RemadeFilm, Remaking
from ..remaking_forms import RemakingForm

ROWS_A_PAGE = 50


@role_required("admin")
def remakings(request: HttpRequest) -> HttpResponse:
    form = RemakingForm(request.POST or None)
    if form.is_valid():
        row = Remaking.objects.ask(by=request.user, **form.cleaned_data)
        messages.success(request, _("The films are converted anew, after all that creators wait for."))
        return redirect("videos:remaking", row.pk)
    page = Paginator(Remaking.objects.select_related("asked_by"), ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "videos/remakings.html", {"form": form, "page": page}, status=422 if form.errors else 200)


@role_required("admin")
@require_GET
def remaking(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Remaking.objects.select_related("asked_by"), pk=pk)
    outcome = request.GET.get("outcome", "")
    shown = outcome if outcome in RemadeFilm.Outcome.values else ""
    items = row.items.filter(outcome=shown).order_by("begun_at", "pk").select_related("film__being_remade")
    page = Paginator(items, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {"row": row, "counts": row.counts, "page": page, "outcome": shown}
    return render(request, "videos/remaking.html", context)


@role_required("admin")
@require_POST
def pause_remaking(request: HttpRequest, pk: int) -> HttpResponse:
    return _turned(request, pk, Remaking.pause, _("Paused: what is finished of long films is kept."))


@role_required("admin")
@require_POST
def resume_remaking(request: HttpRequest, pk: int) -> HttpResponse:
    return _turned(request, pk, Remaking.resume, _("It goes on."))


@role_required("admin")
@require_POST
def end_remaking(request: HttpRequest, pk: int) -> HttpResponse:
    return _turned(request, pk, Remaking.end, _("Ended: what was not made yet stays as it is."))


def _turned(request: HttpRequest, pk: int, act: Callable[[Remaking, User], None], told: str) -> HttpResponse:
    act(get_object_or_404(Remaking, pk=pk), request.user)
    messages.success(request, told)
    return redirect("videos:remaking", pk)
