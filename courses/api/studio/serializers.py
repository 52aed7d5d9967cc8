"""The shapes that creators send and get."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from courses.models import Category, Course, Decision, Finding, Lesson, Section, Submission, Version
from courses.models.course import Language, Level
from marketplace.lib.asked import number
from marketplace.lib.rest import MoneyField
from videos.models import Video


class CategoryField(serializers.SlugRelatedField):
    """A category by its slug; its number is taken as well, since the studio's own form has it."""

    def to_internal_value(self, data: Any) -> Category:
        if (pk := number(str(data))) is not None:
            category = self.get_queryset().filter(pk=pk).first()
            if category is not None:
                return category
        return super().to_internal_value(data)


class OwnVideoField(serializers.PrimaryKeyRelatedField):
    """A film of the person who asks, by its id."""

    def get_queryset(self) -> Any:
        return Video.objects.owned_by(self.context["request"].user).kept()


class StartSerializer(serializers.Serializer):
    title = serializers.CharField(max_length=120)


class LinesField(serializers.ListField):
    """Short lines; blank ones do not count."""

    child = serializers.CharField(max_length=200, allow_blank=True)


class ChangesSerializer(serializers.Serializer):
    """Any of the draft's fields, with the revision that the writer saw."""

    title = serializers.CharField(max_length=120, required=False)
    subtitle = serializers.CharField(max_length=200, required=False, allow_blank=True)
    description = serializers.CharField(max_length=20_000, required=False, allow_blank=True, trim_whitespace=False)
    outcomes = LinesField(required=False, max_length=60)
    requirements = LinesField(required=False, max_length=60)
    audience = LinesField(required=False, max_length=60)
    level = serializers.ChoiceField(choices=Level.choices, required=False)
    language = serializers.ChoiceField(choices=Language.choices, required=False)
    category = CategoryField(
        slug_field="slug", queryset=Category.objects.all(), required=False, allow_null=True
    )  # fmt: skip
    revision = serializers.IntegerField(min_value=0)


class DraftLessonSerializer(serializers.ModelSerializer):
    class Meta:
        model = Lesson
        fields = ["id", "key", "title", "kind", "article", "is_preview", "duration_s", "video", "revision"]
        read_only_fields = fields


class DraftSectionSerializer(serializers.ModelSerializer):
    lessons = DraftLessonSerializer(many=True, read_only=True)

    class Meta:
        model = Section
        fields = ["id", "title", "lessons"]
        read_only_fields = fields


class FindingSerializer(serializers.ModelSerializer):
    class Meta:
        model = Finding
        fields = ["id", "rule_code", "rule_version", "lesson_key", "at_second", "text"]
        read_only_fields = fields


class DecisionSerializer(serializers.ModelSerializer):
    findings = FindingSerializer(many=True, read_only=True)

    class Meta:
        model = Decision
        fields = ["verdict", "decided_at", "reason", "rubric_version", "findings"]
        read_only_fields = fields


class SubmissionSerializer(serializers.ModelSerializer):
    version = serializers.IntegerField(source="version.number", read_only=True)
    decision = serializers.SerializerMethodField()

    class Meta:
        model = Submission
        fields = ["id", "version", "submitted_at", "withdrawn_at", "note", "decision"]
        read_only_fields = fields

    @extend_schema_field(DecisionSerializer(allow_null=True))
    def get_decision(self, submission: Submission) -> dict[str, Any] | None:
        decision = getattr(submission, "decision", None)
        return DecisionSerializer(decision).data if decision else None


class DraftSerializer(serializers.ModelSerializer):
    """The version that is worked on (or the live one while nothing is), with its tree."""

    category = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    sections = DraftSectionSerializer(many=True, read_only=True)

    class Meta:
        model = Version
        fields = [
            "number", "state", "revision", "title", "subtitle", "description", "outcomes", "requirements", "audience",
            "level", "language", "category", "cover", "lessons_count", "duration_s", "edited_at", "sections",
        ]  # fmt: skip
        read_only_fields = fields


class MyCourseListSerializer(serializers.ModelSerializer):
    price = MoneyField(read_only=True)
    state = serializers.SerializerMethodField(help_text="of the version that is worked on, or live")

    class Meta:
        model = Course
        fields = ["id", "slug", "title", "state", "price", "is_taken_down", "learners_count", "lessons_count"]
        read_only_fields = fields

    def get_state(self, course: Course) -> str:
        working = next(iter(course.working), None)
        return working.state if working else "live"


class MyCourseSerializer(serializers.ModelSerializer):
    price = MoneyField(read_only=True)
    suggested_price = MoneyField(source="suggested", read_only=True, allow_null=True)
    is_on_sale = serializers.BooleanField(read_only=True)
    state = serializers.CharField(source="shown.state", read_only=True)
    revision = serializers.IntegerField(source="shown.revision", read_only=True)
    draft = DraftSerializer(source="shown", read_only=True)
    submissions = SubmissionSerializer(source="history", many=True, read_only=True)

    class Meta:
        model = Course
        fields = ["id", "slug", "title", "state", "revision", "price", "suggested_price", "is_on_sale",
                  "is_taken_down", "has_watermark", "draft", "submissions"]  # fmt: skip
        read_only_fields = fields


class CoverSerializer(serializers.Serializer):
    cover = serializers.FileField()


class RevisionSerializer(serializers.Serializer):
    revision = serializers.IntegerField()


class PriceSerializer(serializers.Serializer):
    amount = MoneyField(help_text="Where buyers name the price, the least of it.")
    suggested = MoneyField(
        required=False, allow_null=True, help_text="Given: buyers name the price. Left out or null: it is fixed."
    )


class ReadyItemSerializer(serializers.Serializer):
    code = serializers.CharField()
    label = serializers.CharField()
    done = serializers.BooleanField()
    required = serializers.BooleanField()


class ReadinessSerializer(serializers.Serializer):
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    is_ready = serializers.BooleanField()
    items = ReadyItemSerializer(many=True)


class NotedLessonSerializer(serializers.Serializer):
    key = serializers.UUIDField()
    title = serializers.CharField()


class NotedSerializer(serializers.Serializer):
    """One thing that the machine noticed, and what to do about it."""

    code = serializers.CharField()
    text = serializers.CharField(help_text="in the asker's language")
    about = serializers.ChoiceField(choices=["film", "captions", "text"])
    lesson = NotedLessonSerializer(allow_null=True, help_text="null: the course's own page")
    start_s = serializers.FloatField(allow_null=True, help_text="in the film; null: about the whole of it")
    end_s = serializers.FloatField(allow_null=True)


class FindingAnswerSerializer(serializers.Serializer):
    finding = serializers.IntegerField(help_text="its id, from the decision that sent the version back")
    is_mended = serializers.BooleanField()
    text = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class NoteSerializer(serializers.Serializer):
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="", help_text="moderators'")
    change_note = serializers.CharField(
        max_length=500, required=False, allow_blank=True, default="", help_text="what is new, for everybody"
    )
    tells_learners = serializers.BooleanField(
        required=False, default=False, help_text="learners hear of it in their next mail of what changed"
    )
    answers = FindingAnswerSerializer(
        many=True, required=False, default=list, help_text="to each finding of the last decision"
    )


class TitleSerializer(serializers.Serializer):
    title = serializers.CharField(max_length=120)


class NewLessonSerializer(serializers.Serializer):
    """`title` may be left out when a film is given: the film's name is taken."""

    title = serializers.CharField(max_length=120, required=False)
    kind = serializers.ChoiceField(choices=Lesson.Kind.choices, required=False, default=Lesson.Kind.VIDEO)
    video = OwnVideoField(queryset=Video.objects.none(), required=False)
    article = serializers.CharField(max_length=100_000, required=False, allow_blank=True, trim_whitespace=False)
    is_preview = serializers.BooleanField(required=False)


class LessonChangesSerializer(serializers.Serializer):
    title = serializers.CharField(max_length=120, required=False)
    article = serializers.CharField(max_length=100_000, required=False, allow_blank=True, trim_whitespace=False)
    is_preview = serializers.BooleanField(required=False)
    video = OwnVideoField(queryset=Video.objects.none(), required=False, allow_null=True)
    revision = serializers.IntegerField(min_value=0, required=False, help_text="refused when somebody edited since")


class VideoIdSerializer(serializers.Serializer):
    video = OwnVideoField(queryset=Video.objects.none())


class OrderSectionSerializer(serializers.Serializer):
    section = serializers.IntegerField()
    lessons = serializers.ListField(child=serializers.IntegerField(), allow_empty=True, max_length=500)


class OrderSerializer(serializers.Serializer):
    """The whole tree: every section and every lesson of the draft, once."""

    order = OrderSectionSerializer(many=True)
