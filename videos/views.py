"""The two doors for bytes (parts of uploads coming in, files of films going out), and the buttons beside a film."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from drf_spectacular.utils import extend_schema
from rest_framework import permissions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.lib import asked

from . import captions, parts, playback, serving, shelves
from .forms import CaptionForm
from .models import Caption, Upload, Video


@require_safe
def hls(request: HttpRequest, token: str, expires: str, viewer: str, asset: str, file: str) -> HttpResponseBase:
    try:
        film = playback.admit(token, int(expires), viewer, uuid.UUID(asset))
    except playback.MayNotWatch as refusal:
        return serving.forbidden(str(refusal))
    if caption := playback.CAPTION.fullmatch(file):
        found = Caption.objects.filter(video_id=film.video_id, language=caption[1]).first()
        return serving.webvtt(found.webvtt) if found else serving.nothing()
    if not playback.FILE.fullmatch(file):
        return serving.nothing()
    return serving.film_file(request, shelves.film_folder(asset, film.output) / file)


@require_safe
def no_token(request: HttpRequest) -> HttpResponse:
    return serving.forbidden(str(playback.MayNotWatch.message))


def own_film(request: HttpRequest, pk: uuid.UUID) -> Video:
    return get_object_or_404(Video.objects.owned_by(request.user), pk=pk)


def back(request: HttpRequest) -> HttpResponse:
    """To the page on which the button stood."""
    here = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(here, {request.get_host()}, require_https=request.is_secure())
    return redirect(here if is_ours else "studio:uploads")


@require_POST
@login_required
def retry(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Another try for a film that failed for a passing reason."""
    own_film(request, pk).retry()
    return back(request)


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


@require_POST
@login_required
def remove_caption(request: HttpRequest, pk: uuid.UUID, language: str) -> HttpResponse:
    get_object_or_404(own_film(request, pk).captions, language=language).remove()
    messages.success(request, _("The captions are removed."))
    return back(request)


class PartDoor(APIView):
    """The signed address of one part. No cookie, no token: the signature in the path is the right."""

    authentication_classes: list = []
    permission_classes = [permissions.AllowAny]
    parser_classes: list = []

    @extend_schema(exclude=True)
    def put(self, request: Request, pk: uuid.UUID, number: int, expires: int, token: str, **rest: Any) -> Response:
        parts.check_signature(pk, number, expires, token)
        upload = get_object_or_404(Upload.objects.open(), pk=pk)
        plain = request._request
        length = plain.META.get("CONTENT_LENGTH")
        etag = parts.receive(
            upload,
            number,
            plain,
            length=asked.number(length),
            md5=plain.headers.get("Content-MD5"),
        )
        return Response(headers={"ETag": f'"{etag}"'})
