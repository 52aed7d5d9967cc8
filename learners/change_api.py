"""What changed for a learner, over the API."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import permissions, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from courses.serializers import LessonChangeSerializer, VersionChangesSerializer

from . import changed, freshness
from .changed import Delta
from .models import ChangeMailStop, Enrollment

NOT_MINE = OpenApiResponse(description="no course of yours, or no such version or lesson")


class CourseNewsSerializer(serializers.Serializer):
    """What there is to look at once more; `besides` asks nothing of you. Nothing of it undoes a finished course."""

    since = serializers.IntegerField(source="since.number", help_text="the version that you finished or began with")
    version = serializers.IntegerField(source="live.number", help_text="the one that is live")
    is_finished = serializers.SerializerMethodField()
    lessons = LessonChangeSerializer(many=True)
    besides = VersionChangesSerializer()

    def get_is_finished(self, delta: Delta) -> bool:
        return delta.enrollment.completed_at is not None


class SeenNewsSerializer(serializers.Serializer):
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="the one that you were shown")
    lesson = serializers.UUIDField(required=False, allow_null=True, default=None, help_text="left out: all lessons")


class MyCourseView(APIView):
    """A course that the person may learn now; others are not there (404)."""

    permission_classes = [permissions.IsAuthenticated]

    def mine(self, slug: str) -> Enrollment:
        mine = Enrollment.objects.watchable().of(self.request.user).select_related("course__live_version")
        return get_object_or_404(mine, course__slug=slug, course__live_version__isnull=False)


class CourseNews(MyCourseView):
    """What changed in a course of yours since you finished it, or did its lessons."""

    @extend_schema(responses={200: CourseNewsSerializer, 204: OpenApiResponse(description="nothing"), 404: NOT_MINE})
    def get(self, request: Request, slug: str) -> Response:
        delta = changed.of_course(request.user, self.mine(slug))
        return Response(CourseNewsSerializer(delta).data) if delta else Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=SeenNewsSerializer, responses={204: None, 404: NOT_MINE})
    def post(self, request: Request, slug: str) -> Response:
        """You have seen a lesson, or all of them, as that version has it."""
        mine, told = self.mine(slug), SeenNewsSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        wish: dict[str, Any] = told.validated_data
        changed.see(request.user, mine, number=wish["version"], lesson_key=wish["lesson"])
        return Response(status=status.HTTP_204_NO_CONTENT)


class OutdatedSerializer(serializers.Serializer):
    text = serializers.CharField(
        max_length=300, help_text="what is out of date; the creator reads it without your name"
    )
    lesson = serializers.UUIDField(source="lesson_key", required=False, allow_null=True, default=None)


class ReportOutdated(MyCourseView):
    @extend_schema(request=OutdatedSerializer, responses={201: OutdatedSerializer, 404: NOT_MINE})
    def post(self, request: Request, slug: str) -> Response:
        """Something in a course of yours is out of date. Said again of the same version, your first words stay."""
        course, told = self.mine(slug).course, OutdatedSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        row = freshness.report(request.user, course, **told.validated_data)
        return Response(OutdatedSerializer(row).data, status=status.HTTP_201_CREATED)


class ChangeMailsSerializer(serializers.Serializer):
    wants = serializers.BooleanField(help_text="at most one mail a week about versions that are worth telling")


class ChangeMails(APIView):
    """Whether you want mails about your changed courses."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(responses=ChangeMailsSerializer)
    def get(self, request: Request) -> Response:
        return Response({"wants": ChangeMailStop.objects.wants(request.user)})

    @extend_schema(request=ChangeMailsSerializer, responses=ChangeMailsSerializer)
    def put(self, request: Request) -> Response:
        told = ChangeMailsSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        reader: Any = request.user
        ChangeMailStop.objects.choose(reader, wants=told.validated_data["wants"])
        return self.get(request)


urlpatterns = [
    path("me/change-mails/", ChangeMails.as_view(), name="api-change-mails"),
    path("courses/<slug:slug>/news/", CourseNews.as_view(), name="api-course-news"),
    path("courses/<slug:slug>/out-of-date/", ReportOutdated.as_view(), name="api-out-of-date"),
]
