"""Refunds of everybody over the API: what waits for a second person, and what is under way. Moderators only."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import HasRole
from marketplace.lib.rest import Cursor, MoneyField
from moderation.measures import agreeing
from moderation.models import RefundVerdict, RefundWave

from .review import ModerationView


class RefundWaveSerializer(serializers.ModelSerializer):
    title = serializers.CharField(source="measure.title")
    reason = serializers.CharField(source="measure.reason")
    decided_at = serializers.DateTimeField(source="measure.decided_at")
    money = MoneyField(help_text="A list, by currency.")

    class Meta:
        model = RefundWave
        fields = ["id", "measure", "title", "reason", "decided_at", "money"]
        read_only_fields = fields

    def to_representation(self, wave: RefundWave) -> dict[str, Any]:
        measure = wave.measure
        money = [amount.as_json() for amount in wave.money]
        return {
            "id": wave.pk, "measure": measure.pk, "title": measure.title, "reason": measure.reason,
            "decided_at": measure.decided_at, "money": money,
        }  # fmt: skip


class RefundUnderWaySerializer(serializers.ModelSerializer):
    title = serializers.CharField(source="measure.title")
    asked = serializers.IntegerField(source="asked_count", help_text="Sales whose money was asked for.")
    left = serializers.IntegerField(source="left_count", help_text="Sales that a bank holds; asked for again.")
    refused = serializers.IntegerField(help_text="Refunds that the provider did not make.")
    is_stuck = serializers.BooleanField(help_text="Given up by the workers; `resume` tries it anew.")

    class Meta:
        model = RefundWave
        fields = ["id", "measure", "title", "asked", "left", "refused", "is_stuck"]
        read_only_fields = fields


class AgreeSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class RefundVerdictSerializer(serializers.ModelSerializer):
    class Meta:
        model = RefundVerdict
        fields = ["id", "wave", "agrees", "reason", "at"]
        read_only_fields = fields


class OldestFirst(Cursor):
    ordering = "id"


class Waiting(ModerationView, generics.ListAPIView):
    """Refunds of everybody that wait for another moderator, the oldest first."""

    serializer_class = RefundWaveSerializer
    pagination_class = OldestFirst
    queryset = RefundWave.objects.none()

    def get_queryset(self) -> Any:
        return RefundWave.objects.waiting()


class UnderWay(ModerationView, generics.ListAPIView):
    """Refunds of everybody whose money was not all asked for yet, the oldest first."""

    serializer_class = RefundUnderWaySerializer
    pagination_class = OldestFirst
    queryset = RefundWave.objects.none()

    def get_queryset(self) -> Any:
        return RefundWave.objects.under_way()


class Approve(ModerationView):
    permission_classes = [HasRole.of("senior", confirmed=True)]

    @extend_schema(request=AgreeSerializer, responses={201: RefundVerdictSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Agree: the money goes. 403 `own_refund_approved`, `confirmation_needed`; 409 `refund_not_waiting`."""
        made = agreeing.approve(_wave(pk), by=request.user, reason=self.sent(AgreeSerializer)["reason"])
        return Response(RefundVerdictSerializer(made).data, status=status.HTTP_201_CREATED)


class Decline(ModerationView):
    permission_classes = [HasRole.of("senior")]

    @extend_schema(request=AgreeSerializer, responses={201: RefundVerdictSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Nobody is refunded; the reason is needed. 403 `own_refund_approved`, 409 `refund_not_waiting`."""
        made = agreeing.decline(_wave(pk), by=request.user, reason=self.sent(AgreeSerializer)["reason"])
        return Response(RefundVerdictSerializer(made).data, status=status.HTTP_201_CREATED)


class Resume(ModerationView):
    permission_classes = [HasRole.of("senior")]

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, pk: int) -> Response:
        """Try anew what the workers have given up. 409 `refund_not_stuck`."""
        agreeing.resume(_wave(pk), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _wave(pk: int) -> RefundWave:
    return get_object_or_404(RefundWave.objects.select_related("measure"), pk=pk)
