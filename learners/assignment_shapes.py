"""Shapes of assignments for learners and their creators. Nobody's name goes from one learner to another."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from courses.api.studio.assignment_shapes import AssignmentRulesSerializer, CriterionSerializer, rules_told

from .assignments import inbox
from .assignments.standing import Standing
from .models import HandIn, HandInDraft, HandInFile, PeerTurn


class LevelByCriterionField(serializers.DictField):
    child = serializers.CharField(max_length=8)


class PointsByCriterionField(serializers.DictField):
    child = serializers.IntegerField()


class HandInFileSerializer(serializers.ModelSerializer):
    """`url` gives the file to who may open it; peers get it under a number instead of its name."""

    name = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()

    class Meta:
        model = HandInFile
        fields = ["key", "name", "media_type", "size", "sha256", "url"]
        read_only_fields = fields

    def get_name(self, row: HandInFile) -> str:
        return f"{row.key}.{row.ending}" if self.context.get("is_blind") else row.name

    def get_url(self, row: HandInFile) -> str:
        return self.context["request"].build_absolute_uri(reverse("learners:hand_in_file", args=[row.key]))


class HandInDraftSerializer(serializers.ModelSerializer):
    files = HandInFileSerializer(many=True)

    class Meta:
        model = HandInDraft
        fields = ["text", "saved_at", "files"]
        read_only_fields = fields


class OutcomeSerializer(serializers.Serializer):
    by = serializers.SerializerMethodField(help_text="peers, creator, or ruling: the answer to an appeal")
    points = PointsByCriterionField(help_text="peers: medians")
    percent = serializers.IntegerField()
    passed = serializers.BooleanField()

    def get_by(self, outcome: Any) -> str:
        return getattr(outcome, "source", "ruling")


class GivenSerializer(serializers.Serializer):
    """One assessment, without a name."""

    number = serializers.IntegerField()
    marks = LevelByCriterionField(source="assessment.marks")
    text = serializers.CharField(source="assessment.text")
    percent = serializers.IntegerField()


class HandInSerializer(serializers.ModelSerializer):
    """A work. `outcome` and `assessments` once its result may be seen."""

    version = serializers.IntegerField(source="lesson.version.number", read_only=True)
    files = HandInFileSerializer(many=True, read_only=True)
    state = serializers.SerializerMethodField(help_text="with_peers, with_creator, settled (not shown yet) or shown")
    outcome = serializers.SerializerMethodField()
    assessments = serializers.SerializerMethodField()
    appeal = serializers.SerializerMethodField(help_text="what was objected, or null")
    ruling = serializers.SerializerMethodField(help_text="the creator's reasons, or null")

    class Meta:
        model = HandIn
        fields = [
            "id", "number", "version", "handed_in_at", "is_late", "text", "files", "state", "outcome", "assessments",
            "appeal", "ruling",
        ]  # fmt: skip
        read_only_fields = fields

    def is_open(self, work: HandIn) -> bool:
        return work.is_shown

    def get_state(self, work: HandIn) -> str:
        if work.handling.settled_at:
            return "shown" if work.is_shown else "settled"
        return "with_creator" if work.handling.to_creator_at else "with_peers"

    @extend_schema_field(OutcomeSerializer(allow_null=True))
    def get_outcome(self, work: HandIn) -> Any:
        return OutcomeSerializer(work.outcome).data if self.is_open(work) and work.outcome else None

    @extend_schema_field(GivenSerializer(many=True))
    def get_assessments(self, work: HandIn) -> Any:
        return GivenSerializer(inbox.given(work), many=True).data if self.is_open(work) else []

    def get_appeal(self, work: HandIn) -> str | None:
        return getattr(getattr(work, "appeal", None), "text", None)

    def get_ruling(self, work: HandIn) -> str | None:
        return getattr(getattr(getattr(work, "appeal", None), "ruling", None), "text", None)


class ReceivedSerializer(HandInSerializer):
    """A work as its creator sees it: with its maker's name, and all marks at once."""

    learner = serializers.CharField(source="learner.name", read_only=True)
    course = serializers.SlugField(source="lesson.version.course.slug", read_only=True)
    lesson = serializers.UUIDField(source="lesson_key", read_only=True)
    has_appeal = serializers.SerializerMethodField(help_text="an appeal waits for its answer")
    criteria = CriterionSerializer(source="assignment.criteria", many=True, read_only=True)

    class Meta(HandInSerializer.Meta):
        fields = [*HandInSerializer.Meta.fields, "learner", "course", "lesson", "has_appeal", "criteria"]
        read_only_fields = fields

    def is_open(self, work: HandIn) -> bool:
        return True

    def get_has_appeal(self, work: HandIn) -> bool:
        appeal = getattr(work, "appeal", None)
        return appeal is not None and getattr(appeal, "ruling", None) is None


class PeerWorkSerializer(serializers.ModelSerializer):
    """The work of another that you have before you."""

    task = serializers.CharField(source="hand_in.assignment.task", help_text="Markdown")
    criteria = CriterionSerializer(source="hand_in.assignment.criteria", many=True)
    text = serializers.CharField(source="hand_in.text", help_text="Markdown")
    files = serializers.SerializerMethodField()

    class Meta:
        model = PeerTurn
        fields = ["id", "due_at", "task", "criteria", "text", "files"]
        read_only_fields = fields

    @extend_schema_field(HandInFileSerializer(many=True))
    def get_files(self, turn: PeerTurn) -> Any:
        context = {**self.context, "is_blind": True}
        return HandInFileSerializer(turn.hand_in.files.all(), many=True, context=context).data


class StandingOfAssignmentSerializer(serializers.Serializer):
    """The task with its rules and rubric, and where you are with it."""

    rules = serializers.SerializerMethodField()
    criteria = CriterionSerializer(source="assignment.criteria", many=True)
    may_hand_in = serializers.BooleanField()
    hand_ins_left = serializers.IntegerField(source="left", allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    is_passed = serializers.BooleanField()
    best_percent = serializers.IntegerField(source="best", allow_null=True)
    reviews_given = serializers.IntegerField(source="given")
    reviews_owed = serializers.IntegerField(source="owed", help_text="before you see the result that waits")
    may_review = serializers.BooleanField()
    review = serializers.IntegerField(source="turn.pk", default=None, allow_null=True, help_text="one that is open")
    draft = HandInDraftSerializer(allow_null=True)
    hand_ins = HandInSerializer(many=True)

    @extend_schema_field(AssignmentRulesSerializer)
    def get_rules(self, here: Standing) -> dict[str, Any]:
        return rules_told(here.assignment)


class DraftTextSerializer(serializers.Serializer):
    text = serializers.CharField(max_length=50_000, allow_blank=True, trim_whitespace=False)


class HandInTextSerializer(serializers.Serializer):
    text = serializers.CharField(
        max_length=50_000, required=False, allow_blank=True, trim_whitespace=False, help_text="written into the draft"
    )


class HandInUploadSerializer(serializers.Serializer):
    file = serializers.FileField(max_length=255)


class MarksSerializer(serializers.Serializer):
    marks = LevelByCriterionField(help_text="a level's id by the criterion's, for each criterion")
    text = serializers.CharField(max_length=5_000, help_text="what is good, and what to do better")


class ObjectionSerializer(serializers.Serializer):
    text = serializers.CharField(max_length=5_000)


class GivenReviewSerializer(serializers.Serializer):
    given_at = serializers.DateTimeField()


def standing_told(here: Standing, request: Any) -> dict[str, Any]:
    return StandingOfAssignmentSerializer(here, context={"request": request}).data
