"""What learners look for, over the API, for creators."""

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from creators.permissions import IsCreator

from . import demand, wanted
from .models.demand import FEWEST_PEOPLE


class TopicSerializer(serializers.Serializer):
    words = serializers.CharField()
    people = serializers.IntegerField(help_text="in the fullest week of those shown")
    searches = serializers.IntegerField()
    courses = serializers.IntegerField(help_text="that answered well when it was last asked")


class DemandSerializer(serializers.Serializer):
    weeks = serializers.IntegerField(help_text="So many past weeks are counted.")
    fewest_people = serializers.IntegerField(help_text="What fewer people looked for is not told.")
    unanswered = TopicSerializer(
        many=True,
        help_text="No course on sale answered them well: those that are out of date, those under three stars and those"
        " of which only a film has the words do not count.",
    )
    few_courses = TopicSerializer(many=True, help_text="Few good courses for so many who look.")


class DemandView(APIView):
    permission_classes = [IsCreator]

    @extend_schema(responses=DemandSerializer, operation_id="studio_demand")
    def get(self, request: Request) -> Response:
        """Topics that have room: without a good answer, and with few good courses for many who search."""
        unanswered, few = wanted.topics()
        told = {"weeks": demand.WEEKS_SHOWN, "fewest_people": FEWEST_PEOPLE}
        return Response(DemandSerializer({**told, "unanswered": unanswered, "few_courses": few}).data)


urlpatterns = [path("studio/demand/", DemandView.as_view(), name="api-studio-demand")]
