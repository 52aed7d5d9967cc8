"""Replacing a film: choose the new one, see what comes over, let it take the place."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from courses import replacing
from courses.models import Course
from marketplace.lib import asked
from videos.caption_editing import shift_of
from videos.models import Replacement, Video
from videos.replacing import WouldLoseMore, plan

from .doors import creator_required

LONGEST_SHIFT_MS = 24 * 3600 * 1000


def own_film(request: HttpRequest, pk: uuid.UUID) -> Video:
    return get_object_or_404(Video.objects.owned_by(request.user).kept(), pk=pk)


def open_replacement(film: Video) -> Replacement:
    return get_object_or_404(film.replacements.open().select_related("old", "new"), new__isnull=False)


@require_safe
@creator_required
def replace_film(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The upload of the new film; when it is ready, what would come over with the shift that was asked for."""
    film = own_film(request, pk)
    return _page(request, film, request.GET.get("shift", ""))


def _page(request: HttpRequest, film: Video, shift: str, status: int = 200) -> HttpResponse:
    replacement = film.replacements.open().filter(new__isnull=False).select_related("new").first()
    new = replacement.new if replacement else None
    shift_ms = _bounded(shift)
    context = {
        "video": film,
        "replacement": replacement,
        "new": new,
        "shift": shift,
        "is_shift_wrong": shift_ms is None,
        "plan": plan(film, new, shift_ms or 0) if new is not None and new.is_ready else None,
        "films": Video.objects.owned_by(request.user).shown().exclude(pk=film.pk)[:50],
        "live_courses": replacing.live_courses_of(film),
        "under_review": _under_review(film),
        "history": film.replaces.carried_out(),
    }
    return render(request, "studio/replace_film.html", context, status=status)


def _bounded(shift: str) -> int | None:
    ms = shift_of(shift)
    return None if ms is None or abs(ms) > LONGEST_SHIFT_MS else ms


def _under_review(film: Video) -> list[Course]:
    courses = replacing.courses_of(film)
    return [course for course in courses if (working := course.working_version) and not working.is_editable]


@require_POST
@creator_required
def begin_replacement(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One of the creator's films shall take the place."""
    film = own_film(request, pk)
    try:
        new = get_object_or_404(Video.objects.owned_by(request.user).kept(), pk=request.POST.get("video"))
    except ValidationError:
        messages.error(request, _("Choose a film first."))
        return redirect("studio:replace_film", pk)
    Replacement.objects.begin(old=film, new=new, by=request.user)
    return redirect("studio:replace_film", pk)


@require_POST
@creator_required
def carry_out_replacement(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The new film takes the place, with what was shown; when more would be lost than that, the page comes again."""
    film = own_film(request, pk)
    replacement, shift_ms = open_replacement(film), _bounded(request.POST.get("shift", ""))
    if shift_ms is None:
        return _page(request, film, request.POST.get("shift", ""), status=422)
    shown = asked.number(request.POST.get("drops")) or 0
    try:
        lessons = replacing.carry_out(replacement, request.user, shift_ms=shift_ms, drops=shown)
    except WouldLoseMore as more:
        messages.error(request, str(more))
        return _page(request, film, request.POST.get("shift", ""), status=409)
    messages.success(request, _said(lessons))
    return redirect("videos:film", replacement.new_id)


def _said(lessons: list[Any]) -> str:
    if not lessons:
        return _("The film is replaced. No lesson shows it.")
    return ngettext(
        "The film is replaced in %(n)d lesson of your draft.",
        "The film is replaced in %(n)d lessons of your drafts.",
        len(lessons),
    ) % {"n": len(lessons)}


@require_POST
@creator_required
def give_up_replacement(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The old film stays; the new one is kept among the films."""
    open_replacement(own_film(request, pk)).give_up()
    messages.success(request, _("The old film stays. The new one is among your films."))
    return redirect("studio:replace_film", pk)
