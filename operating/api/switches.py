"""Switches over the API, for administrators."""

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import HasRole
from operating import switches
from operating.models import SwitchTurn


class SwitchTurnSerializer(serializers.ModelSerializer):
    by = serializers.CharField(source="by.email")

    class Meta:
        model = SwitchTurn
        fields = ["code", "number", "is_on", "by", "at", "why"]
        read_only_fields = fields


class SwitchSerializer(serializers.Serializer):
    code = serializers.CharField(source="switch.code")
    name = serializers.CharField(source="switch.name")
    is_on = serializers.BooleanField()
    forced = serializers.BooleanField(
        source="switch.forced", allow_null=True, help_text="What the environment decides; null: a row does."
    )
    off_stops = serializers.CharField(source="switch.stops")
    off_leaves = serializers.CharField(source="switch.leaves")
    last = SwitchTurnSerializer(allow_null=True)


class TurnSerializer(serializers.Serializer):
    is_on = serializers.BooleanField()
    why = serializers.CharField(max_length=300)


class Switches(APIView):
    permission_classes = [HasRole.of("admin")]

    @extend_schema(operation_id="staff_switches_list", responses=SwitchSerializer(many=True), summary="What is offered")
    def get(self, request: Request) -> Response:
        return Response(SwitchSerializer(switches.standing(), many=True).data)


class Turn(APIView):
    permission_classes = [HasRole.of("admin", confirmed=True)]

    @extend_schema(operation_id="staff_switches_turn", request=TurnSerializer, responses=SwitchTurnSerializer)
    def post(self, request: Request, code: str) -> Response:
        """Turn it on or off. 403 `confirmation_needed`, 409 `switched_already`, `switch_is_forced`."""
        switch, sent = switches.switch_or_404(code), TurnSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        row = SwitchTurn.objects.turn(switch, **sent.validated_data, by=request.user)
        return Response(SwitchTurnSerializer(row).data)


urlpatterns = [
    path("staff/switches/", Switches.as_view(), name="api-switches"),
    path("staff/switches/<slug:code>/", Turn.as_view(), name="api-switch-turn"),
]
