"""The shapes of quizzes, files and pictures that creators send and get."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from courses.models import Attachment, Lesson, Picture
from courses.quizzes import completeness
from courses.quizzes.shape import KIND_LABELS, REVEAL_LABELS, Question, Quiz


class OptionSerializer(serializers.Serializer):
    """For an order, options stand as they should, and `is_right` says nothing."""

    id = serializers.CharField(required=False, allow_blank=True, max_length=8, help_text="kept when it is sent")
    text = serializers.CharField(max_length=500, allow_blank=True)
    is_right = serializers.BooleanField(required=False, default=False)
    explanation = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class QuestionChangesSerializer(serializers.Serializer):
    text = serializers.CharField(max_length=4000, required=False, allow_blank=True, help_text="Markdown")
    code = serializers.CharField(max_length=8000, required=False, allow_blank=True, trim_whitespace=False)
    language = serializers.CharField(max_length=60, required=False, allow_blank=True)
    pool = serializers.CharField(max_length=60, required=False, allow_blank=True)
    points = serializers.IntegerField(min_value=1, max_value=20, required=False)
    explanation = serializers.CharField(max_length=4000, required=False, allow_blank=True, help_text="Markdown")
    options = OptionSerializer(many=True, required=False, max_length=15)
    number = serializers.CharField(max_length=60, required=False, allow_blank=True)
    tolerance = serializers.CharField(max_length=60, required=False, allow_blank=True)
    accepted = serializers.ListField(
        child=serializers.CharField(max_length=500, allow_blank=True), required=False, max_length=20
    )
    lines = serializers.CharField(
        max_length=500, required=False, allow_blank=True, help_text="numbers of the code's right lines: 3, 5-7"
    )
    output = serializers.CharField(
        max_length=2000, required=False, allow_blank=True, trim_whitespace=False, help_text="what the code prints"
    )
    revision = serializers.IntegerField(
        min_value=0, max_value=2**31 - 1, required=False, help_text="the lesson's; refused when somebody edited since"
    )


class NewQuestionSerializer(QuestionChangesSerializer):
    kind = serializers.ChoiceField(choices=[(kind.value, label) for kind, label in KIND_LABELS.items()])


class QuestionSerializer(serializers.Serializer):
    """A question with its answers, for who writes it."""

    id = serializers.CharField()
    kind = serializers.CharField()
    text = serializers.CharField()
    code = serializers.CharField()
    language = serializers.CharField()
    pool = serializers.CharField()
    points = serializers.IntegerField()
    explanation = serializers.CharField()
    options = OptionSerializer(many=True)
    number = serializers.CharField()
    tolerance = serializers.CharField()
    accepted = serializers.ListField(child=serializers.CharField())
    lines = serializers.CharField()
    output = serializers.CharField()


class SavedQuestionSerializer(QuestionSerializer):
    revision = serializers.IntegerField()


class DrawSerializer(serializers.Serializer):
    pool = serializers.CharField(max_length=60)
    n = serializers.IntegerField(min_value=1, max_value=100)


class QuizRulesSerializer(serializers.Serializer):
    title = serializers.CharField(max_length=120, required=False)
    intro = serializers.CharField(max_length=4000, required=False, allow_blank=True, help_text="Markdown")
    pass_percent = serializers.IntegerField(min_value=1, max_value=100, required=False)
    attempts = serializers.IntegerField(min_value=1, max_value=100, required=False, allow_null=True)
    wait_minutes = serializers.IntegerField(min_value=0, max_value=43_200, required=False)
    limit_minutes = serializers.IntegerField(min_value=1, max_value=600, required=False, allow_null=True)
    reveal = serializers.ChoiceField(
        choices=[(when.value, label) for when, label in REVEAL_LABELS.items()], required=False
    )
    shuffle = serializers.BooleanField(required=False)
    draws = DrawSerializer(many=True, required=False, max_length=100)
    revision = serializers.IntegerField(min_value=0, max_value=2**31 - 1, required=False)

    def validate_draws(self, rows: list[dict[str, Any]]) -> dict[str, int]:
        return {row["pool"]: row["n"] for row in rows}


class QuizSerializer(serializers.Serializer):
    """The quiz of a lesson as its creator has it: rules, questions and what it still lacks."""

    title = serializers.CharField()
    revision = serializers.IntegerField()
    rules = serializers.SerializerMethodField()
    questions = QuestionSerializer(source="questions.questions", many=True)
    lacks = serializers.SerializerMethodField(help_text="by the question's id; empty when it can be taken")

    @extend_schema_field(QuizRulesSerializer)
    def get_rules(self, lesson: Lesson) -> dict[str, Any]:
        quiz = lesson.questions
        told = {name: getattr(quiz, name) for name in Quiz.SETTINGS}
        return {**told, "reveal": quiz.reveal.value, "draws": [{"pool": p, "n": n} for p, n in quiz.draws.items()]}

    @extend_schema_field(serializers.DictField(child=serializers.ListField(child=serializers.CharField())))
    def get_lacks(self, lesson: Lesson) -> dict[str, list[str]]:
        return {key: [str(each) for each in lines] for key, lines in completeness.lacks(lesson.questions).items()}


class DirectionSerializer(serializers.Serializer):
    direction = serializers.ChoiceField(choices=["up", "down"])


class AttachmentSerializer(serializers.ModelSerializer):
    class Meta:
        model = Attachment
        fields = ["id", "key", "name", "media_type", "size", "sha256"]
        read_only_fields = fields


class FileUploadSerializer(serializers.Serializer):
    file = serializers.FileField()


class PictureSerializer(serializers.ModelSerializer):
    markdown = serializers.CharField(help_text="what to write in the text")

    class Meta:
        model = Picture
        fields = ["id", "name", "width", "height", "markdown"]
        read_only_fields = fields


class PictureUploadSerializer(serializers.Serializer):
    picture = serializers.FileField()


def question_told(question: Question, revision: int) -> dict[str, Any]:
    return SavedQuestionSerializer({**QuestionSerializer(question).data, "revision": revision}).data
