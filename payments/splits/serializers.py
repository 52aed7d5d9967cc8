"""Shapes of shared courses in the API."""

from rest_framework import serializers

from courses.models import Course
from creators.models import Creator

from ..models import CourseSplit, SplitLine
from ..models.course_split import MOST, WHOLE
from .forms import ANSWERS


class SplitLineSerializer(serializers.ModelSerializer):
    creator = serializers.CharField(source="creator.slug")

    class Meta:
        model = SplitLine
        fields = ["creator", "bps", "accepted_at", "declined_at"]
        read_only_fields = fields


class SplitSerializer(serializers.ModelSerializer):
    course = serializers.CharField(source="course.slug")
    creator = serializers.CharField(source="course.creator.slug", help_text="The course's creator.")
    creator_bps = serializers.IntegerField(source="own_bps", help_text="What is left for her.")
    lines = SplitLineSerializer(many=True)

    class Meta:
        model = CourseSplit
        fields = [
            "id", "course", "creator", "creator_bps", "lines", "made_at", "starts_at", "agreed_at", "holds_from",
            "closed_at",
        ]  # fmt: skip
        read_only_fields = fields


class PartSerializer(serializers.Serializer):
    creator = serializers.SlugRelatedField("slug", queryset=Creator.objects.visible())
    bps = serializers.IntegerField(min_value=1, max_value=WHOLE, help_text="Of the creators' side.")


class ProposeSplitSerializer(serializers.Serializer):
    course = serializers.SlugRelatedField("slug", queryset=Course.objects.select_related("creator"))
    parts = PartSerializer(many=True, max_length=MOST, help_text="Empty: nobody shares in it any more.")
    starts_at = serializers.DateTimeField(required=False, allow_null=True)


class AnswerSplitSerializer(serializers.Serializer):
    answer = serializers.ChoiceField(choices=[(word, word) for word in ANSWERS])
