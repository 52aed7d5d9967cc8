"""The word lists over the API: kept by moderators; for creators what they find in their texts."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, permissions, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import HasRole
from marketplace.lib.rest import Cursor
from moderation import rulebook
from moderation.models import ListedWord, WordWithdrawal
from moderation.word_forms import must_be_found
from moderation.words import mine, preview

from .review import ModerationView


class WordSerializer(serializers.ModelSerializer):
    class Meta:
        model = ListedWord
        fields = ["id", "text", "language", "severity", "rule_code", "reason", "is_part", "by_sound", "added_at"]
        read_only_fields = ["id", "added_at"]

    def validate(self, told: dict[str, Any]) -> dict[str, Any]:
        must_be_found(told["text"])
        if told["severity"] == ListedWord.Severity.INNOCENT:
            return {**told, "rule_code": ""}
        rulebook.book().rule(told.get("rule_code", ""))
        return told


class WordFoundSerializer(serializers.Serializer):
    place = serializers.CharField()
    word = serializers.CharField(source="hit.word.text")
    written = serializers.CharField(source="hit.written")
    severity = serializers.CharField(source="hit.word.severity", help_text="refuse, person or mark")
    rule = serializers.CharField(source="hit.word.rule")
    start = serializers.IntegerField(source="hit.start")
    end = serializers.IntegerField(source="hit.end")
    before = serializers.CharField()
    after = serializers.CharField()


class WordPreviewSerializer(serializers.Serializer):
    looked_at = serializers.IntegerField(
        help_text="So many public texts were read: the newest of each kind, 1,000 at most."
    )
    texts = serializers.IntegerField(help_text="So many of them have the word.")
    found = WordFoundSerializer(many=True)


class WordWithdrawalSerializer(serializers.ModelSerializer):
    class Meta:
        model = WordWithdrawal
        fields = ["withdrawn_at", "reason"]
        read_only_fields = ["withdrawn_at"]


class WordsInSerializer(serializers.Serializer):
    title = serializers.CharField()
    course = serializers.SlugField(source="version.course.slug", default=None, allow_null=True)
    found = WordFoundSerializer(many=True)


class Words(ModerationView, generics.ListAPIView):
    """The standing words, the newest first."""

    permission_classes = [HasRole.of("moderator")]
    serializer_class = WordSerializer
    pagination_class = Cursor
    queryset = ListedWord.objects.standing()

    @extend_schema(request=WordSerializer, responses={201: WordSerializer})
    def post(self, request: Request) -> Response:
        """List a word; look at its preview first. 409 `word_listed`, 400 `unknown_rule`."""
        row = ListedWord.objects.add(by=request.user, **self.sent(WordSerializer))
        return Response(WordSerializer(row).data, status=status.HTTP_201_CREATED)


class PreviewWord(ModerationView):
    @extend_schema(request=WordSerializer, responses=WordPreviewSerializer)
    def post(self, request: Request) -> Response:
        """What this word would have found in the latest public texts. Nothing is saved."""
        return Response(WordPreviewSerializer(preview.of(ListedWord(**self.sent(WordSerializer)))).data)


class Word(ModerationView):
    @extend_schema(request=WordWithdrawalSerializer, responses=WordWithdrawalSerializer)
    def delete(self, request: Request, pk: int) -> Response:
        """Look for it no more. 409 `word_withdrawn`."""
        row = get_object_or_404(ListedWord, pk=pk)
        ended = row.withdraw(by=request.user, reason=self.sent(WordWithdrawalSerializer)["reason"])  # type: ignore[arg-type]
        return Response(WordWithdrawalSerializer(ended).data)


class MyWords(APIView):
    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(responses=WordsInSerializer(many=True))
    def get(self, request: Request) -> Response:
        """What the word lists find in my own page and in my courses, each with its place."""
        return Response(WordsInSerializer(mine.of(request.user), many=True).data)
