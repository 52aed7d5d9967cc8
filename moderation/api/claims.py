"""Claims of copyright for moderators, over the API: those that wait, those that are over, and one with its evidence."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.lib.rest import Cursor, MoneyField
from moderation.impartial import Part
from moderation.models import RightsClaim
from moderation.rights import shown

from .review import ModerationView, is_closed
from .rights import RightsClaimSerializer


class DeskClaimSerializer(RightsClaimSerializer):
    claimant = serializers.CharField(source="claimant.name", read_only=True)
    owner = serializers.CharField(source="owner.name", read_only=True)

    class Meta(RightsClaimSerializer.Meta):
        fields = [*RightsClaimSerializer.Meta.fields, "claimant", "owner"]
        read_only_fields = fields


class TwinSerializer(serializers.Serializer):
    """One stretch of a film that another creator's film runs beside."""

    start_s = serializers.FloatField()
    end_s = serializers.FloatField()
    other_start_s = serializers.FloatField()
    other_end_s = serializers.FloatField()
    other_film = serializers.CharField(source="other_name")
    other_owner = serializers.CharField(source="other_owner.name")
    other_uploaded_at = serializers.DateTimeField()
    is_later = serializers.BooleanField(help_text="The claimed film came after the other one.")
    other_lesson = serializers.UUIDField(source="lesson.key", allow_null=True, default=None)


class TwinsOfLessonSerializer(serializers.Serializer):
    lesson = serializers.UUIDField()
    title = serializers.CharField()
    is_shown = serializers.BooleanField(help_text="False: when the claim was filed, and not any more.")
    twins = TwinSerializer(many=True)


class DeskClaimDetailSerializer(serializers.Serializer):
    claim = DeskClaimSerializer()
    course = serializers.CharField(source="claim.course.slug")
    shown = serializers.JSONField(source="claim.shown", help_text="Copied when it was filed; nobody can change it.")
    escrow = serializers.ListField(source="held", child=MoneyField(), help_text="What waits of the course's income.")
    awarded = serializers.ListField(child=MoneyField())
    films = TwinsOfLessonSerializer(many=True)
    claimant_was_wrong = serializers.IntegerField(source="wrong", help_text="Of her claims, rejected within a year.")
    strikes = serializers.IntegerField(help_text="Claims upheld against the creator of late.")
    earlier = serializers.IntegerField(
        source="earlier.pk", allow_null=True, default=None,
        help_text="The claim on the same course that has its income: before it has ended nothing is awarded by this.",
    )  # fmt: skip
    part = serializers.ChoiceField(
        choices=Part.choices, allow_null=True, help_text="Why you are no judge of it; null: you may decide."
    )
    can_admit = serializers.BooleanField()


class OldestClaimFirst(Cursor):
    """The oldest first; of those that are over the newest first."""

    def get_ordering(self, request: Any, queryset: Any, view: Any) -> tuple[str, ...]:
        return ("-filed_at", "-id") if is_closed(request) else ("filed_at", "id")


class Claims(ModerationView, generics.ListAPIView):
    """Claims that wait to be admitted or decided, the oldest first; with `?closed=1` the others."""

    serializer_class = DeskClaimSerializer
    pagination_class = OldestClaimFirst
    queryset = RightsClaim.objects.none()

    def get_queryset(self) -> Any:
        rows = RightsClaim.objects.not_waiting() if is_closed(self.request) else RightsClaim.objects.waiting()
        return rows.select_related("claimant", "owner").prefetch_related("steps")


class OneClaim(ModerationView):
    @extend_schema(responses=DeskClaimDetailSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """A claim with its evidence, what the pre-check found beside it, and the money that waits."""
        rows = RightsClaim.objects.select_related("claimant", "owner", "course__creator").prefetch_related("steps")
        told = shown.to_moderator(get_object_or_404(rows, pk=pk), request.user)
        films = [
            {
                "lesson": lesson.key, "title": lesson.title, "twins": twins,
                "is_shown": lesson.version_id == lesson.version.course.live_version_id,
            }
            for lesson, twins in told["films"]
        ]  # fmt: skip
        return Response(DeskClaimDetailSerializer({**told, "films": films}).data)
