"""A film's page in the studio, and the buttons that stand beside a film: tries, name, captions, chapters."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from marketplace.lib import asked as numbers

from .. import caption_editing, captions, chapters, first_look, halting, serving, transcribing, uploading
from ..caption_editing import Asked
from ..forms import LANGUAGES, CaptionForm, ChaptersForm, NameForm
from ..models import Caption, Video
from ..models.caption import CaptionChanged


@require_safe
@login_required
def film(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One film with all that belongs to it."""
    return render(request, "videos/film.html", _context(own_film(request, pk)))


def _context(film: Video, chapters_form: ChaptersForm | None = None) -> dict[str, Any]:
    written = ChaptersForm(initial={"chapters": chapters.text_of(film.chapters.all())})
    return {"video": film, "chapters_form": chapters_form or written, "past": [film.pk] if _is_past(film) else []}


def _is_past(film: Video) -> bool:
    """Whether only past versions of courses show it: removed, it stays with them."""
    lessons: Any = film.lessons  # a reverse relation: courses say which of them count
    return lessons.exists() and not lessons.in_use().exists()


def own_film(request: HttpRequest, pk: uuid.UUID) -> Video:
    return get_object_or_404(Video.objects.owned_by(request.user).kept(), pk=pk)


def back(request: HttpRequest) -> HttpResponse:
    """To the page on which the button stood."""
    here = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(here, {request.get_host()}, require_https=request.is_secure())
    return redirect(here if is_ours else "studio:uploads")


@require_POST
@login_required
def retry(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Another try for a film that failed for a passing reason."""
    halting.go_on(own_film(request, pk), request.user)
    return back(request)


@require_POST
@login_required
def pause(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Workers leave the film until she goes on."""
    own_film(request, pk).pause(request.user)
    return back(request)


@require_POST
@login_required
def resume(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    own_film(request, pk).resume(request.user)
    return back(request)


@require_POST
@login_required
def cancel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """No conversion after all; the film can be removed then, or converted anew."""
    halting.cancel(own_film(request, pk), request.user)
    return back(request)


@require_POST
@login_required
def rename(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    film, form = own_film(request, pk), NameForm(request.POST)
    if form.is_valid():
        film.rename(form.cleaned_data["name"])
        messages.success(request, _("The name is saved."))
    for sentence in form.errors.get("name", []):
        messages.error(request, sentence)
    return redirect("videos:film", pk)


@require_POST
@login_required
def remove(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """For good, with all that was sent and made of it."""
    if uploading.remove_film(own_film(request, pk), request.user):
        messages.success(request, _("The film is removed. Its space is yours again."))
    else:
        messages.success(
            request, _("The film is removed. Its space is yours again. Past versions of your courses keep it.")
        )
    return redirect("studio:uploads")


@require_safe
@login_required
def look(request: HttpRequest, pk: uuid.UUID, file: str) -> HttpResponseBase:
    """Playlists and pieces of what is there of an own film that is still being converted."""
    film = own_film(request, pk)
    if (words := first_look.text(film, file)) is not None:
        return serving.playlist(words)
    piece = first_look.path(film, file)
    return serving.film_file(request, piece) if piece else serving.nothing()


@require_POST
@login_required
def put_caption(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Add the captions of one language, or replace them."""
    film, form = own_film(request, pk), CaptionForm(request.POST, request.FILES)
    try:
        if form.is_valid():
            captions.put(film, **form.cleaned_data)
            messages.success(request, _("The captions are added."))
    except ValidationError as error:
        form.add_error(None, error.messages)
    for sentence in (one for errors in form.errors.values() for one in errors):
        messages.error(request, sentence)
    return back(request)


@require_safe
@login_required
def write_caption(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """To the editor, in the language that was chosen."""
    film, language = own_film(request, pk), request.GET.get("language", "")
    if language not in dict(LANGUAGES):
        messages.error(request, _("Choose a language first."))
        return redirect("videos:film", film.pk)
    return redirect("videos:edit_caption", pk=film.pk, language=language)


@require_POST
@login_required
def remove_caption(request: HttpRequest, pk: uuid.UUID, language: str) -> HttpResponse:
    get_object_or_404(own_film(request, pk).captions, language=language).remove()
    messages.success(request, _("The captions are removed."))
    return back(request)


@require_POST
@login_required
def publish_caption(request: HttpRequest, pk: uuid.UUID, language: str) -> HttpResponse:
    """What the machine heard is checked."""
    get_object_or_404(own_film(request, pk).captions, language=language).publish()
    messages.success(request, _("The captions are published."))
    return redirect("videos:film", pk)


@require_POST
@login_required
def transcribe(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Let the machine write captions in one language."""
    film, language = own_film(request, pk), request.POST.get("language", "")
    if language in dict(LANGUAGES):
        transcribing.ask(film, language, request.user)
        messages.success(request, _("The machine listens. We mail you when there is something to check."))
    return back(request)


@require_POST
@login_required
def choose_poster(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    own_film(request, pk).choose_poster(numbers.number(request.POST.get("number")) or 0)
    messages.success(request, _("The film's picture is changed."))
    return back(request)


@require_POST
@login_required
def put_chapters(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Replace the chapters of a film; on a mistake the lines come back as they were written."""
    film, form = own_film(request, pk), ChaptersForm(request.POST)
    try:
        if form.is_valid():
            chapters.put(film, chapters.read(form.cleaned_data["chapters"]))
            messages.success(request, _("The chapters are saved."))
            return back(request)
    except ValidationError as error:
        form.add_error("chapters", error.messages)
    return render(request, "videos/film.html", _context(film, chapters_form=form), status=422)


@login_required
def edit_caption(request: HttpRequest, pk: uuid.UUID, language: str) -> HttpResponse:
    """The cues of one language beside the film; saved whole, refused when somebody else saved meanwhile."""
    film = own_film(request, pk)
    if (caption := caption_editing.caption_of(film, language)) is None:
        raise Http404
    if request.method != "POST":
        return _caption_page(request, caption, Asked.kept(caption))
    asked = Asked.of(request.POST)
    if wrong := asked.mistakes(film):
        return _caption_page(request, caption, asked, wrong, 422)
    try:
        caption_editing.write(caption, asked)
    except CaptionChanged as refusal:
        now = caption_editing.caption_of(film, language) or caption
        asked.revision = now.revision
        return _caption_page(request, now, asked, [str(refusal)], refusal.status)
    messages.success(request, _("The captions are saved."))
    return redirect("videos:edit_caption", pk=pk, language=language)


def _caption_page(
    request: HttpRequest, caption: Caption, asked: Asked, mistakes: list[str] | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "video": caption.video, "caption": caption, "mistakes": mistakes, "is_changed": status == CaptionChanged.status,
        "text": asked.text, "revision": asked.revision, "shift": asked.shift,
    }  # fmt: skip
    return render(request, "videos/edit_caption.html", context, status=status)
