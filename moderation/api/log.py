"""The public log over the API."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import permissions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from moderation import public_log
from moderation.public_log.entry import EVENTS
from moderation.views.log import figures

ENTRIES_A_PAGE = 100


class LogEntrySerializer(serializers.Serializer):
    id = serializers.CharField()
    at = serializers.DateField(help_text="The day, UTC.")
    event = serializers.CharField(help_text=", ".join(EVENTS))
    action = serializers.CharField()
    kind = serializers.CharField()
    target = serializers.CharField(help_text="A pseudonym, the same for one thing under one action.")
    subject = serializers.CharField(help_text="Whose state it changes, a pseudonym.")
    by = serializers.CharField(help_text="A pseudonym, or `clock`.")
    rules = serializers.ListField(child=serializers.CharField(), help_text="code/version")
    reason = serializers.CharField()
    hours = serializers.IntegerField(allow_null=True, help_text="Begun hours.")
    until = serializers.DateField(allow_null=True)
    about = serializers.CharField(help_text="The id of an earlier entry.")
    result = serializers.CharField()
    community = serializers.CharField(help_text="What community reviewers recommended: verdict, agreeing/votes.")


class LogFiguresSerializer(serializers.Serializer):
    decisions = serializers.IntegerField()
    review_median_hours = serializers.FloatField(allow_null=True)
    reviews_in_time = serializers.IntegerField(allow_null=True, help_text="Percent.")
    case_median_hours = serializers.FloatField(allow_null=True)
    appeals = serializers.IntegerField()
    appeal_median_hours = serializers.FloatField(allow_null=True)
    appeals_in_time = serializers.IntegerField(allow_null=True, help_text="Percent of answered appeals.")
    upheld = serializers.IntegerField(allow_null=True, help_text="Percent of answered appeals.")
    overturned = serializers.IntegerField(allow_null=True, help_text="Percent of answered appeals.")
    taken_back = serializers.IntegerField()
    second_looks = serializers.IntegerField(help_text="Reviews that were read again by another moderator.")
    agreed = serializers.IntegerField(allow_null=True, help_text="Percent of those.")
    kappa = serializers.FloatField(allow_null=True, help_text="How far the two agree beyond chance: 1 always.")
    by_action = serializers.DictField(child=serializers.IntegerField())


class LogSerializer(serializers.Serializer):
    figures = LogFiguresSerializer()
    entries = LogEntrySerializer(many=True)
    before = serializers.CharField(help_text="The id of an entry: ask for the page before it; empty on the last.")


class Log(APIView):
    permission_classes = [permissions.AllowAny]

    @extend_schema(responses=LogSerializer, parameters=[OpenApiParameter("before", str, required=False)])
    def get(self, request: Request) -> Response:
        """Every decision of moderation without names, the newest first, and the figures reckoned from it."""
        found = public_log.newest(ENTRIES_A_PAGE + 1, request.query_params.get("before", ""))
        shown = found[:ENTRIES_A_PAGE]
        told: dict[str, Any] = {
            "figures": figures(),
            "entries": shown,
            "before": shown[-1].id if len(found) > ENTRIES_A_PAGE else "",
        }
        return Response(LogSerializer(told).data)
