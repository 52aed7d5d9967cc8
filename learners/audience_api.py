"""The audience of the person's own courses, over the API."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from courses.api.studio.courses import StudioView

from . import audience_shown


class AudienceStepSerializer(serializers.Serializer):
    start_s = serializers.IntegerField()
    end_s = serializers.IntegerField()
    seen = serializers.IntegerField(allow_null=True, help_text="learners who saw some second of it; null: under five")
    percent = serializers.IntegerField(allow_null=True, help_text="of those who began the lesson")
    again = serializers.IntegerField(allow_null=True, help_text="plays beyond each learner's first; null: under five")


class AudiencePeakSerializer(serializers.Serializer):
    start_s = serializers.IntegerField()
    end_s = serializers.IntegerField()
    again = serializers.IntegerField()


class LessonAudienceSerializer(serializers.Serializer):
    key = serializers.UUIDField(source="lesson.key")
    title = serializers.CharField(source="lesson.title")
    started = serializers.IntegerField(allow_null=True, help_text="null: fewer than five people")
    finished = serializers.IntegerField(allow_null=True, help_text="null: fewer than five people")
    percent = serializers.IntegerField(allow_null=True)
    is_biggest_fall = serializers.BooleanField(help_text="more people stop before this lesson than before any other")
    steps = AudienceStepSerializer(many=True)
    peaks = AudiencePeakSerializer(many=True)


class AudienceCohortSerializer(serializers.Serializer):
    month = serializers.DateField()
    enrolled = serializers.IntegerField(allow_null=True, help_text="null: fewer than five people")
    begun = serializers.IntegerField(allow_null=True, help_text="null: fewer than five people")
    finished = serializers.IntegerField(allow_null=True, help_text="null: fewer than five people")
    percent = serializers.IntegerField(allow_null=True)


class AudienceItemSerializer(serializers.Serializer):
    lesson = serializers.UUIDField(source="lesson.key")
    question = serializers.UUIDField(source="question.id")
    text = serializers.CharField(source="question.text")
    people = serializers.IntegerField(source="figures.people", help_text="first attempts; five at least")
    right_share = serializers.FloatField(
        source="figures.right_share", allow_null=True, help_text="0 to 1; null: fewer than five were right"
    )
    discrimination = serializers.FloatField(
        source="figures.discrimination", allow_null=True, help_text="with the rest of the quiz, -1 to 1; null under ten"
    )
    is_doubtful = serializers.BooleanField(source="figures.is_doubtful")


class CourseAudienceSerializer(serializers.Serializer):
    computed_at = serializers.DateTimeField(allow_null=True)
    lessons = LessonAudienceSerializer(many=True)
    items = AudienceItemSerializer(many=True)
    cohorts = AudienceCohortSerializer(many=True)


class CourseAudience(StudioView):
    """How your course is watched: each film part by part, each lesson, each month's learners."""

    @extend_schema(responses={200: CourseAudienceSerializer})
    def get(self, request: Request, **kwargs: Any) -> Response:
        return Response(CourseAudienceSerializer(audience_shown.of(self.course())).data)
