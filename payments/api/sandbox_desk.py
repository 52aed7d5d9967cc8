"""The sandbox's console over the API: banks and the provider's desk, weather, calls that go wrong."""

from typing import Any

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import HasRole
from marketplace.lib.money import provider_amount
from payments.sandbox import console, desk
from payments.sandbox.models import SandboxFault, SandboxPayment
from payments.sandbox_serializers import (
    BankSerializer,
    ChargeActSerializer,
    DisputeActSerializer,
    DoneSerializer,
    EventsActSerializer,
    FaultSerializer,
    SandboxEventSerializer,
    WeatherSerializer,
)

EVENTS = 100


class OfTheSandbox(APIView):
    """404 unless the sandbox is the payment provider."""

    permission_classes = [HasRole.of("finance", commits_itself=True)]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if settings.PAYMENTS_TRANSPORT != "sandbox":
            raise Http404
        super().initial(request, *args, **kwargs)


class SandboxCharge(OfTheSandbox):
    """A bank disputes a charge or asks about it, or the provider's own desk refunds it."""

    @extend_schema(request=ChargeActSerializer, responses=BankSerializer)
    def post(self, request: Request, charge_id: str) -> Response:
        payment = get_object_or_404(SandboxPayment, charge_id=charge_id)
        asked = ChargeActSerializer(data=request.data, context={"currency": payment.currency.upper()})
        asked.is_valid(raise_exception=True)
        wanted = asked.validated_data
        amount = provider_amount(wanted["amount"]) if wanted.get("amount") else None
        done = desk.on_charge(charge_id, wanted["act"], amount=amount, reason=wanted["reason"])
        return Response(BankSerializer(done).data)


class SandboxBank(OfTheSandbox):
    """The bank decides: win (for us), lose, escalate an inquiry, prevent."""

    @extend_schema(request=DisputeActSerializer, responses=BankSerializer)
    def post(self, request: Request, dispute_id: str) -> Response:
        asked = DisputeActSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        dispute = desk.on_dispute(dispute_id, asked.validated_data["act"])
        if dispute is None:
            raise Http404
        return Response(BankSerializer(dispute).data)


class SandboxFaults(OfTheSandbox):
    """Calls that are planned to go wrong. POST plans more of them."""

    @extend_schema(responses=FaultSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(FaultSerializer(SandboxFault.objects.planned(), many=True).data)

    @extend_schema(request=FaultSerializer, responses={201: FaultSerializer})
    def post(self, request: Request) -> Response:
        asked = FaultSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wanted = asked.validated_data
        fault = console.plan_fault(wanted["operation"], wanted["mode"], wanted["remaining"])
        return Response(FaultSerializer(fault).data, status=status.HTTP_201_CREATED)


class SandboxFaultDetail(OfTheSandbox):
    """DELETE: it shall not happen after all."""

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        get_object_or_404(SandboxFault, pk=pk).remove()
        return Response(status=status.HTTP_204_NO_CONTENT)


class SandboxWeather(OfTheSandbox):
    """What becomes of events from now on; an empty body asks for fair weather."""

    @extend_schema(request=WeatherSerializer, responses=WeatherSerializer)
    def post(self, request: Request) -> Response:
        asked = WeatherSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        console.change_weather(**asked.validated_data)
        return Response(WeatherSerializer(asked.validated_data).data)


class SandboxEvents(OfTheSandbox):
    """Events on their way to us, newest first (`state`: all, waiting, delivered, lost). POST resends, duplicates,
    drops, delays or shuffles some of them, or every one that waits or was lost.
    """

    @extend_schema(
        parameters=[OpenApiParameter("state", str, enum=console.STATES)], responses=SandboxEventSerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        rows = console.events(request.query_params.get("state", "all"))[:EVENTS]
        return Response(SandboxEventSerializer(rows, many=True).data)

    @extend_schema(request=EventsActSerializer, responses=DoneSerializer)
    def post(self, request: Request) -> Response:
        asked = EventsActSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wanted = asked.validated_data
        done = console.act(console.chosen(wanted["events"], wanted["every"]), wanted["act"])
        return Response(DoneSerializer({"done": done}).data)


class SandboxTransferReversal(OfTheSandbox):
    """All that is left of a transfer comes back from the creator's account."""

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, transfer_id: str) -> Response:
        if desk.reverse_transfer(transfer_id) is None:
            raise Http404
        return Response(status=status.HTTP_204_NO_CONTENT)


class SandboxKeys(OfTheSandbox):
    """DELETE: forget all idempotency keys, as the provider may after a day."""

    @extend_schema(request=None, responses=DoneSerializer)
    def delete(self, request: Request) -> Response:
        return Response(DoneSerializer({"done": console.prune_keys()}).data)


urlpatterns = [
    path("sandbox/events/", SandboxEvents.as_view(), name="api-sandbox-events"),
    path(
        "sandbox/transfers/<slug:transfer_id>/reverse/", SandboxTransferReversal.as_view(), name="api-sandbox-transfer"
    ),
    path("sandbox/keys/", SandboxKeys.as_view(), name="api-sandbox-keys"),
    path("sandbox/charges/<slug:charge_id>/", SandboxCharge.as_view(), name="api-sandbox-charge"),
    path("sandbox/disputes/<slug:dispute_id>/", SandboxBank.as_view(), name="api-sandbox-dispute"),
    path("sandbox/faults/", SandboxFaults.as_view(), name="api-sandbox-faults"),
    path("sandbox/faults/<int:pk>/", SandboxFaultDetail.as_view(), name="api-sandbox-fault"),
    path("sandbox/weather/", SandboxWeather.as_view(), name="api-sandbox-weather"),
]
