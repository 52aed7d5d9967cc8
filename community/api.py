"""Ratings over the API: what is said of a course, one's own, votes, and creators' answers."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import permissions, serializers, status
from rest_framework.exceptions import NotFound
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from courses.models import Course
from marketplace.lib.rest import Cursor

from . import rating, shown
from .models import Rating
from .models.rating import LONGEST_TEXT
from .models.reply import LONGEST_REPLY

REFUSED = OpenApiResponse(description="application/problem+json with a stable code")
NOT_MINE = OpenApiResponse(description="no course of yours")
UNNAMED = "false: nobody reads your name beside it; left out: as it stands, true for a first one"
_stars = {"min_value": 1, "max_value": 5}
_revision: dict[str, Any] = {"required": False, "min_value": 0, "max_value": 1000}


class CourseRatingSerializer(serializers.Serializer):
    """What a learner says of a course. `author` is empty where no name is shown."""

    id = serializers.IntegerField()
    author = serializers.CharField()
    stars = serializers.IntegerField()
    content = serializers.IntegerField(allow_null=True)
    clarity = serializers.IntegerField(allow_null=True)
    practice = serializers.IntegerField(allow_null=True)
    text = serializers.CharField()
    learned = serializers.IntegerField(help_text="percent of the course that its writer had verifiably seen")
    is_apart = serializers.BooleanField(help_text="paid nothing where others pay: no part of the score")
    said_at = serializers.DateTimeField()
    was_edited = serializers.BooleanField()
    helpful_count = serializers.IntegerField()
    reply = serializers.CharField(source="reply_text", allow_null=True, help_text="the creator's answer")
    replied_at = serializers.DateTimeField(allow_null=True)


class OwnRatingSerializer(serializers.Serializer):
    stars = serializers.IntegerField(**_stars)
    content = serializers.IntegerField(required=False, allow_null=True, **_stars)
    clarity = serializers.IntegerField(required=False, allow_null=True, **_stars)
    practice = serializers.IntegerField(required=False, allow_null=True, **_stars)
    text = serializers.CharField(max_length=LONGEST_TEXT, required=False, allow_blank=True, default="")
    is_named = serializers.BooleanField(required=False, help_text=UNNAMED)
    revision = serializers.IntegerField(**_revision, help_text="the one that you saw, 0 for none; left out: overwrite")
    learned = serializers.IntegerField(read_only=True)
    is_apart = serializers.BooleanField(read_only=True)
    said_at = serializers.DateTimeField(read_only=True)


class RatingReplySerializer(serializers.Serializer):
    text = serializers.CharField(max_length=LONGEST_REPLY, allow_blank=True, help_text="empty: taken back")
    number = serializers.IntegerField(**_revision, help_text="the one that you saw, 0 for none; left out: overwrite")


class HelpfulSerializer(serializers.Serializer):
    helpful = serializers.BooleanField(default=True)


class NewestSaid(Cursor):
    """What was said or changed last, first, as the page's order of that name."""

    ordering = shown.ORDERS["newest"]


@extend_schema_view(
    get=extend_schema(parameters=[OpenApiParameter("stars", int, description="1 to 5")], operation_id="ratings_list")
)
class Ratings(ListAPIView):
    """What learners say of a course, what was said or changed last first."""

    permission_classes = [permissions.AllowAny]
    serializer_class = CourseRatingSerializer
    pagination_class = NewestSaid
    filter_backends: list[Any] = []

    def get_queryset(self) -> QuerySet[Rating]:
        course = get_object_or_404(Course.objects.on_sale(), slug=self.kwargs["slug"])
        return shown.rows(course, shown.stars_of(self.request.query_params.get("stars", "")))


class OwnRating(APIView):
    """Your rating of a course that you have; who has seen a tenth of it may give one."""

    permission_classes = [permissions.IsAuthenticated]

    def course(self) -> Course:
        live = Course.objects.filter(live_version__isnull=False).select_related("creator")
        return get_object_or_404(live, slug=self.kwargs["slug"])

    def standing(self, course: Course) -> rating.Standing:
        standing = rating.standing(self.request.user, course)
        if standing is None:
            raise NotFound
        return standing

    @extend_schema(responses={200: OwnRatingSerializer, 204: OpenApiResponse(description="none yet"), 404: NOT_MINE})
    def get(self, request: Request, slug: str) -> Response:
        found = self.standing(self.course()).rating
        return Response(OwnRatingSerializer(found).data) if found else Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=OwnRatingSerializer, responses={200: OwnRatingSerializer, 404: NOT_MINE, 409: REFUSED})
    def put(self, request: Request, slug: str) -> Response:
        """Say what you think, or say it anew; what you said before is kept as history."""
        course, told = self.course(), OwnRatingSerializer(data=request.data)
        self.standing(course)
        told.is_valid(raise_exception=True)
        wish = told.validated_data
        row = rating.rate(request.user, course, wish, revision=wish.pop("revision", None))
        return Response(OwnRatingSerializer(row).data)


class HelpfulRating(APIView):
    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(request=HelpfulSerializer, responses={204: None, 409: REFUSED})
    def post(self, request: Request, pk: int) -> Response:
        """You found a rating helpful, or (`helpful` false) take that back."""
        row, told = get_object_or_404(Rating.objects.shown(), pk=pk), HelpfulSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        rating.find_helpful(row, by=request.user, **told.validated_data)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ReplyToRating(APIView):
    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(request=RatingReplySerializer, responses={200: RatingReplySerializer, 404: NOT_MINE, 409: REFUSED})
    def put(self, request: Request, pk: int) -> Response:
        """Answer a rating of a course of yours, or change what you answered."""
        row = get_object_or_404(Rating.objects.answerable_by(request.user), pk=pk)
        told = RatingReplySerializer(data=request.data)
        told.is_valid(raise_exception=True)
        return Response(RatingReplySerializer(rating.reply(row, by=request.user, **told.validated_data)).data)


urlpatterns = [
    path("courses/<slug:slug>/ratings/", Ratings.as_view(), name="api-ratings"),
    path("courses/<slug:slug>/rating/", OwnRating.as_view(), name="api-own-rating"),
    path("ratings/<int:pk>/helpful/", HelpfulRating.as_view(), name="api-helpful-rating"),
    path("studio/ratings/<int:pk>/reply/", ReplyToRating.as_view(), name="api-reply-to-rating"),
]
