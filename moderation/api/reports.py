"""Reports over the API: made by everybody, read by those who made them; and what was decided about oneself."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, permissions, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from moderation import appeals, outcomes, reports
from moderation.models import Appeal, AppealAnswer, Measure, Report
from moderation.views.reporting import sender_of


class ReportInSerializer(serializers.Serializer):
    rule_code = serializers.SlugField(max_length=40)
    text = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    at_second = serializers.IntegerField(
        min_value=0, max_value=1_000_000, required=False, allow_null=True, default=None
    )


class ReportedSerializer(serializers.Serializer):
    kind = serializers.CharField()
    key = serializers.CharField()
    title = serializers.CharField()
    is_new = serializers.BooleanField(help_text="False: the same sender had reported it before.")


class ReportSerializer(serializers.ModelSerializer):
    kind = serializers.CharField(source="case.kind", read_only=True)
    key = serializers.CharField(source="case.key", read_only=True)
    title = serializers.CharField(source="case.title", read_only=True)
    rule = serializers.CharField(source="rule.code", read_only=True)
    outcome = serializers.SerializerMethodField()
    action = serializers.SerializerMethodField()

    class Meta:
        model = Report
        fields = ["id", "kind", "key", "title", "rule", "text", "at_second", "reported_at", "outcome", "action"]
        read_only_fields = fields

    def get_outcome(self, report: Report) -> str | None:
        """Null while it waits, `dismissed`, `upheld`, `taken_back`, or `overturned` (on appeal)."""
        return outcomes.outcome_of(report.case)

    def get_action(self, report: Report) -> str | None:
        """What was decided, where the outcome is `upheld`; else null."""
        return outcomes.done(report.case)


class AppealAnswerSerializer(serializers.ModelSerializer):
    class Meta:
        model = AppealAnswer
        fields = ["verdict", "reason", "decided_at"]
        read_only_fields = fields


class AppealSerializer(serializers.ModelSerializer):
    text = serializers.CharField(max_length=4000)
    answer = AppealAnswerSerializer(read_only=True, default=None)

    class Meta:
        model = Appeal
        fields = ["id", "text", "appealed_at", "due_at", "answer"]
        read_only_fields = ["id", "appealed_at", "due_at"]


class OwnMeasureSerializer(serializers.ModelSerializer):
    rule = serializers.CharField(source="rule.code", read_only=True)
    rule_version = serializers.IntegerField(source="rule.number", read_only=True)
    is_standing = serializers.BooleanField(read_only=True)
    appeal_until = serializers.DateTimeField(read_only=True)
    appeal = AppealSerializer(read_only=True, default=None)
    shown = serializers.JSONField(
        source="evidence.shown", read_only=True, default=None, help_text="What was kept when it was reported."
    )

    class Meta:
        model = Measure
        fields = ["id", "kind", "key", "title", "action", "rule", "rule_version", "reason", "decided_at", "ends_at",
                  "is_standing", "appeal_until", "appeal", "shown"]  # fmt: skip
        read_only_fields = fields


class MakeReport(APIView):
    permission_classes = [permissions.AllowAny]

    @extend_schema(request=ReportInSerializer, responses={201: ReportedSerializer})
    def post(self, request: Request, kind: str, key: str) -> Response:
        """Report a thing under a rule, with or without an account. 400 `wrong_rule`, 429 `too_many_reports`."""
        target = reports.target_or_404(kind, key, request.user)
        sent = ReportInSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        filed = reports.file(target, sender_of(request), **sent.validated_data)
        shown = {"kind": target.kind, "key": target.key, "title": target.title, "is_new": filed.is_new}
        return Response(ReportedSerializer(shown).data, status=status.HTTP_201_CREATED)


class MyReports(generics.ListAPIView):
    """What I reported, newest first, and what became of it."""

    permission_classes = [permissions.IsAuthenticated]
    serializer_class = ReportSerializer
    queryset = Report.objects.none()

    def get_queryset(self) -> Any:
        return outcomes.reported_by(self.request.user)


class AboutMe(generics.ListAPIView):
    """What moderators decided about what I made, newest first."""

    permission_classes = [permissions.IsAuthenticated]
    serializer_class = OwnMeasureSerializer
    queryset = Measure.objects.none()

    def get_queryset(self) -> Any:
        rows = Measure.objects.of_person(self.request.user)
        return rows.select_related("rule", "reversal", "appeal__answer", "evidence")


class MakeAppeal(APIView):
    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(request=AppealSerializer, responses={201: AppealSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Appeal against a decision about oneself, once. 409 `already_appealed`, `too_late_to_appeal`."""
        measure = get_object_or_404(Measure.objects.of_person(request.user), pk=pk)
        sent = AppealSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        made = appeals.make(measure, request.user, sent.validated_data["text"])
        return Response(AppealSerializer(made).data, status=status.HTTP_201_CREATED)
