"""Matching over the API: the same list with the same reasons, the same switches."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import permissions, serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from courses.models import Category, Course
from courses.serializers import CourseSerializer
from creators.models import Creator
from discovery.forms import SWITCHES
from discovery.models import Dismissal, Exposure, Follow, Taste
from discovery.models.attention import DAYS_GRANTED, LOOKS_GRANTED
from marketplace.lib.rest import Cursor

from . import explained


class MatchPartSerializer(serializers.Serializer):
    text = serializers.CharField()
    amount = serializers.FloatField()


class MatchSerializer(serializers.Serializer):
    """A course with the parts of its score; they add up to it."""

    course = CourseSerializer()
    why = serializers.CharField()
    score = serializers.FloatField()
    parts = MatchPartSerializer(many=True)
    is_look = serializers.BooleanField(help_text="Its place is one of those that new courses are granted.")


class TasteSerializer(serializers.Serializer):
    goals = serializers.SlugRelatedField("slug", queryset=Category.objects.all(), many=True)
    uses_goals = serializers.BooleanField()
    uses_history = serializers.BooleanField(help_text="Courses that you have are left out in any case.")
    uses_skills = serializers.BooleanField(
        required=False,
        help_text="What courses of yours teach; only together with uses_history. Left out, it stays as it is.",
    )
    uses_follows = serializers.BooleanField()
    uses_language = serializers.BooleanField(required=False, help_text="Left out, it stays as it is.")
    uses_popularity = serializers.BooleanField()


class ExposureSerializer(serializers.Serializer):
    """Of the last four weeks. A look counts once a person, course and day. While there is none, `gini` and the shares
    of looks are null and the curve is empty.
    """

    day = serializers.DateField()
    reckoned_at = serializers.DateTimeField()
    gini = serializers.FloatField(
        source="evenness", allow_null=True, help_text="0: all courses were shown alike; towards 1: one had everything."
    )
    looks = serializers.IntegerField()
    lower_half_share = serializers.FloatField(
        allow_null=True, help_text="The share of looks at the less shown half of courses."
    )
    new_share = serializers.FloatField(allow_null=True, help_text="The share of looks at courses in their first days.")
    curve = serializers.ListField(
        source="known_curve",
        child=serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2),
        help_text="Points of Lorenz's curve: the share of courses, the share of looks that they had.",
    )
    looks_granted = serializers.IntegerField(default=LOOKS_GRANTED)
    days_granted = serializers.IntegerField(default=DAYS_GRANTED)
    courses_ended = serializers.IntegerField(help_text="New courses whose first days ended in the last ones.")
    courses_had = serializers.IntegerField(help_text="Those of them that had the looks they are granted.")
    courses_share = serializers.FloatField(allow_null=True)
    creators_ended = serializers.IntegerField(help_text="Those of them that were their creator's first.")
    creators_had = serializers.IntegerField()
    creators_share = serializers.FloatField(allow_null=True)


class ExposureView(APIView):
    permission_classes = [permissions.AllowAny]

    @extend_schema(
        operation_id="exposure_read",
        summary="How evenly courses are shown, and what new ones had",
        responses={200: ExposureSerializer, 404: OpenApiResponse(description="Nothing has been reckoned yet.")},
    )
    def get(self, request: Request) -> Response:
        figures = Exposure.objects.latest_one()
        if figures is None:
            raise Http404
        return Response(ExposureSerializer(figures).data)


class ForYou(APIView):
    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(
        operation_id="matches_list", summary="Courses for you, with reasons", responses=MatchSerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        return Response(MatchSerializer(explained.cards(request.user), many=True, context={"request": request}).data)


class TasteView(APIView):
    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(operation_id="taste_read", summary="What matching may use", responses=TasteSerializer)
    def get(self, request: Request) -> Response:
        return Response(_shown(Taste.objects.of(request.user)))

    @extend_schema(
        operation_id="taste_write",
        summary="Choose what matching may use",
        request=TasteSerializer,
        responses=TasteSerializer,
    )
    def put(self, request: Request) -> Response:
        asked = TasteSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        switches = {name: asked.validated_data[name] for name in SWITCHES if name in asked.validated_data}
        Taste.objects.of(request.user).choose(switches, asked.validated_data["goals"])
        return Response(_shown(Taste.objects.of(request.user)))


class DismissedSerializer(serializers.Serializer):
    slug = serializers.CharField(source="course.slug")
    title = serializers.CharField(allow_blank=True, help_text="Empty while the course is not on sale.")
    dismissed_at = serializers.DateTimeField()


class FollowedSerializer(serializers.Serializer):
    slug = serializers.CharField(source="creator.slug")
    name = serializers.CharField(allow_blank=True, help_text="Empty while the creator is suspended.")
    followed_at = serializers.DateTimeField()


class OwnList(ListAPIView):
    """What the reader has chosen, page by page."""

    permission_classes = [permissions.IsAuthenticated]
    pagination_class = Cursor
    filter_backends: list[Any] = []


@extend_schema_view(get=extend_schema(operation_id="match_dismissed_list", summary="What you are not interested in"))
class DismissedList(OwnList):
    serializer_class = DismissedSerializer
    queryset = Dismissal.objects.none()

    def get_queryset(self) -> QuerySet[Dismissal]:
        return Dismissal.objects.listed_for(self.request.user)


@extend_schema_view(get=extend_schema(operation_id="followed_list", summary="Creators that you follow"))
class FollowedList(OwnList):
    serializer_class = FollowedSerializer
    queryset = Follow.objects.none()

    def get_queryset(self) -> QuerySet[Follow]:
        return Follow.objects.listed_for(self.request.user)


class Dismissed(APIView):
    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(
        operation_id="match_dismiss", summary="Not interested in this course", request=None, responses={204: None}
    )
    def put(self, request: Request, slug: str) -> Response:
        Dismissal.objects.dismiss(request.user, get_object_or_404(Course.objects.listed(), slug=slug))
        return Response(status=204)

    @extend_schema(operation_id="match_bring_back", summary="Interested again", responses={204: None})
    def delete(self, request: Request, slug: str) -> Response:
        Dismissal.objects.bring_back(request.user, slug)
        return Response(status=204)


class Followed(APIView):
    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(operation_id="creator_follow", summary="Follow a creator", request=None, responses={204: None})
    def put(self, request: Request, slug: str) -> Response:
        Follow.objects.follow(request.user, get_object_or_404(Creator.objects.visible(), slug=slug))
        return Response(status=204)

    @extend_schema(operation_id="creator_unfollow", summary="No longer follow a creator", responses={204: None})
    def delete(self, request: Request, slug: str) -> Response:
        Follow.objects.unfollow(request.user, get_object_or_404(Creator, slug=slug))
        return Response(status=204)


def _shown(taste: Taste) -> Any:
    goals = Category.objects.filter(pk__in=taste.goal_ids())
    return TasteSerializer({"goals": goals, **{name: getattr(taste, name) for name in SWITCHES}}).data


urlpatterns = [
    path("exposure/", ExposureView.as_view(), name="api-exposure"),
    path("for-you/", ForYou.as_view(), name="api-for-you"),
    path("for-you/taste/", TasteView.as_view(), name="api-taste"),
    path("for-you/dismissed/", DismissedList.as_view(), name="api-dismissed-list"),
    path("for-you/followed/", FollowedList.as_view(), name="api-followed-list"),
    path("for-you/dismissed/<slug:slug>/", Dismissed.as_view(), name="api-dismissed"),
    path("creators/<slug:slug>/follow/", Followed.as_view(), name="api-follow"),
]
