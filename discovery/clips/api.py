"""Clips over the API: the same feed with the same reasons, all of them as a list, and each by its key."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import permissions, serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from courses.clip_shapes import ClipSerializer
from courses.models import Clip
from courses.models.clip import ClipQuerySet
from discovery.matching.api import MatchPartSerializer
from marketplace.lib.rest import Cursor

from . import feed


class FeedClipSerializer(serializers.Serializer):
    """A clip with why it stands where it does: its score is `freshness` × (1 + the sum of the parts)."""

    clip = ClipSerializer()
    why = serializers.CharField()
    score = serializers.FloatField()
    freshness = serializers.FloatField()
    parts = MatchPartSerializer(many=True)
    way = serializers.CharField(help_text="lesson (you have it), preview (free), or course")
    way_url = serializers.CharField(help_text="Path of the page that the clip leads to.")


class ClipCursor(Cursor):
    ordering = ("-published_at", "-id")


class Feed(APIView):
    permission_classes = [permissions.AllowAny]

    @extend_schema(
        operation_id="clips_feed", summary="The feed of clips, whole: it ends", responses=FeedClipSerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        cards = feed.cards(request.user)
        return Response(FeedClipSerializer(cards, many=True, context={"request": request}).data)


class Clips(ListAPIView):
    """All clips, the newest first."""

    permission_classes = [permissions.AllowAny]
    serializer_class = ClipSerializer
    pagination_class = ClipCursor

    def get_queryset(self) -> ClipQuerySet:
        return Clip.objects.listed().cards()


class OneClip(APIView):
    permission_classes = [permissions.AllowAny]

    @extend_schema(operation_id="clips_read", summary="One clip", responses=ClipSerializer)
    def get(self, request: Request, key: Any) -> Response:
        clip = get_object_or_404(Clip.objects.shown().cards(), key=key)
        return Response(ClipSerializer(clip, context={"request": request}).data)


urlpatterns = [
    path("clips/", Clips.as_view(), name="api-clips"),
    path("clips/feed/", Feed.as_view(), name="api-clip-feed"),
    path("clips/<uuid:key>/", OneClip.as_view(), name="api-clip"),
]
