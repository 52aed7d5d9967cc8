"""Notices over the API: hers alone, newest first, in the language of the request."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import generics, permissions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from .models import Notice


class NoticeSerializer(serializers.ModelSerializer):
    title = serializers.CharField(read_only=True)
    text = serializers.CharField(read_only=True)

    class Meta:
        model = Notice
        fields = ["id", "kind", "title", "text", "link", "told_at", "read_at"]
        read_only_fields = fields


class UnreadSerializer(serializers.Serializer):
    unread = serializers.IntegerField()


class Notices(generics.ListAPIView):
    """What I was told, newest first. `link` is a path of this site, or empty."""

    permission_classes = [permissions.IsAuthenticated]
    serializer_class = NoticeSerializer
    queryset = Notice.objects.none()

    def get_queryset(self) -> Any:
        return Notice.objects.of(self.request.user).select_related("person")


class ReadNotices(APIView):
    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(responses=UnreadSerializer)
    def get(self, request: Request) -> Response:
        """How many are unread."""
        return Response({"unread": Notice.objects.of(request.user).unread().count()})

    @extend_schema(request=None, responses=UnreadSerializer)
    def post(self, request: Request) -> Response:
        """All of them are read now."""
        Notice.objects.of(request.user).read()
        return Response({"unread": Notice.objects.of(request.user).unread().count()})


class ReadNotice(APIView):
    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(operation_id="me_notice_read", request=None, responses=NoticeSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """This one is read now."""
        Notice.objects.of(request.user).filter(pk=pk).read()
        notice = get_object_or_404(Notice.objects.of(request.user).select_related("person"), pk=pk)
        return Response(NoticeSerializer(notice).data)


urlpatterns = [
    path("me/notices/", Notices.as_view(), name="api-notices"),
    path("me/notices/read/", ReadNotices.as_view(), name="api-notices-read"),
    path("me/notices/<int:pk>/read/", ReadNotice.as_view(), name="api-notice-read"),
]
