"""Paths before moderators over the API: what waits, and the decision on one."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from courses.api.studio.paths import StageSerializer
from courses.models import PathDecision, PathSubmission
from moderation import paths as deciding

from .review import ModerationView, OldestFirst


class PathDecisionSerializer(serializers.ModelSerializer):
    class Meta:
        model = PathDecision
        fields = ["verdict", "reason", "decided_at"]
        read_only_fields = fields


class WaitingPathSerializer(serializers.ModelSerializer):
    slug = serializers.SlugField(source="edition.path.slug", read_only=True)
    title = serializers.CharField(source="edition.title", read_only=True)
    number = serializers.IntegerField(source="edition.number", read_only=True)
    language = serializers.CharField(source="edition.language", read_only=True)
    creator = serializers.CharField(
        source="edition.path.creator.slug", read_only=True, default=None, allow_null=True, help_text="None: the house"
    )

    class Meta:
        model = PathSubmission
        fields = ["id", "slug", "title", "number", "language", "creator", "submitted_at", "note"]
        read_only_fields = fields


class SubmittedPathSerializer(WaitingPathSerializer):
    promise = serializers.CharField(source="edition.promise", read_only=True)
    about = serializers.CharField(source="edition.about", read_only=True)
    stages = StageSerializer(source="edition.ordered", many=True, read_only=True)
    decision = serializers.SerializerMethodField()

    class Meta(WaitingPathSerializer.Meta):
        fields = [*WaitingPathSerializer.Meta.fields, "promise", "about", "stages", "withdrawn_at", "decision"]
        read_only_fields = fields

    @extend_schema_field(PathDecisionSerializer(allow_null=True))
    def get_decision(self, submission: PathSubmission) -> dict[str, Any] | None:
        found = getattr(submission, "decision", None)
        return PathDecisionSerializer(found).data if found else None


class ApprovePathSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class SendBackPathSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=2000, help_text="What is to be mended; mailed to whoever submitted it.")


class PathView(ModerationView):
    def submission(self) -> Any:
        rows = PathSubmission.objects.select_related("edition__path__creator", "submitted_by", "decision")
        return get_object_or_404(rows, pk=self.kwargs["pk"])


class WaitingPaths(ModerationView, generics.ListAPIView):
    """Paths that wait for a decision, the longest waiting first."""

    serializer_class = WaitingPathSerializer
    pagination_class = OldestFirst
    queryset = PathSubmission.objects.waiting().select_related("edition__path__creator")


class OnePath(PathView):
    @extend_schema(responses=SubmittedPathSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """A path as it was submitted, with its stages, and what was decided where something was."""
        return Response(SubmittedPathSerializer(self.submission()).data)


class ApprovePath(PathView):
    @extend_schema(request=ApprovePathSerializer, responses={201: PathDecisionSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Publish it. 403 for who made it; 409 `already_decided`, `already_withdrawn`, `not_ready`."""
        made = deciding.approve(self.submission(), request.user, self.sent(ApprovePathSerializer)["reason"])  # type: ignore[arg-type]
        return Response(PathDecisionSerializer(made).data, status=status.HTTP_201_CREATED)


class SendBackPath(PathView):
    @extend_schema(request=SendBackPathSerializer, responses={201: PathDecisionSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Return it with a reason. 403 for who made it; 409 `already_decided`, `already_withdrawn`."""
        made = deciding.send_back(self.submission(), request.user, self.sent(SendBackPathSerializer)["reason"])  # type: ignore[arg-type]
        return Response(PathDecisionSerializer(made).data, status=status.HTTP_201_CREATED)
