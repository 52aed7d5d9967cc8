"""The two doors for bytes: parts of uploads coming in, files of films going out."""

import uuid
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe
from drf_spectacular.utils import extend_schema
from rest_framework import permissions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.lib import asked
from marketplace.lib.errors import NotAllowed

from .. import captions, parts, playback, serving, shelves
from ..models import Caption, Upload
from ..models.upload import UploadClosed


@require_safe
def hls(request: HttpRequest, token: str, expires: str, viewer: str, asset: str, file: str) -> HttpResponseBase:
    try:
        film = playback.admit(token, int(expires), viewer, uuid.UUID(asset))
    except NotAllowed as refusal:
        return serving.forbidden(str(refusal))
    if caption := playback.CAPTION.fullmatch(file):
        found = Caption.objects.published().filter(video_id=film.video_id, language=caption[1]).first()
        return serving.webvtt(captions.of_stretch(found, film.start_ms, film.end_ms)) if found else serving.nothing()
    if not playback.FILE.fullmatch(file):
        return serving.nothing()
    return serving.film_file(request, shelves.film_folder(asset, film.output) / file)


@require_safe
def right(request: HttpRequest, token: str, expires: str, viewer: str, asset: str) -> HttpResponse:
    """204 or 403, for the `auth_request` of nginx: in which folder the file lies, and how long the yes may be kept."""
    try:
        # Asked anew at half-time: with a second left nginx could keep nothing, and every file would come to us.
        half = settings.KEZHAN_RIGHT_REMEMBERED_S / 2
        film = playback.admit(token, int(expires), viewer, uuid.UUID(asset), left_s=half)
    except NotAllowed as refusal:
        return serving.forbidden(str(refusal))
    return serving.right(film.output, film.holds_s)


@require_safe
def no_token(request: HttpRequest) -> HttpResponse:
    return serving.forbidden(str(playback.MayNotWatch.message))


class PartDoor(APIView):
    """The signed address of one part. No cookie, no token: the signature in the path is the right."""

    authentication_classes: list = []
    permission_classes = [permissions.AllowAny]
    parser_classes: list = []

    @extend_schema(exclude=True)
    def put(self, request: Request, pk: uuid.UUID, number: int, expires: int, token: str, **rest: Any) -> Response:
        parts.check_signature(pk, number, expires, token)
        upload = get_object_or_404(Upload, pk=pk)
        if not upload.is_open:
            raise UploadClosed
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
