"""Second looks over the API: what waits for the asker, without the first answer, and her own."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.permissions import HasRole
from courses.models import Decision
from marketplace.lib.rest import Cursor
from moderation import second_looks
from moderation.models import SecondJudgment, SecondLook

from .review import FindingInSerializer, ModerationView


class SecondLookSerializer(serializers.ModelSerializer):
    submission = serializers.IntegerField(source="decision.submission_id", read_only=True)
    course = serializers.CharField(source="decision.submission.version.course.slug", read_only=True)
    title = serializers.CharField(source="decision.submission.version.title", read_only=True)

    class Meta:
        model = SecondLook
        fields = ["id", "submission", "course", "title", "drawn_at"]
        read_only_fields = fields


class SecondAnswerSerializer(serializers.Serializer):
    verdict = serializers.ChoiceField(choices=Decision.Verdict.choices)
    reason = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")
    findings = FindingInSerializer(many=True, required=False, default=list)


class SecondJudgmentSerializer(serializers.ModelSerializer):
    first_verdict = serializers.CharField(source="look.decision.verdict", read_only=True)

    class Meta:
        model = SecondJudgment
        fields = ["look", "verdict", "first_verdict", "reason", "rules", "judged_at"]
        read_only_fields = fields


class OldestDrawnFirst(Cursor):
    ordering = ("drawn_at", "id")


class SecondLooks(generics.ListAPIView):
    """What waits for a second answer of the asker's."""

    permission_classes = [HasRole.of("moderator")]
    serializer_class = SecondLookSerializer
    pagination_class = OldestDrawnFirst

    def get_queryset(self) -> Any:
        rows = SecondLook.objects.with_all()
        return rows.waiting_for(self.request.user) if isinstance(self.request.user, User) else rows.none()


class AnswerSecondLook(ModerationView):
    @extend_schema(request=SecondAnswerSerializer, responses={201: SecondJudgmentSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """The second answer; the first one comes back with it."""
        look = get_object_or_404(SecondLook.objects.with_all(), pk=pk)
        judgment = second_looks.answer(look, request.user, **self.sent(SecondAnswerSerializer))  # type: ignore[arg-type]
        return Response(SecondJudgmentSerializer(judgment).data, status=status.HTTP_201_CREATED)
