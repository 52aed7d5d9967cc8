"""Captions over the API: files, and the cues of one language as its creator edits them."""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.lib.rest import Json

from . import caption_editing, captions, cues
from .api import Own
from .caption_editing import Asked
from .models import Caption
from .serializers import CaptionUploadSerializer, VideoSerializer

LONGEST_SHIFT_MS = 24 * 3600 * 1000


class CueSerializer(serializers.Serializer):
    start_ms = serializers.IntegerField(min_value=0, max_value=captions.LONGEST_MS)
    end_ms = serializers.IntegerField(min_value=0, max_value=captions.LONGEST_MS)
    text = serializers.CharField(max_length=captions.MOST_LETTERS, help_text="plain, with line breaks")


class HintedCueSerializer(CueSerializer):
    hints = serializers.ListField(
        child=serializers.CharField(), help_text="what makes it hard to read, in the asker's language; forbids nothing"
    )


class CuesSerializer(serializers.Serializer):
    """All cues of one language, in the order of time."""

    language = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of this name
    revision = serializers.IntegerField(help_text="to be sent with a change; 0 where nothing is saved yet")
    is_draft = serializers.BooleanField(help_text="made by machine and not published: nobody else sees it")
    is_machine_made = serializers.BooleanField()
    changed_at = serializers.DateTimeField()
    cues = HintedCueSerializer(many=True)


class CuesSentSerializer(serializers.Serializer):
    revision = serializers.IntegerField(min_value=0, max_value=2**31 - 1, help_text="that was seen; 0 to begin them")
    cues = CueSerializer(many=True, max_length=captions.MOST_CUES)  # type: ignore[call-arg]  # of the list


class CueShiftSerializer(serializers.Serializer):
    revision = serializers.IntegerField(min_value=0, max_value=2**31 - 1, help_text="that was seen")
    shift_ms = serializers.IntegerField(
        min_value=-LONGEST_SHIFT_MS, max_value=LONGEST_SHIFT_MS, help_text="later; below 0: earlier"
    )


def told_of(caption: Caption) -> dict[str, Any]:
    """What the API says of saved captions."""
    found = cues.read(caption.webvtt)
    shown = [
        {
            "start_ms": cue.start_ms,
            "end_ms": cue.end_ms,
            "text": cue.text,
            "hints": caption_editing.hints_for(cue, after),
        }
        for cue, after in zip(found, [*found[1:], None], strict=False)
    ]
    names = ("language", "label", "revision", "is_draft", "is_machine_made", "changed_at")
    return {**{name: getattr(caption, name) for name in names}, "cues": shown}


class Captions(Own):
    parser_classes = [MultiPartParser, FormParser, Json]

    @extend_schema(request={"multipart/form-data": CaptionUploadSerializer}, responses={201: VideoSerializer})
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Add the captions of one language, or replace them."""
        video = self.video(pk)
        asked = CaptionUploadSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        captions.put(video, **asked.validated_data)
        return self.show(pk, status.HTTP_201_CREATED)


class OneCaption(Own):
    def caption(self, pk: uuid.UUID, language: str) -> Caption:
        return get_object_or_404(self.video(pk).captions, language=language)

    def saved(self, caption: Caption, asked: Asked, field: str) -> Response:
        if wrong := asked.mistakes(caption.video):
            raise ValidationError({field: wrong})
        caption_editing.write(caption, asked)
        return Response(CuesSerializer(told_of(self.caption(caption.video_id, caption.language))).data)

    @extend_schema(responses=CuesSerializer)
    def get(self, request: Request, pk: uuid.UUID, language: str) -> Response:
        """The cues, with the revision that a change must name."""
        return Response(CuesSerializer(told_of(self.caption(pk, language))).data)

    @extend_schema(request=CuesSentSerializer, responses=CuesSerializer)
    def put(self, request: Request, pk: uuid.UUID, language: str) -> Response:
        """Save all cues instead of those of the revision that was seen.

        409 `caption_changed` where somebody saved meanwhile: nothing is lost, ask for them and look.
        """
        caption = caption_editing.caption_of(self.video(pk), language)
        if caption is None:
            raise Http404
        told = CuesSentSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        return self.saved(caption, Asked.of_cues(**told.validated_data), "cues")

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: uuid.UUID, language: str) -> Response:
        self.caption(pk, language).remove()
        return Response(status=status.HTTP_204_NO_CONTENT)


class ShiftCaption(OneCaption):
    http_method_names = ["post", "options"]

    @extend_schema(request=CueShiftSerializer, responses=CuesSerializer)
    def post(self, request: Request, pk: uuid.UUID, language: str) -> Response:
        """Move all cues. Refused where one would lie before the film begins; 409 `caption_changed` as for PUT."""
        caption, told = self.caption(pk, language), CueShiftSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        asked = Asked(caption_editing.lines_of(caption), **told.validated_data)
        return self.saved(caption, asked, "shift_ms")


class PublishCaption(Own):
    @extend_schema(request=None, responses=VideoSerializer)
    def post(self, request: Request, pk: uuid.UUID, language: str) -> Response:
        """You have checked what the machine heard: everybody who may watch sees it."""
        get_object_or_404(self.video(pk).captions, language=language).publish()
        return self.show(pk)


urlpatterns = [
    path("videos/<uuid:pk>/captions/", Captions.as_view(), name="api-video-captions"),
    path("videos/<uuid:pk>/captions/<str:language>/", OneCaption.as_view(), name="api-video-caption"),
    path("videos/<uuid:pk>/captions/<str:language>/shift/", ShiftCaption.as_view(), name="api-video-caption-shift"),
    path(
        "videos/<uuid:pk>/captions/<str:language>/publish/", PublishCaption.as_view(), name="api-video-caption-publish"
    ),
]
