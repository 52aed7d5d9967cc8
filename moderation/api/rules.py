"""The rule book over the API: for everybody to read and comment on, for administrators to change."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import permissions, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import UserRateThrottle
from rest_framework.views import APIView

from accounts.permissions import HasRole
from moderation import rulebook
from moderation.models import RuleComment, RuleVersion, RuleWithdrawal


class CommentThrottle(UserRateThrottle):
    scope = "rule_comments"


class RuleExampleSerializer(serializers.Serializer):
    breaks = serializers.BooleanField()
    text = serializers.CharField()


class RuleSerializer(serializers.ModelSerializer):
    title = serializers.CharField(read_only=True, help_text="In the language of the request.")
    text = serializers.CharField(read_only=True)
    why = serializers.CharField(read_only=True, help_text="Of a change: why it is made.")
    examples = RuleExampleSerializer(source="told_examples", many=True, read_only=True)
    severity = serializers.IntegerField(read_only=True, help_text="1 slight … 4 grave")

    class Meta:
        model = RuleVersion
        fields = ["id", "code", "number", "area", "severity", "title", "text", "why", "examples", "applies_to",
                  "is_reviewed", "ends_access", "is_end", "announced_at", "comments_until", "in_force_at"]  # fmt: skip
        read_only_fields = fields


class RuleBookSerializer(serializers.Serializer):
    edition = serializers.CharField()
    rules = RuleSerializer(many=True)
    coming = RuleSerializer(many=True, help_text="Announced, and open for comments until the time that each names.")


class RuleCommentSerializer(serializers.ModelSerializer):
    class Meta:
        model = RuleComment
        fields = ["id", "at", "text"]
        read_only_fields = ["id", "at"]


class RuleWordingExampleSerializer(serializers.Serializer):
    breaks = serializers.BooleanField()
    en = serializers.CharField(max_length=300)
    zh = serializers.CharField(max_length=300)


class RuleChangeSerializer(serializers.ModelSerializer):
    """A whole wording, as it shall read, in both languages."""

    code = serializers.SlugField(max_length=40)
    applies_to = serializers.ListField(child=serializers.CharField(max_length=16), max_length=12)
    severity = serializers.IntegerField(min_value=1, max_value=4)
    about = serializers.CharField(max_length=8, required=False, default="lesson")
    examples = RuleWordingExampleSerializer(many=True, required=False, default=list)

    class Meta:
        model = RuleVersion
        fields = ["code", "area", "severity", "applies_to", "is_reviewed", "about", "ends_access", "is_end", "title_en",
                  "title_zh", "text_en", "text_zh", "examples", "why_en", "why_zh", "in_force_at"]  # fmt: skip

    def validate_applies_to(self, kinds: list[str]) -> list[str]:
        return rulebook.must_be_kinds(kinds)

    def validate_about(self, about: str) -> str:
        if about not in ("course", "lesson"):
            raise serializers.ValidationError("course or lesson")
        return about


class RuleWithdrawalSerializer(serializers.ModelSerializer):
    class Meta:
        model = RuleWithdrawal
        fields = ["withdrawn_at", "reason"]
        read_only_fields = ["withdrawn_at"]


class Rules(APIView):
    permission_classes = [permissions.AllowAny]

    @extend_schema(responses=RuleBookSerializer)
    def get(self, request: Request) -> Response:
        """The rule book: what is in force, and which changes are announced."""
        return Response(RuleBookSerializer(rulebook.book()).data)


class RuleHistory(APIView):
    permission_classes = [permissions.AllowAny]

    @extend_schema(responses=RuleSerializer(many=True))
    def get(self, request: Request, code: str) -> Response:
        """Every wording of one rule, the newest first."""
        return Response(RuleSerializer(rulebook.history_or_404(code), many=True).data)


class Comments(APIView):
    permission_classes = [permissions.IsAuthenticated]
    throttle_classes = [CommentThrottle]

    @extend_schema(request=RuleCommentSerializer, responses={201: RuleCommentSerializer})
    def post(self, request: Request, code: str) -> Response:
        """Comment on the announced change of this rule. 409 `rule_not_open_for_comments`, `too_many_comments`."""
        change = rulebook.announced_or_404(code)
        sent = RuleCommentSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        comment = change.comment(by=request.user, text=sent.validated_data["text"])
        return Response(RuleCommentSerializer(comment).data, status=status.HTTP_201_CREATED)


class ReadCommentSerializer(RuleCommentSerializer):
    by = serializers.CharField(source="by.name", read_only=True)

    class Meta(RuleCommentSerializer.Meta):
        fields = [*RuleCommentSerializer.Meta.fields, "by"]
        read_only_fields = fields


class AnnouncedRuleSerializer(RuleSerializer):
    comments = ReadCommentSerializer(many=True, read_only=True)

    class Meta(RuleSerializer.Meta):
        fields = [*RuleSerializer.Meta.fields, "comments"]
        read_only_fields = fields


class Changes(APIView):
    permission_classes = [HasRole.of("admin")]

    @extend_schema(responses=AnnouncedRuleSerializer(many=True))
    def get(self, request: Request) -> Response:
        """The announced changes that are not in force yet, and what was said of each."""
        return Response(AnnouncedRuleSerializer(rulebook.announced(), many=True).data)

    @extend_schema(request=RuleChangeSerializer, responses={201: RuleSerializer})
    def post(self, request: Request) -> Response:
        """Announce a wording; every creator is written of it. 400 `rule_too_soon`, 409 `rule_change_waits`."""
        sent = RuleChangeSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        words: dict[str, Any] = dict(sent.validated_data)
        code, in_force_at = words.pop("code"), words.pop("in_force_at")
        rule = rulebook.announce(code, by=request.user, in_force_at=in_force_at, words=words)
        return Response(RuleSerializer(rule).data, status=status.HTTP_201_CREATED)


class Change(APIView):
    permission_classes = [HasRole.of("admin")]

    @extend_schema(request=RuleWithdrawalSerializer, responses=RuleWithdrawalSerializer)
    def delete(self, request: Request, pk: int) -> Response:
        """Take an announced wording back before it is in force. 409 `rule_in_force`."""
        rule = get_object_or_404(RuleVersion, pk=pk)
        sent = RuleWithdrawalSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        row = rulebook.withdraw(rule, by=request.user, reason=sent.validated_data["reason"])
        return Response(RuleWithdrawalSerializer(row).data)
