"""The shapes of assignments that creators send and get; learners get the same rubric."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from courses.assignments import completeness
from courses.assignments.shape import ANSWER_LABELS, REVIEWING_LABELS, Assignment, Criterion
from courses.models import Lesson


class PointsField(serializers.IntegerField):
    """An empty cell of the studio's table is no points."""

    def to_internal_value(self, data: Any) -> int:
        return 0 if data == "" else super().to_internal_value(data)


class RubricLevelSerializer(serializers.Serializer):
    id = serializers.CharField(required=False, allow_blank=True, max_length=8, help_text="kept when it is sent")
    title = serializers.CharField(max_length=120, allow_blank=True)
    points = PointsField(min_value=0, max_value=100, required=False, default=0)
    text = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class CriterionChangesSerializer(serializers.Serializer):
    title = serializers.CharField(max_length=120, required=False, allow_blank=True)
    text = serializers.CharField(max_length=2000, required=False, allow_blank=True, help_text="Markdown")
    levels = RubricLevelSerializer(many=True, required=False, max_length=12)
    revision = serializers.IntegerField(
        min_value=0, max_value=2**31 - 1, required=False, help_text="the lesson's; refused when somebody edited since"
    )


class CriterionSerializer(serializers.Serializer):
    id = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField(help_text="Markdown")
    most = serializers.IntegerField(help_text="points of its best level")
    levels = RubricLevelSerializer(many=True)


class SavedCriterionSerializer(CriterionSerializer):
    revision = serializers.IntegerField()


class AssignmentRulesSerializer(serializers.Serializer):
    title = serializers.CharField(max_length=120, required=False)
    task = serializers.CharField(max_length=20_000, required=False, allow_blank=True, help_text="Markdown")
    answer = serializers.ChoiceField(
        choices=[(each.value, label) for each, label in ANSWER_LABELS.items()], required=False
    )
    most_files = serializers.IntegerField(min_value=1, max_value=10, required=False)
    most_mb = serializers.IntegerField(min_value=1, max_value=100, required=False)
    endings = serializers.ListField(
        child=serializers.CharField(max_length=12), required=False, max_length=40, help_text="empty: all kinds"
    )
    reviewing = serializers.ChoiceField(
        choices=[(each.value, label) for each, label in REVIEWING_LABELS.items()], required=False
    )
    own_reviews = serializers.IntegerField(min_value=0, max_value=10, required=False)
    fallback_days = serializers.IntegerField(min_value=1, max_value=60, required=False)
    due_days = serializers.IntegerField(min_value=1, max_value=730, required=False, allow_null=True)
    attempts = serializers.IntegerField(min_value=1, max_value=20, required=False, allow_null=True)
    pass_percent = serializers.IntegerField(min_value=1, max_value=100, required=False)
    revision = serializers.IntegerField(min_value=0, max_value=2**31 - 1, required=False)


class AssignmentSerializer(serializers.Serializer):
    """The assignment of a lesson as its creator has it."""

    title = serializers.CharField()
    revision = serializers.IntegerField()
    rules = serializers.SerializerMethodField()
    criteria = CriterionSerializer(source="assigned.criteria", many=True)
    lacks = serializers.SerializerMethodField(help_text="by the criterion's id; empty when it can be done")

    @extend_schema_field(AssignmentRulesSerializer)
    def get_rules(self, lesson: Lesson) -> dict[str, Any]:
        return rules_told(lesson.assigned)

    @extend_schema_field(serializers.DictField(child=serializers.ListField(child=serializers.CharField())))
    def get_lacks(self, lesson: Lesson) -> dict[str, list[str]]:
        return {key: [str(each) for each in lines] for key, lines in completeness.lacks(lesson.assigned).items()}


def rules_told(assignment: Assignment) -> dict[str, Any]:
    told = {name: getattr(assignment, name) for name in Assignment.RULES}
    return {
        **told, "answer": assignment.answer.value, "reviewing": assignment.reviewing.value,
        "endings": list(assignment.endings),
    }  # fmt: skip


def criterion_told(criterion: Criterion, revision: int) -> dict[str, Any]:
    return {**CriterionSerializer(criterion).data, "revision": revision}
