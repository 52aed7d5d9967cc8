"""Courses saved for later over the API, and what their reader is told of."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import permissions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from courses.models import Course
from courses.serializers import CourseSerializer
from marketplace.lib.rest import MoneyField

from . import saving
from .models import NewsStop, SavedCourse


class SavedCourseSerializer(serializers.Serializer):
    """A course that was saved for later; what you have by now, or what is not on sale, is left out."""

    course = CourseSerializer()
    then = MoneyField(help_text="what it cost when you saved it")
    is_lower = serializers.BooleanField(help_text="it costs less than that now")
    saved_at = serializers.DateTimeField()


class SavedList(APIView):
    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(
        operation_id="saved_list", summary="Courses that you saved", responses=SavedCourseSerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        return Response(SavedCourseSerializer(saving.of(request.user), many=True, context={"request": request}).data)


class SaveCourse(APIView):
    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(
        operation_id="course_save",
        summary="Save a course for later",
        request=None,
        responses={204: None, 409: OpenApiResponse(description="the list is full")},
    )
    def put(self, request: Request, slug: str) -> Response:
        reader: Any = request.user
        SavedCourse.objects.save_for_later(reader, _course(slug))
        return Response(status=204)

    @extend_schema(operation_id="course_take_away", summary="No longer save a course", responses={204: None})
    def delete(self, request: Request, slug: str) -> Response:
        reader: Any = request.user
        SavedCourse.objects.take_away(reader, _course(slug))
        return Response(status=204)


class NewsWishesSerializer(serializers.Serializer):
    new_courses = serializers.BooleanField(help_text="a new course of a creator whom you follow")
    price_drops = serializers.BooleanField(help_text="a lower price of a course that you saved")


class NewsWishes(APIView):
    """What you are told of, by mail and notice, at most once a day."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(operation_id="news_wishes", responses=NewsWishesSerializer)
    def get(self, request: Request) -> Response:
        return Response(NewsStop.objects.wishes(request.user))

    @extend_schema(operation_id="news_choose", request=NewsWishesSerializer, responses=NewsWishesSerializer)
    def put(self, request: Request) -> Response:
        told = NewsWishesSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        reader: Any = request.user
        NewsStop.objects.choose(reader, told.validated_data)
        return self.get(request)


def _course(slug: str) -> Course:
    return get_object_or_404(Course.objects.on_sale(), slug=slug)


urlpatterns = [
    path("me/saved/", SavedList.as_view(), name="api-saved"),
    path("me/news/", NewsWishes.as_view(), name="api-news"),
    path("courses/<slug:slug>/saved/", SaveCourse.as_view(), name="api-save-course"),
]
