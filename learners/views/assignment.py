"""An assignment for its learner: write, add files, hand in, appeal. The lesson's own page shows where she is."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from courses.models import Lesson
from learners import rights
from learners.assignments import appeals, handing_in, opening

from .downloads import HARMLESS
from .lesson import lesson as lesson_page


def assignment_of(request: HttpRequest, slug: str, key: uuid.UUID) -> Lesson:
    """Of who may see the lesson now."""
    rows = Lesson.objects.live().filter(kind=Lesson.Kind.ASSIGNMENT, version__course__slug=slug)
    lesson = get_object_or_404(rows.select_related("version__course__creator"), key=key)
    if not rights.may_watch(request.user, lesson):
        raise Http404
    return lesson


def _back(slug: str, key: uuid.UUID, part: str = "work") -> HttpResponse:
    return redirect(reverse("learners:lesson", args=[slug, key]) + f"#{part}")


@login_required
@require_POST
def start_draft(request: HttpRequest, slug: str, key: uuid.UUID) -> HttpResponse:
    """To improve what was handed in: its text and files come over."""
    handing_in.open_draft(request.user, assignment_of(request, slug, key))
    return _back(slug, key)


@login_required
@require_POST
def hand_in_work(request: HttpRequest, slug: str, key: uuid.UUID) -> HttpResponse:
    """Hand in; with `save` or `remove`, or where a new file is refused, only keep what is there."""
    lesson = assignment_of(request, slug, key)
    gone = request.POST.get("remove")
    try:
        kept = handing_in.keep(
            request.user, lesson, text=request.POST.get("text") if lesson.assigned.takes_text else None,
            uploads=request.FILES.getlist("file"), remove=_uuid(gone) if gone else None,
            finish="hand_in" in request.POST,
        )  # fmt: skip
        _say(request, kept)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return _back(slug, key)


def _say(request: HttpRequest, kept: handing_in.Kept) -> None:
    for refusal in kept.refusals:
        messages.error(request, refusal)
    if kept.work is not None:
        messages.success(request, _("Handed in. You hear from us when it is reviewed."))
    elif not kept.refusals:
        messages.success(request, _("Your work is kept."))


def _uuid(told: str) -> uuid.UUID:
    try:
        return uuid.UUID(told)
    except ValueError:
        raise Http404 from None


@login_required
@require_POST
def appeal_result(request: HttpRequest, slug: str, key: uuid.UUID, number: int) -> HttpResponse:
    """Refused, the page comes back with what was written."""
    text = request.POST.get("text", "")
    try:
        appeals.appeal(request.user, assignment_of(request, slug, key), number, text)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return lesson_page(request, slug, key, {"number": number, "text": text})
    messages.success(request, _("Your appeal is with the creator."))
    return _back(slug, key, "results")


@login_required
@require_safe
def hand_in_file(request: HttpRequest, key: uuid.UUID) -> FileResponse:
    """To take away, never to open in place."""
    opened = opening.file(request.user, key)
    if opened is None:
        raise Http404
    answer = FileResponse(
        opened.row.file.open("rb"), as_attachment=True, filename=opened.name, content_type=opened.row.media_type,
        headers={**HARMLESS, "Cache-Control": "private, no-store"},
    )  # fmt: skip
    answer["Content-Length"] = str(opened.row.size)
    return answer
