"""Flags over the API: all of them for moderators, those of one's own courses for their owners."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, permissions, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import HasRole
from moderation.models import Flag, FlagAnswer


class FlagAnswerSerializer(serializers.ModelSerializer):
    text = serializers.CharField(max_length=2000)

    class Meta:
        model = FlagAnswer
        fields = ["text", "said_at"]
        read_only_fields = ["said_at"]


class OwnFlagSerializer(serializers.ModelSerializer):
    code = serializers.CharField(read_only=True, help_text="Which detector; see `/rules/figures/`.")
    kind = serializers.CharField(source="case.kind", read_only=True)
    key = serializers.CharField(source="case.key", read_only=True)
    title = serializers.CharField(source="case.title", read_only=True)
    rule = serializers.CharField(source="detector.rule", read_only=True, help_text="In the language of the request.")
    advice = serializers.CharField(source="detector.advice", read_only=True)
    figures = serializers.JSONField(read_only=True, help_text="Shares in thousandths.")
    decided_at = serializers.DateTimeField(source="case.closed_at", read_only=True, allow_null=True)
    answer = FlagAnswerSerializer(source="said", read_only=True, allow_null=True)

    class Meta:
        model = Flag
        fields = ["id", "code", "rule_version", "kind", "key", "title", "rule", "advice", "figures", "raised_at",
                  "cleared_at", "decided_at", "answer"]  # fmt: skip
        read_only_fields = fields


class FlagSerializer(OwnFlagSerializer):
    case = serializers.IntegerField(source="case_id", read_only=True)
    priority = serializers.IntegerField(source="case.priority", read_only=True)

    class Meta(OwnFlagSerializer.Meta):
        fields = [*OwnFlagSerializer.Meta.fields, "case", "priority"]
        read_only_fields = fields


class Flags(generics.ListAPIView):
    """Every flag, newest first; its case is decided through `/moderation/measures/`."""

    permission_classes = [HasRole.of("moderator")]
    serializer_class = FlagSerializer
    queryset = Flag.objects.with_all()


class OwnFlags(generics.ListAPIView):
    """Figures of my courses that stand out, newest first."""

    permission_classes = [permissions.IsAuthenticated]
    serializer_class = OwnFlagSerializer
    queryset = Flag.objects.none()

    def get_queryset(self) -> Any:
        return Flag.objects.told_to(self.request.user).with_all()


class AnswerFlag(APIView):
    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(request=FlagAnswerSerializer, responses={201: FlagAnswerSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Say something to a flag, once, before a moderator decides. 409 `flag_answered`."""
        flag = get_object_or_404(Flag.objects.told_to(request.user), pk=pk)
        sent = FlagAnswerSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        made = flag.answer_by(request.user, sent.validated_data["text"])
        return Response(FlagAnswerSerializer(made).data, status=status.HTTP_201_CREATED)
