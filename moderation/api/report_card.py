"""The platform's report card over the API: the same figures as on its page and in its file."""

from django.http import Http404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import permissions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from moderation.models import ReportCard
from moderation.quarters import Quarter
from moderation.report_card.figures import HEADS, Unit
from moderation.report_card.lines import lines_of


class CardFigureSerializer(serializers.Serializer):
    figure = serializers.CharField(source="figure.name")
    head = serializers.ChoiceField([head.code for head in HEADS], source="figure.head")
    title = serializers.CharField(source="figure.title")
    method = serializers.CharField(source="figure.method")
    currency = serializers.CharField(help_text="Of a figure of money; else empty. Currencies are never added up.")
    unit = serializers.ChoiceField(Unit.values, source="figure.unit.value", help_text="minor: the currency's own unit.")
    cases = serializers.IntegerField(allow_null=True, help_text="None where they are too few to be told.")
    value = serializers.CharField(source="text", help_text="In plain digits; empty where there is none.")
    is_withheld = serializers.BooleanField(help_text="There are too few cases: the figure would point at people.")


class ReportCardSerializer(serializers.Serializer):
    quarter = serializers.CharField(help_text="2026-Q3: by the calendar, UTC.")
    stage = serializers.ChoiceField(
        ReportCard.Stage.values, help_text="so_far, until the last late facts are in; a corrected one says why."
    )
    as_of = serializers.DateTimeField(help_text="Facts up to this moment count.")
    reckoned_at = serializers.DateTimeField()
    reason = serializers.CharField()
    figures = CardFigureSerializer(source="lines", many=True)

    def to_representation(self, card: ReportCard) -> dict[str, object]:
        facts = {name: getattr(card, name) for name in ("quarter", "stage", "as_of", "reckoned_at", "reason")}
        return super().to_representation({**facts, "lines": lines_of(card)})


class ReportCards(APIView):
    permission_classes = [permissions.AllowAny]

    @extend_schema(
        operation_id="report_cards_list",
        summary="The platform's report card of every quarter",
        responses=ReportCardSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """The latest first; of a quarter that was corrected also what was said before, below what stands."""
        return Response(ReportCardSerializer(ReportCard.objects.told(), many=True).data)


class OneReportCard(APIView):
    permission_classes = [permissions.AllowAny]

    @extend_schema(
        operation_id="report_card_read",
        summary="The platform's report card of a quarter",
        responses={200: ReportCardSerializer, 404: OpenApiResponse(description="Nothing is reckoned of it.")},
    )
    def get(self, request: Request, quarter: str) -> Response:
        asked = Quarter.named(quarter)
        card = ReportCard.objects.told().of(asked).first() if asked else None
        if card is None:
            raise Http404
        return Response(ReportCardSerializer(card).data)
