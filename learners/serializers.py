"""Shapes of learning in the API."""

import uuid

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from .models import Enrollment
from .reports import MOST_AGAIN, MOST_INTERVALS
from .showing import Showing
from .way import Part, Step, Way


class CaptionSerializer(serializers.Serializer):
    language = serializers.CharField()
    label = serializers.CharField()
    url = serializers.SerializerMethodField()

    def get_url(self, caption: dict[str, str]) -> str:
        return self.context["request"].build_absolute_uri(caption["url"])


class PlaybackSerializer(serializers.Serializer):
    master_url = serializers.SerializerMethodField()
    poster_url = serializers.SerializerMethodField()
    captions = CaptionSerializer(many=True)
    watermark = serializers.CharField(help_text="to be drawn over the film, where it is not empty")
    heights = serializers.ListField(
        child=serializers.IntegerField(), help_text="lines of the pictures to choose from: of an upright film its width"
    )
    duration_s = serializers.FloatField()
    resume_at = serializers.FloatField(help_text="second at which to go on; 0 for a finished film")
    report_token = serializers.CharField(allow_null=True, help_text="null: this playback is not tracked")

    def get_master_url(self, showing: Showing) -> str:
        return self.context["request"].build_absolute_uri(showing.master_url)

    def get_poster_url(self, showing: Showing) -> str | None:
        return self.context["request"].build_absolute_uri(showing.poster_url) if showing.poster_url else None


class ReportSerializer(serializers.Serializer):
    """Described here, read in reports.py: the door is too busy for serializers."""

    token = serializers.CharField(max_length=1000)
    intervals = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2),
        max_length=MOST_INTERVALS,
        help_text="all that this session played: [[start, end], …] in seconds",
    )
    again = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2),
        max_length=MOST_AGAIN,
        required=False,
        help_text="what of it was played more than once, for the creator's figures alone",
    )
    position = serializers.FloatField(help_text="second at which the film stands")
    speed = serializers.FloatField(default=1.0, help_text="the highest since the last report that was heard")
    elapsed = serializers.FloatField(
        required=False,
        help_text="for a report that waited, or that says nothing new: seconds from the token to when it was so",
    )


class StandingSerializer(serializers.Serializer):
    received = serializers.CharField(help_text="number of the last report that is settled")
    accepted_s = serializers.IntegerField(help_text="new seconds of that report that were believed")
    covered_s = serializers.IntegerField(help_text="seconds of the film seen at least once")
    length_s = serializers.IntegerField()
    is_done = serializers.BooleanField()
    is_course_complete = serializers.BooleanField()


class ReceiptSerializer(serializers.Serializer):
    received = serializers.CharField(help_text="number of this report")
    standing = StandingSerializer(allow_null=True, help_text="what was known before it; null: nothing yet")


class StandingQuestionSerializer(serializers.Serializer):
    token = serializers.CharField(max_length=1000)


class StandingAnswerSerializer(serializers.Serializer):
    standing = StandingSerializer(allow_null=True)


class EnrollmentSerializer(serializers.ModelSerializer):
    course = serializers.SlugRelatedField("slug", read_only=True)
    title = serializers.CharField(source="course.title", read_only=True)
    creator = serializers.CharField(source="course.creator.name", read_only=True)
    lessons_done = serializers.IntegerField(read_only=True, default=0)
    lessons_count = serializers.SerializerMethodField(help_text="without what a moderator has hidden")
    touched_at = serializers.DateTimeField(read_only=True, default=None)
    is_paused = serializers.BooleanField(
        read_only=True, help_text="Whether nothing of it is watched now; paused, it may be open by a membership."
    )

    class Meta:
        model = Enrollment
        fields = [
            "course", "title", "creator", "source", "granted_at", "paused_at", "is_paused", "completed_at",
            "lessons_done", "lessons_count", "touched_at",
        ]  # fmt: skip

    def get_lessons_count(self, enrollment: Enrollment) -> int:
        # A right that was granted in this request is no row of a shelf.
        return getattr(enrollment, "lessons_count", enrollment.course.lessons_count)


class EnrollSerializer(serializers.Serializer):
    course = serializers.SlugField(help_text="slug of a free course")


class LessonStepSerializer(serializers.Serializer):
    key = serializers.UUIDField(source="lesson.key")
    title = serializers.CharField(source="lesson.title")
    kind = serializers.CharField(source="lesson.kind")
    is_done = serializers.BooleanField()
    is_hidden = serializers.BooleanField(help_text="hidden by a moderator: it cannot be opened and counts for nothing")
    percent = serializers.IntegerField(help_text="share of the film that was seen")
    covered_s = serializers.IntegerField(source="progress.covered_s", default=0)
    resume_at = serializers.FloatField()


class SectionProgressSerializer(serializers.Serializer):
    title = serializers.CharField(source="section.title")
    done = serializers.IntegerField()
    total = serializers.IntegerField(help_text="lessons that count: without hidden ones")
    lessons = serializers.SerializerMethodField(help_text="keys of its lessons, in order")

    def get_lessons(self, part: Part) -> list[uuid.UUID]:
        return [step.lesson.key for step in part.steps]


class ProgressSerializer(serializers.Serializer):
    course = serializers.SlugField(source="course.slug")
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    percent = serializers.IntegerField()
    is_complete = serializers.BooleanField()
    current_lesson = serializers.SerializerMethodField()
    sections = SectionProgressSerializer(source="parts", many=True)
    lessons = LessonStepSerializer(source="steps", many=True)

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_current_lesson(self, way: Way) -> str | None:
        step: Step | None = way.current
        return str(step.lesson.key) if step else None
