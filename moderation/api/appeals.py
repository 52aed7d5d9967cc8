"""The appeals that wait for somebody, over the API, and those that were answered. Moderators only."""

from typing import Any

from rest_framework import generics, serializers

from marketplace.lib.rest import Cursor
from moderation.models import Appeal

from .measures import MeasureSerializer
from .reports import AppealAnswerSerializer
from .review import ModerationView, is_closed


class DecidedMeasureSerializer(MeasureSerializer):
    decided_by = serializers.CharField(source="decided_by.name", default=None, read_only=True)

    class Meta(MeasureSerializer.Meta):
        fields = [*MeasureSerializer.Meta.fields, "decided_by"]
        read_only_fields = fields


class DeskAppealSerializer(serializers.ModelSerializer):
    by = serializers.CharField(source="by.name", read_only=True)
    is_late = serializers.BooleanField(read_only=True)
    measure = DecidedMeasureSerializer(read_only=True)
    answer = AppealAnswerSerializer(read_only=True, default=None)

    class Meta:
        model = Appeal
        fields = ["id", "by", "text", "appealed_at", "due_at", "is_late", "measure", "answer"]
        read_only_fields = fields


class DueFirst(Cursor):
    """What is due first; of the answered ones the newest first."""

    def get_ordering(self, request: Any, queryset: Any, view: Any) -> tuple[str, ...]:
        return ("-appealed_at", "-id") if is_closed(request) else ("due_at", "id")


class Appeals(ModerationView, generics.ListAPIView):
    """Appeals without an answer, what is due first at the top; with `?closed=1` the answered ones."""

    serializer_class = DeskAppealSerializer
    pagination_class = DueFirst
    queryset = Appeal.objects.none()

    def get_queryset(self) -> Any:
        rows = Appeal.objects.exclude(answer=None) if is_closed(self.request) else Appeal.objects.open()
        return rows.with_all()
