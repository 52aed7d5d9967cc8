"""Shapes of quizzes and review for learners. Nothing of what is right is in here before an attempt is closed."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from courses.models import Attachment
from courses.quizzes import grading
from courses.quizzes.grading import Graded

from .attempts import Standing
from .models import QuizAttempt

ANSWER = {
    "nullable": True,
    "oneOf": [{"type": "string", "maxLength": 2000}, {"type": "array", "items": {"type": "string"}}],
    "description": "an option's id; ids, all in their order for an order; numbers of lines; or a text. null: no answer",
}


@extend_schema_field(ANSWER)
class AnswerField(serializers.JSONField):
    pass


class LessonFileSerializer(serializers.ModelSerializer):
    url = serializers.SerializerMethodField()

    class Meta:
        model = Attachment
        fields = ["key", "name", "media_type", "size", "sha256", "url"]
        read_only_fields = fields

    def get_url(self, row: Attachment) -> str:
        address = reverse("learners:file", args=[row.lesson.key, row.key])
        return self.context["request"].build_absolute_uri(address)


class AskedOptionSerializer(serializers.Serializer):
    id = serializers.CharField()
    text = serializers.CharField()


class AskedQuestionSerializer(serializers.Serializer):
    """A question as it is asked: without what is right."""

    id = serializers.UUIDField()
    kind = serializers.CharField(help_text="single, multiple, number, text, order, lines or output")
    text = serializers.CharField(help_text="Markdown")
    code = serializers.CharField()
    points = serializers.IntegerField()
    options = AskedOptionSerializer(many=True)


class KeySerializer(serializers.Serializer):
    """What was right in one question, and why."""

    question = serializers.CharField(source="question.id")
    given = AnswerField(source="answer")
    share = serializers.FloatField(help_text="how much of it was right, from 0 to 1")
    right = serializers.SerializerMethodField()
    explanation = serializers.CharField(source="question.explanation", help_text="Markdown")
    why = serializers.SerializerMethodField(help_text="explanations by the option's id")

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_right(self, item: Graded) -> list[str]:
        return item.question.right

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_why(self, item: Graded) -> dict[str, str]:
        return {option.id: option.explanation for option in item.question.options if option.explanation}


class ResultSerializer(serializers.Serializer):
    ending = serializers.CharField(help_text="submitted or timed_out")
    closed_at = serializers.DateTimeField()
    percent = serializers.IntegerField()
    passed = serializers.BooleanField()


class AttemptSerializer(serializers.ModelSerializer):
    """An attempt; questions and answers so far while it is open, the result afterwards."""

    version = serializers.IntegerField(source="lesson.version.number", read_only=True)
    questions = serializers.SerializerMethodField()
    answers = serializers.SerializerMethodField(help_text="by question id")
    result = serializers.SerializerMethodField()

    class Meta:
        model = QuizAttempt
        fields = ["id", "number", "version", "started_at", "due_at", "questions", "answers", "result"]
        read_only_fields = fields

    @extend_schema_field(AskedQuestionSerializer(many=True))
    def get_questions(self, attempt: QuizAttempt) -> Any:
        return AskedQuestionSerializer(attempt.shown_questions, many=True).data

    @extend_schema_field(serializers.DictField(child=AnswerField()))
    def get_answers(self, attempt: QuizAttempt) -> dict[str, Any]:
        return attempt.answers.given if attempt.is_open else attempt.result.answers

    @extend_schema_field(ResultSerializer(allow_null=True))
    def get_result(self, attempt: QuizAttempt) -> dict[str, Any] | None:
        return None if attempt.is_open else ResultSerializer(attempt.result).data


class AttemptDetailSerializer(AttemptSerializer):
    """With what was right, once that may be seen (null before)."""

    key = serializers.SerializerMethodField()

    class Meta(AttemptSerializer.Meta):
        fields = [*AttemptSerializer.Meta.fields, "key"]
        read_only_fields = fields

    @extend_schema_field(KeySerializer(many=True, allow_null=True))
    def get_key(self, attempt: QuizAttempt) -> Any:
        if attempt.is_open or not self.context["standing"].reveals:
            return None
        return KeySerializer(grading.grade(attempt.questions, attempt.result.answers).items, many=True).data


class StandingOfQuizSerializer(serializers.Serializer):
    """The rules of a quiz, and where you are with it."""

    intro = serializers.CharField(source="quiz.intro", help_text="Markdown")
    asked = serializers.IntegerField(source="quiz.asked", help_text="questions an attempt asks")
    pass_percent = serializers.IntegerField(source="quiz.pass_percent")
    attempts_allowed = serializers.IntegerField(source="quiz.attempts", allow_null=True)
    attempts_left = serializers.IntegerField(source="left", allow_null=True)
    wait_minutes = serializers.IntegerField(source="quiz.wait_minutes")
    limit_minutes = serializers.IntegerField(source="quiz.limit_minutes", allow_null=True)
    is_passed = serializers.BooleanField()
    best_percent = serializers.IntegerField(source="best", allow_null=True)
    may_start = serializers.BooleanField()
    starts_at = serializers.DateTimeField(allow_null=True)
    attempts = AttemptSerializer(many=True)


class AnswersSerializer(serializers.Serializer):
    answers = serializers.DictField(
        child=AnswerField(allow_null=True), required=False, default=dict,
        help_text="by question id; what is not named stays as it was",
    )  # fmt: skip


class SavedSerializer(serializers.Serializer):
    saved_at = serializers.DateTimeField()
    answered = serializers.IntegerField(help_text="questions with an answer")


class DueSerializer(serializers.Serializer):
    """A question that is due for review."""

    card = serializers.IntegerField(source="card.pk")
    answers_seen = serializers.IntegerField(source="card.answers", help_text="send it back with the answer")
    due_at = serializers.DateTimeField(source="card.due_at")
    course = serializers.SlugField(source="lesson.version.course.slug")
    lesson = serializers.UUIDField(source="lesson.key")
    question = AskedQuestionSerializer(source="shown")


class ReviewAnswerSerializer(serializers.Serializer):
    card = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    answers_seen = serializers.IntegerField(min_value=0, max_value=2**31 - 1)
    answer = AnswerField(allow_null=True)


class ReviewedSerializer(serializers.Serializer):
    key = KeySerializer()
    due_at = serializers.DateTimeField(help_text="when it comes back")


class ItemFiguresSerializer(serializers.Serializer):
    question = serializers.UUIDField()
    people = serializers.IntegerField()
    right_share = serializers.FloatField(allow_null=True, help_text="0 to 1; null: fewer than five were right")
    discrimination = serializers.FloatField(allow_null=True, help_text="from -1 to 1; null under ten people")


def standing_told(standing: Standing) -> dict[str, Any]:
    return StandingOfQuizSerializer(standing).data


def saved(attempt: QuizAttempt) -> dict[str, Any]:
    at = attempt.answers.saved_at or timezone.now()
    return SavedSerializer({"saved_at": at, "answered": len(attempt.answers.given)}).data


def reviewed(item: Graded, due_at: Any) -> dict[str, Any]:
    return ReviewedSerializer({"key": item, "due_at": due_at}).data
