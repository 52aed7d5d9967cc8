"""Paths in the studio: creators make their own, moderators those of the house."""

from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses.models import Course, Path
from courses.models.version import NotReady
from courses.path_forms import NoteForm, PathForm, StartPathForm

from . import saving
from .doors import View


def maker_required(view: View) -> View:
    """A creator, or staff; who is neither is led to becoming a creator."""

    @wraps(view)
    @login_required
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.creator_or_none is None and not request.user.has_role("moderator"):
            return redirect("creators:become")
        return view(request, *args, **kwargs)

    return guarded


@maker_required
def paths(request: HttpRequest) -> HttpResponse:
    mine = Path.objects.editable_by(request.user).with_working()
    return render(request, "studio/paths.html", {"rows": [(path, path.shown_edition) for path in mine.order_by("-id")]})


@maker_required
def create_path(request: HttpRequest) -> HttpResponse:
    form = StartPathForm(request.POST or None)
    if form.is_valid():
        creator = None if request.user.has_role("moderator") else request.user.creator_or_none
        try:
            path = Path.objects.start(**form.cleaned_data, by=request.user, creator=creator)
            return redirect("studio:path", path.slug)
        except ValidationError as error:
            form.add_error(None, error)
    return render(request, "studio/create_path.html", {"form": form}, status=422 if form.errors else 200)


@maker_required
def path(request: HttpRequest, slug: str) -> HttpResponse:
    found = _own(request, slug)
    edition, status = found.shown_edition, 200
    form = PathForm(request.POST if request.method == "POST" else None, edition=edition)
    if request.method == "POST":
        status = saving.status_of(
            form, lambda: edition.write(form.told, form.stages, by=request.user, revision=form.revision_seen)
        )
    if status == saving.SAVED:
        messages.success(request, _("Saved."))
        return redirect("studio:path", slug)
    return render(request, "studio/path.html", _page(request, found, form, status), status=status)


@maker_required
@require_POST
def submit_path(request: HttpRequest, slug: str) -> HttpResponse:
    found, form = _own(request, slug), NoteForm(request.POST)
    try:
        found.shown_edition.submit(by=request.user, note=form.cleaned_data["note"] if form.is_valid() else "")
        messages.success(request, _("The path waits for review."))
    except NotReady as refusal:
        messages.error(request, " ".join(item["label"] for item in refusal.facts["missing"]))
    return redirect("studio:path", slug)


@maker_required
@require_POST
def withdraw_path(request: HttpRequest, slug: str) -> HttpResponse:
    waiting = _own(request, slug).shown_edition.waiting
    if waiting:
        waiting.withdraw(by=request.user)
    return redirect("studio:path", slug)


@maker_required
@require_POST
def open_path_draft(request: HttpRequest, slug: str) -> HttpResponse:
    _own(request, slug).open_draft(by=request.user)
    return redirect("studio:path", slug)


@maker_required
@require_POST
def close_path(request: HttpRequest, slug: str) -> HttpResponse:
    """Out of the lists; with `open`, in them again."""
    try:
        _own(request, slug).close("open" not in request.POST, by=request.user, reason=request.POST.get("reason", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("studio:path", slug)


def _own(request: HttpRequest, slug: str) -> Path:
    mine = Path.objects.editable_by(request.user).select_related("creator", "live_edition")
    return get_object_or_404(mine, slug=slug)


def _page(request: HttpRequest, found: Path, form: PathForm, status: int) -> dict[str, Any]:
    edition = found.shown_edition
    hers = Course.objects.on_sale().filter(creator__user=request.user).order_by("title")
    return {
        "path": found,
        "edition": edition,
        "form": form,
        "note_form": NoteForm(),
        "is_conflict": status == 409,
        "missing": edition.missing() if edition.is_editable else [],
        "decision": edition.last_decision,
        "courses": hers[:60],
    }
