"""Notes: written on a lesson's page, read and searched in the library, taken away as Markdown."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from courses.models import Course
from learners import notes
from learners.models import Note
from learners.note_forms import NoteForm


@login_required
@require_POST
def add_note(request: HttpRequest, slug: str, key: uuid.UUID) -> HttpResponse:
    """Without scripts: a note or bookmark from the lesson's page, and back to it."""
    get_object_or_404(Course, slug=slug)
    form = NoteForm(request.POST)
    try:
        if not form.is_valid():
            raise ValidationError([error for errors in form.errors.values() for error in errors])
        notes.add(request.user, key, **form.wish)
        messages.success(request, _("Your note is kept."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(reverse("learners:lesson", args=[slug, key]) + "#panel-notes")


@login_required
@require_POST
def edit_note(request: HttpRequest, pk: int) -> HttpResponse:
    """Without scripts: new words (`remove`: away with it), and back to the lesson."""
    note = get_object_or_404(Note.objects.of(request.user).select_related("course"), pk=pk)
    back = notes.address(note.course, notes.placed([note])[0]) + "#panel-notes"
    try:
        if "remove" in request.POST:
            note.remove()
        else:
            note.edit(request.POST.get("text", ""))
        messages.success(request, _("Your notes are saved."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(back)


@login_required
@never_cache
@require_GET
def all_notes(request: HttpRequest) -> HttpResponse:
    """The courses in which the reader has notes; `?q=` searches all of them."""
    words = request.GET.get("q", "")[:200]
    found = notes.courses_of(request.user, words)
    return render(request, "learners/all_notes.html", {"noted": found, "words": words})


@login_required
@never_cache
@require_GET
def notes_of(request: HttpRequest, slug: str) -> HttpResponse:
    """Her notes of one course, lesson by lesson; `?q=` leaves those that hold the words."""
    course = get_object_or_404(Course.objects.select_related("live_version"), slug=slug)
    words = request.GET.get("q", "")[:200]
    pages = notes.of_course(request.user, course, words)
    return render(request, "learners/notes_of.html", {"course": course, "pages": pages, "words": words})


@login_required
@never_cache
@require_GET
def notes_file(request: HttpRequest, slug: str) -> HttpResponse:
    course = get_object_or_404(Course.objects.select_related("live_version"), slug=slug)
    answer = HttpResponse(notes.as_markdown(request.user, course), "text/markdown; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{course.slug}-notes.md"'
    return answer
