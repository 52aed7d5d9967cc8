"""Films over the API: replacing one (begin, see what comes over, carry out, give up), and names over them."""

import uuid
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from courses import replacing
from courses.models import WatermarkChoice
from videos.models import Replacement, Video
from videos.replacing import Plan, plan

from .courses import StudioView
from .serializers import VideoIdSerializer


def _shift_field(**options: Any) -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=8,
        decimal_places=3,
        min_value=-86_400,
        max_value=86_400,
        required=False,
        default=0,
        help_text="seconds by which everything begins later in the new film; negative: earlier",
        **options,
    )


class ShiftSerializer(serializers.Serializer):
    shift_s = _shift_field()


class CarryOutSerializer(serializers.Serializer):
    shift_s = _shift_field()
    drops = serializers.IntegerField(min_value=0, default=0, help_text="cues and chapters that you agree to lose")


class DroppedSerializer(serializers.Serializer):
    start_s = serializers.FloatField()
    text = serializers.CharField()


class MovedCaptionSerializer(serializers.Serializer):
    language = serializers.CharField(source="caption.language")
    stays = serializers.BooleanField(help_text="the new film has captions of its own in this language")
    moved = serializers.IntegerField(source="moved_count", help_text="cues that come over")
    dropped = DroppedSerializer(many=True, help_text="cues without a place in the new film")


class ReplacementPlanSerializer(serializers.Serializer):
    shift_s = serializers.FloatField()
    captions = MovedCaptionSerializer(many=True)
    chapters = serializers.IntegerField(source="chapters_count", help_text="chapters that come over")
    chapters_dropped = serializers.SerializerMethodField()
    drops = serializers.IntegerField(help_text="what `carry-out` must be told")
    keeps_watched = serializers.BooleanField(help_text="what learners watched of the old film counts for the new one")

    @extend_schema_field(DroppedSerializer(many=True))
    def get_chapters_dropped(self, told: Plan) -> list[dict[str, Any]]:
        return [{"start_s": start / 1000, "text": title} for start, title in told.chapters_dropped]


class ReplacementSerializer(serializers.ModelSerializer):
    plan = serializers.SerializerMethodField(help_text="null until the new film is ready, and once it is settled")

    class Meta:
        model = Replacement
        fields = [
            *("old", "new", "old_name", "new_name", "begun_at", "given_up_at", "carried_out_at"),
            *("shift_ms", "keeps_watched", "dropped", "plan"),
        ]
        read_only_fields = fields

    @extend_schema_field(ReplacementPlanSerializer(allow_null=True))
    def get_plan(self, row: Replacement) -> dict[str, Any] | None:
        if not row.is_open or row.old is None or row.new is None or not row.new.is_ready:
            return None
        return ReplacementPlanSerializer(plan(row.old, row.new, self.context.get("shift_ms", 0))).data


class FilmView(StudioView):
    def film(self) -> Video:
        return get_object_or_404(Video.objects.owned_by(self.request.user).kept(), pk=self.kwargs["pk"])

    def replacement(self) -> Replacement:
        rows = self.film().replacements.select_related("old", "new")
        return get_object_or_404(rows.open().filter(new__isnull=False))


def _ms(seconds: Any) -> int:
    return round(seconds * 1000)


class FilmReplacement(FilmView):
    @extend_schema(parameters=[ShiftSerializer], responses=ReplacementSerializer)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """The replacement that is open, with what would come over at this shift."""
        asked = ShiftSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        context = {"shift_ms": _ms(asked.validated_data["shift_s"])}
        return Response(ReplacementSerializer(self.replacement(), context=context).data)

    @extend_schema(request=VideoIdSerializer, responses={201: ReplacementSerializer})
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Another film shall take this one's place once it is ready; it may still be on its way."""
        old = self.film()
        row = Replacement.objects.begin(old=old, new=self.sent(VideoIdSerializer)["video"], by=request.user)
        return Response(ReplacementSerializer(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: uuid.UUID) -> Response:
        """Give it up: the old film stays."""
        self.replacement().give_up()
        return Response(status=status.HTTP_204_NO_CONTENT)


class CarryOut(FilmView):
    @extend_schema(request=CarryOutSerializer, responses=ReplacementSerializer)
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """The new film takes the place in every draft; what is on sale follows when its new version is approved.

        409 `would_lose_more` when more would be dropped than `drops`; `under_review` while a moderator looks at it.
        """
        row, told = self.replacement(), self.sent(CarryOutSerializer)
        replacing.carry_out(row, request.user, shift_ms=_ms(told["shift_s"]), drops=told["drops"])
        row.refresh_from_db()
        return Response(ReplacementSerializer(row).data)


class WatermarkSerializer(serializers.Serializer):
    is_on = serializers.BooleanField(help_text="each learner's name is drawn over the films that she watches")


class Watermark(StudioView):
    @extend_schema(request=WatermarkSerializer, responses=WatermarkSerializer)
    def put(self, request: Request, slug: str) -> Response:
        """Show each learner's name over the films of this course, or no longer. It counts at once."""
        course, told = self.course(), self.sent(WatermarkSerializer)
        WatermarkChoice.objects.choose(course, told["is_on"], by=request.user)
        return Response(told)
