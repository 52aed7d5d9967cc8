"""One reported case over the API, with all that its page shows. Moderators only."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from moderation import cases, taking
from moderation.impartial import Part
from moderation.models import Case, CommunityAdvice, CommunityVote, Evidence, Report, RightsStep

from .flags import FlagSerializer
from .measures import MeasureSerializer, ReportedCaseSerializer
from .review import ModerationView


class DeskReportSerializer(serializers.ModelSerializer):
    rule = serializers.CharField(source="rule.code", read_only=True)
    rule_version = serializers.IntegerField(source="rule.number", read_only=True)
    reporter = serializers.CharField(
        source="reporter.name", default=None, read_only=True, help_text="Null: without one."
    )

    class Meta:
        model = Report
        fields = ["rule", "rule_version", "text", "at_second", "reporter", "reported_at"]
        read_only_fields = fields


class TimesReportedSerializer(serializers.Serializer):
    rule = serializers.CharField()
    rule_version = serializers.IntegerField()
    times = serializers.IntegerField()


class KeptEvidenceSerializer(serializers.ModelSerializer):
    class Meta:
        model = Evidence
        fields = ["taken_at", "shown"]
        read_only_fields = fields


class CommunityVoteOutSerializer(serializers.ModelSerializer):
    class Meta:
        model = CommunityVote
        fields = ["verdict", "text"]
        read_only_fields = fields


class CommunityAdviceSerializer(serializers.ModelSerializer):
    texts = CommunityVoteOutSerializer(source="case.community_votes", many=True, read_only=True)

    class Meta:
        model = CommunityAdvice
        fields = ["verdict", "agreeing", "votes", "texts"]
        read_only_fields = fields


class StrikeSerializer(serializers.ModelSerializer):
    claim = serializers.IntegerField(source="claim_id", read_only=True)
    title = serializers.CharField(source="claim.title", read_only=True)

    class Meta:
        model = RightsStep
        fields = ["claim", "title", "at"]
        read_only_fields = fields


class ReportedCaseDetailSerializer(serializers.Serializer):
    case = ReportedCaseSerializer()
    measure = MeasureSerializer(source="case.measure", allow_null=True, default=None, help_text="What decided it.")
    part = serializers.ChoiceField(
        choices=Part.choices, allow_null=True, help_text="Why you are no judge of it; null: you may decide."
    )
    can_decide = serializers.BooleanField()
    is_gone = serializers.BooleanField()
    has_changed = serializers.BooleanField(help_text="It shows something else than the newest evidence.")
    times = TimesReportedSerializer(many=True)
    reports = DeskReportSerializer(many=True, help_text="The weightiest of them; none of what is yours.")
    evidence = KeptEvidenceSerializer(many=True, help_text="The oldest first; nobody can change it.")
    flags = FlagSerializer(many=True)
    strikes = StrikeSerializer(many=True, help_text="Upheld claims of copyright against its creator that stand.")
    advice = CommunityAdviceSerializer(source="case.community_advice", allow_null=True, default=None)
    earlier = MeasureSerializer(many=True, help_text="What was decided of it before.")


class OneCase(ModerationView):
    @extend_schema(responses=ReportedCaseDetailSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """A case, open or closed: its reports, its evidence, its flags, and what was decided before."""
        return _shown(request, pk)


class TakeNextCase(ModerationView):
    @extend_schema(request=None, responses={200: ReportedCaseDetailSerializer, 204: None})
    def post(self, request: Request) -> Response:
        """Hold what matters most and nobody else holds, or what you hold already. 204: nothing waits for you."""
        taken = taking.case(request.user)
        return _shown(request, taken.pk) if taken else Response(status=status.HTTP_204_NO_CONTENT)


def _shown(request: Request, pk: int) -> Response:
    rows = Case.objects.select_related("owner", "course", "creator", "measure__rule", "measure__decided_by")
    shown = cases.shown(get_object_or_404(rows, pk=pk), request.user)
    case: Any = shown["case"]
    case.open_claims = [shown["claim"]] if shown["claim"] else []
    names = ("rule", "rule_version", "times")
    told = {**shown, "times": [dict(zip(names, row, strict=True)) for row in shown["by_rule"]]}
    return Response(ReportedCaseDetailSerializer(told).data)
