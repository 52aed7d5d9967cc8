"""One's weekly goal over the API."""

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import permissions, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from . import goal
from .models import WeeklyGoal
from .models.goal import LEAST, MOST


class WeekSerializer(serializers.Serializer):
    goal_minutes = serializers.IntegerField()
    seconds = serializers.IntegerField(help_text="of film, in the week that runs in your time zone, from Monday on")
    is_reached = serializers.BooleanField()
    streak = serializers.IntegerField(
        help_text="weeks in a row, each by the goal that stood when it ended; this one counts once it has reached it"
    )


class SetGoalSerializer(serializers.Serializer):
    minutes = serializers.IntegerField(min_value=LEAST, max_value=MOST, help_text="of film a week")


class Goal(APIView):
    """Your weekly goal and how far you are. Without one: 204."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(responses={200: WeekSerializer, 204: None})
    def get(self, request: Request) -> Response:
        week = goal.of(request.user)
        return Response(WeekSerializer(week).data) if week else Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=SetGoalSerializer, responses={200: WeekSerializer})
    def put(self, request: Request) -> Response:
        asked = SetGoalSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        WeeklyGoal.objects.put(request.user, asked.validated_data["minutes"])
        return Response(WeekSerializer(goal.of(request.user)).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request) -> Response:
        WeeklyGoal.objects.filter(learner=request.user).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


urlpatterns = [path("me/goal/", Goal.as_view(), name="api-goal")]
