"""The doors to what lies beside a lesson: its files, and the pictures in its text. Whoever may see the lesson."""

import uuid

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from courses.models import Lesson, Picture
from learners import completion, rights

# Whatever a file holds, a browser must not run it as a page of ours.
HARMLESS = {"Content-Security-Policy": "default-src 'none'; sandbox", "X-Content-Type-Options": "nosniff"}


@require_safe
def file(request: HttpRequest, key: uuid.UUID, file: uuid.UUID) -> FileResponse:
    """To take away, never to open in place."""
    lessons = Lesson.objects.filter(key=key, files__key=file)
    lesson = rights.seen_version(request.user, lessons)
    if lesson is None:
        raise Http404
    attachment = lesson.files.get(key=file)
    attachment.lesson = lesson
    if request.method == "GET" and request.user.is_authenticated:
        completion.open_file(request.user, attachment)
    answer = FileResponse(
        attachment.file.open("rb"), as_attachment=True, filename=attachment.name, content_type=attachment.media_type,
        headers={**HARMLESS, "Cache-Control": "private, no-store"},
    )  # fmt: skip
    answer["Content-Length"] = str(attachment.size)
    return answer


@require_safe
def picture(request: HttpRequest, key: uuid.UUID, pk: uuid.UUID) -> FileResponse:
    if rights.seen_version(request.user, Lesson.objects.filter(key=key)) is None:
        raise Http404
    row = get_object_or_404(Picture, pk=pk, lesson_key=key)
    # It never changes; but who may see it does.
    headers = {**HARMLESS, "Cache-Control": "private, max-age=600"}
    return FileResponse(row.file.open("rb"), content_type="image/webp", headers=headers)
