"""Paths and skills over the API."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import permissions, serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from courses.models import Path, SkillLevel
from courses.serializers import CourseSerializer
from marketplace.lib.rest import MoneyField

from . import journeys, skills_shown
from .models import PathFollow


class PathSerializer(serializers.ModelSerializer):
    """A path as lists show it."""

    title = serializers.CharField(source="live_edition.title")
    promise = serializers.CharField(source="live_edition.promise")
    language = serializers.CharField(source="live_edition.language")
    creator = serializers.SlugField(source="creator.slug", default=None, help_text="null: made by staff")

    class Meta:
        model = Path
        fields = ["slug", "title", "promise", "language", "creator", "published_at"]
        read_only_fields = fields


class ReasonSerializer(serializers.Serializer):
    text = serializers.CharField()
    level = serializers.ChoiceField(choices=SkillLevel.choices)
    at = serializers.DateTimeField()
    course = serializers.SlugField(source="course.slug")


class StopSerializer(serializers.Serializer):
    course = CourseSerializer()
    is_hers = serializers.BooleanField()
    is_mastered = serializers.BooleanField()
    finished_at = serializers.DateTimeField(allow_null=True)
    known = ReasonSerializer(many=True, help_text="why she knows already what it teaches, without it")
    remaining_s = serializers.IntegerField()


class PathPartSerializer(serializers.Serializer):
    title = serializers.CharField()
    words = serializers.CharField()
    courses = StopSerializer(source="stops", many=True)


class JourneySerializer(serializers.Serializer):
    """A path with what of it you have mastered; for a visitor nothing is."""

    path = PathSerializer()
    about = serializers.CharField(source="edition.about", help_text="Markdown.")
    stages = PathPartSerializer(source="parts", many=True)
    total_s = serializers.IntegerField()
    remaining_s = serializers.IntegerField()
    percent = serializers.IntegerField()
    prices = serializers.ListField(child=MoneyField(), help_text="a sum for each currency")
    is_followed = serializers.BooleanField()


class ShownSkillSerializer(serializers.Serializer):
    skill = serializers.SlugField(source="skill.slug")
    name = serializers.CharField(source="skill.name")
    level = serializers.ChoiceField(choices=SkillLevel.choices)
    reasons = ReasonSerializer(many=True)


class Paths(ListAPIView):
    """Published paths, the newest first."""

    permission_classes = [permissions.AllowAny]
    serializer_class = PathSerializer
    filter_backends: list = []
    queryset = Path.objects.public().select_related("live_edition", "creator")


class OnePath(APIView):
    permission_classes = [permissions.AllowAny]

    @extend_schema(responses=JourneySerializer, operation_id="paths_read")
    def get(self, request: Request, slug: str) -> Response:
        found = get_object_or_404(Path.objects.public().select_related("live_edition", "creator"), slug=slug)
        return Response(JourneySerializer(journeys.of(found, request.user)).data)


class Following(APIView):
    permission_classes = [permissions.IsAuthenticated]

    def _act(self, act: Any, slug: str) -> Response:
        act(self.request.user, get_object_or_404(Path.objects.public(), slug=slug))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, slug: str) -> Response:
        """Follow the path."""
        return self._act(PathFollow.objects.follow, slug)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str) -> Response:
        return self._act(PathFollow.objects.unfollow, slug)


class MySkills(APIView):
    """What you can do by what you have shown here, each with its reasons."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(responses=ShownSkillSerializer(many=True), operation_id="my_skills")
    def get(self, request: Request) -> Response:
        return Response(ShownSkillSerializer(skills_shown.of(request.user), many=True).data)


urlpatterns = [
    path("paths/", Paths.as_view(), name="api-paths"),
    path("paths/<slug:slug>/", OnePath.as_view(), name="api-path"),
    path("paths/<slug:slug>/follow/", Following.as_view(), name="api-path-follow"),
    path("me/skills/", MySkills.as_view(), name="api-my-skills"),
]
