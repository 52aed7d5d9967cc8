"""What lies beside a lesson's text: files to take away, pictures inside it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses.models import Attachment, Picture

from .doors import creator_required, own_course
from .lessons import own_lesson


@creator_required
@require_POST
def add_file(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One file or several; those that may not lie here are named, the others stay."""
    lesson = own_lesson(own_course(request, slug), pk)
    for refusal in Attachment.add_each(lesson, request.FILES.getlist("file")):
        messages.error(request, refusal)
    if not request.FILES:
        messages.error(request, _("Choose a file first."))
    return redirect("studio:lesson", slug, pk)


@creator_required
@require_POST
def remove_file(request: HttpRequest, slug: str, pk: int, file: int) -> HttpResponse:
    lesson = own_lesson(own_course(request, slug), pk)
    attachment = get_object_or_404(lesson.files.select_related("version__course", "lesson__version__course"), pk=file)
    attachment.remove()
    messages.success(request, _("“%(title)s” is removed.") % {"title": attachment.name})
    return redirect("studio:lesson", slug, pk)


@creator_required
@require_POST
def add_picture(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    lesson = own_lesson(own_course(request, slug), pk)
    upload = request.FILES.get("picture")
    try:
        if upload is None:
            raise ValidationError(_("Choose a picture first."))
        Picture.add(lesson, upload, by=request.user)
        messages.success(request, _("The picture is kept. Put its line into your text where it should stand."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("studio:lesson", slug, pk)
