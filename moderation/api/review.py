"""Review over the API: the queue, claims, decisions. Moderators only."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import HasRole
from courses import noticed
from courses.api.studio.serializers import NotedSerializer
from courses.models import Course, Decision, FindingAnswer, Lesson, Submission
from marketplace.lib.rest import Cursor
from moderation import queue as waiting_queue
from moderation import reviews, rubric, sla, taking
from moderation.filter_forms import FilterForm
from moderation.models import Claim


class ClaimSerializer(serializers.ModelSerializer):
    moderator = serializers.CharField(source="moderator.name", read_only=True)

    class Meta:
        model = Claim
        fields = ["moderator", "claimed_at", "expires_at"]
        read_only_fields = fields


class ReviewedCourseSerializer(serializers.ModelSerializer):
    creator = serializers.CharField(source="creator.name", read_only=True)

    class Meta:
        model = Course
        fields = ["slug", "creator"]
        read_only_fields = fields


class WaitingSerializer(serializers.ModelSerializer):
    course = ReviewedCourseSerializer(source="version.course", read_only=True)
    title = serializers.CharField(source="version.title", read_only=True)
    version = serializers.IntegerField(source="version.number", read_only=True)
    language = serializers.CharField(source="version.language", read_only=True)
    lessons_count = serializers.IntegerField(source="version.lessons_count", read_only=True)
    duration_s = serializers.IntegerField(source="version.duration_s", read_only=True)
    is_update = serializers.SerializerMethodField()
    due_at = serializers.SerializerMethodField()
    claim = serializers.SerializerMethodField()

    class Meta:
        model = Submission
        fields = ["id", "course", "title", "version", "language", "lessons_count", "duration_s", "is_update",
                  "submitted_at", "due_at", "note", "claim", "lures_count"]  # fmt: skip
        read_only_fields = fields

    def get_is_update(self, submission: Submission) -> bool:
        return submission.is_update

    def get_due_at(self, submission: Submission) -> str:
        return sla.wait_of(submission.submitted_at, submission.submitted_at).due_at.isoformat()

    def get_claim(self, submission: Submission) -> dict[str, Any] | None:
        claim = next(iter(submission.open_claims), None)
        return ClaimSerializer(claim).data if claim else None


class ReviewedLessonSerializer(serializers.ModelSerializer):
    class Meta:
        model = Lesson
        fields = ["key", "title", "kind", "duration_s", "is_preview"]
        read_only_fields = fields


class AnsweredFindingSerializer(serializers.ModelSerializer):
    rule_code = serializers.CharField(source="finding.rule_code", read_only=True)
    finding = serializers.CharField(source="finding.text", read_only=True)

    class Meta:
        model = FindingAnswer
        fields = ["rule_code", "finding", "is_mended", "text"]
        read_only_fields = fields


class CaseSerializer(WaitingSerializer):
    lessons = ReviewedLessonSerializer(source="ordered_lessons", many=True, read_only=True)
    answers = AnsweredFindingSerializer(many=True, read_only=True, help_text="the creator's, to the last findings")

    noticed = serializers.SerializerMethodField(help_text="what the machine noticed, lesson by lesson")

    class Meta(WaitingSerializer.Meta):
        fields = [*WaitingSerializer.Meta.fields, "lessons", "answers", "noticed"]
        read_only_fields = fields

    @extend_schema_field(NotedSerializer(many=True))
    def get_noticed(self, submission: Submission) -> list[dict[str, Any]]:
        return [note.as_json() for note in noticed.of(submission.version)]


class FindingInSerializer(serializers.Serializer):
    rule_code = serializers.SlugField(max_length=40)
    text = serializers.CharField(max_length=2000)
    lesson_key = serializers.UUIDField(required=False, allow_null=True)
    at_second = serializers.IntegerField(min_value=0, required=False, allow_null=True)


class ApproveSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")
    holds = serializers.ListField(
        child=serializers.SlugField(max_length=40), max_length=100,
        help_text="The codes of all rules of the rubric: each was judged, and holds. What has a finding is sent back.",
    )  # fmt: skip

    def validate_holds(self, codes: list[str]) -> list[str]:
        if not rubric.current().is_held_whole(codes):
            raise serializers.ValidationError(rubric.JUDGE_ALL)
        return codes


class SendBackSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")
    findings = FindingInSerializer(many=True, required=False, default=list)


class DecisionOutSerializer(serializers.ModelSerializer):
    class Meta:
        model = Decision
        fields = ["submission", "verdict", "decided_at", "reason", "rubric_version"]
        read_only_fields = fields


class OldestFirst(Cursor):
    ordering = ("submitted_at", "id")


def is_closed(request: Request) -> bool:
    """Asked for what is over, instead of what waits."""
    return request.query_params.get("closed", "") in ("1", "true")


class ModerationView(APIView):
    permission_classes = [HasRole.of("moderator")]

    def submission(self) -> Submission:
        rows = Submission.objects.select_related("version__course__creator__user", "version__course__live_version")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def sent(self, shape: type[serializers.Serializer], **context: Any) -> dict[str, Any]:
        serializer = shape(data=self.request.data, context=context)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data


class Waiting(ModerationView, generics.ListAPIView):
    """What waits for a decision, the longest waiting first; the filters of the page are those of the address."""

    serializer_class = WaitingSerializer
    pagination_class = OldestFirst
    queryset = Submission.objects.none()

    def get_queryset(self) -> Any:
        return waiting_queue.waiting(self.request.user, FilterForm(self.request.query_params).chosen)


def case_of(request: Request, pk: int) -> Response:
    submission = get_object_or_404(waiting_queue.waiting(request.user), pk=pk)
    submission.ordered_lessons = Lesson.objects.filter(version=submission.version).in_order()
    return Response(CaseSerializer(submission).data)


class Case(ModerationView):
    @extend_schema(responses=CaseSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """A waiting submission with its lessons; each is watched through `/lessons/{key}/playback/`."""
        return case_of(request, pk)


class TakeNext(ModerationView):
    @extend_schema(request=None, responses={200: CaseSerializer, 204: None})
    def post(self, request: Request) -> Response:
        """Hold what has waited longest and nobody else holds, or what you hold already. 204: nothing waits for you."""
        taken = taking.submission(request.user)
        return case_of(request, taken.pk) if taken else Response(status=status.HTTP_204_NO_CONTENT)


class TakeClaim(ModerationView):
    @extend_schema(request=None, responses=ClaimSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Hold the submission for a while, or renew that. 409 `claimed_by_another`, `not_waiting`."""
        return Response(ClaimSerializer(Claim.objects.take(self.submission(), request.user)).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Give it back to the queue."""
        get_object_or_404(Claim.objects.open(), submission=pk, moderator=request.user).release(by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Approve(ModerationView):
    @extend_schema(request=ApproveSerializer, responses={201: DecisionOutSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Publish the submitted version. Deciding claims."""
        decision = reviews.approve(self.submission(), request.user, self.sent(ApproveSerializer)["reason"])
        return Response(DecisionOutSerializer(decision).data, status=status.HTTP_201_CREATED)


class SendBack(ModerationView):
    @extend_schema(request=SendBackSerializer, responses={201: DecisionOutSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Return the version with findings; the creator is mailed."""
        submission, sent = self.submission(), self.sent(SendBackSerializer)
        decision = reviews.send_back(submission, request.user, sent["reason"], sent["findings"])
        return Response(DecisionOutSerializer(decision).data, status=status.HTTP_201_CREATED)


class RubricView(ModerationView):
    @extend_schema(responses={200: {"type": "object"}})
    def get(self, request: Request) -> Response:
        """The rules of the book that are asked for in review, each with its number, and the book's edition."""
        asked = rubric.current()
        rules = [
            {"code": rule.code, "number": rule.number, "title": rule.title, "text": rule.text, "about": rule.about}
            for rule in asked.rules
        ]
        return Response({"version": asked.version, "rules": rules})
