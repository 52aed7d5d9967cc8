"""Searching what is said in a course, over the API."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import permissions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from courses.models import Course
from videos.playback import MayNotWatch

from . import said
from .said import Hits


class SaidLineSerializer(serializers.Serializer):
    at_s = serializers.IntegerField(help_text="second of the film")
    text = serializers.CharField()
    language = serializers.CharField()


class SaidSerializer(serializers.Serializer):
    lesson = serializers.UUIDField(source="lesson.key")
    title = serializers.CharField(source="lesson.title")
    url = serializers.SerializerMethodField(help_text="add ?t= and a second")
    lines = SaidLineSerializer(many=True)

    def get_url(self, hits: Hits) -> str:
        page = reverse("learners:lesson", args=[self.context["slug"], hits.lesson.key])
        return self.context["request"].build_absolute_uri(page)


class Transcripts(APIView):
    """Where in a course something is said. For those who may watch all of it."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(
        parameters=[OpenApiParameter("q", str, description="words; all of them must be said near each other")],
        responses={200: SaidSerializer(many=True), 403: OpenApiResponse(description="application/problem+json")},
    )
    def get(self, request: Request, slug: str) -> Response:
        live = Course.objects.filter(live_version__isnull=False).select_related("creator", "live_version")
        course = get_object_or_404(live, slug=slug)
        if not said.may_search(request.user, course):
            raise MayNotWatch
        context: dict[str, Any] = {"request": request, "slug": slug}
        found = said.search_course(course, request.query_params.get("q", ""), request.user)
        return Response(SaidSerializer(found, many=True, context=context).data)


urlpatterns = [path("courses/<slug:slug>/transcripts/", Transcripts.as_view(), name="api-course-transcripts")]
