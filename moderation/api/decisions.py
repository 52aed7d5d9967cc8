"""What was decided in review, over the API. Moderators only."""

from typing import Any

from django.db.models import Prefetch
from rest_framework import generics, serializers

from courses.models import Decision, Finding
from marketplace.lib.rest import Cursor
from moderation import queue

from .review import DecisionOutSerializer, ModerationView


class FindingOutSerializer(serializers.ModelSerializer):
    class Meta:
        model = Finding
        fields = ["rule_code", "rule_version", "lesson_key", "at_second", "text"]
        read_only_fields = fields


class PastDecisionSerializer(DecisionOutSerializer):
    course = serializers.CharField(source="submission.version.course.slug", read_only=True)
    title = serializers.CharField(source="submission.version.title", read_only=True)
    version = serializers.IntegerField(source="submission.version.number", read_only=True)
    submitted_at = serializers.DateTimeField(source="submission.submitted_at", read_only=True)
    decided_by = serializers.CharField(source="decided_by.name", read_only=True)
    findings = FindingOutSerializer(many=True, read_only=True)

    class Meta(DecisionOutSerializer.Meta):
        fields = ["id", *DecisionOutSerializer.Meta.fields, "course", "title", "version", "submitted_at", "decided_by",
                  "findings"]  # fmt: skip
        read_only_fields = fields


class NewestDecisionFirst(Cursor):
    ordering = ("-decided_at", "-id")


class Decisions(ModerationView, generics.ListAPIView):
    """Every decision of a review with its findings, newest first, but those that you may still read a second time."""

    serializer_class = PastDecisionSerializer
    pagination_class = NewestDecisionFirst
    queryset = Decision.objects.none()

    def get_queryset(self) -> Any:
        findings = Prefetch("findings", queryset=Finding.objects.order_by("id"))
        return queue.decided(self.request.user).prefetch_related(findings)
