"""Payout runs, approvals, stops, holds and reserves over the API, for people of finance."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import HasRole
from payments import finance, payout_desk, payouts
from payments.models import Payout, PayoutRun, PayoutSkip, PayoutStop, ReserveRule
from payments.payout_serializers import (
    PayoutPreviewSerializer,
    PayoutRunSerializer,
    PayoutStopSerializer,
    ReasonSerializer,
    ReserveRuleSerializer,
)
from payments.serializers import DeskPayoutSerializer, PayoutSkipSerializer

FINANCE = [HasRole.of("finance")]


class PayoutRuns(APIView):
    """Runs, newest first; and a new one. A worker carries it out: ask for the run to see how far it is."""

    permission_classes = FINANCE

    @extend_schema(responses=PayoutRunSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(PayoutRunSerializer(finance.runs()[:50], many=True).data)

    @extend_schema(request=None, responses={202: PayoutRunSerializer})
    def post(self, request: Request) -> Response:
        run = payouts.start(request.user)
        shown = finance.runs().get(pk=run.pk)
        return Response(PayoutRunSerializer(shown).data, status=status.HTTP_202_ACCEPTED)


class PayoutRunPreview(APIView):
    """What a run would do now: sums by currency, who is paid, who is passed over and why. Nothing is held or sent."""

    permission_classes = FINANCE

    @extend_schema(responses=PayoutPreviewSerializer)
    def get(self, request: Request) -> Response:
        return Response(PayoutPreviewSerializer(payout_desk.preview()).data)


class PayoutRunDetail(APIView):
    """A run's progress, and what became of its payouts so far."""

    permission_classes = FINANCE

    @extend_schema(responses=PayoutRunSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(PayoutRunSerializer(get_object_or_404(finance.runs(), pk=pk)).data)


class PayoutRunPayouts(ListAPIView):
    """Each payout of a run with its present state, those that need a person first."""

    permission_classes = FINANCE
    serializer_class = DeskPayoutSerializer
    queryset = Payout.objects.none()

    def get_queryset(self) -> QuerySet[Payout]:
        return payout_desk.payouts_of(get_object_or_404(PayoutRun, pk=self.kwargs["pk"]))


class PayoutRunSkips(ListAPIView):
    """Whom a run passed over, and why."""

    permission_classes = FINANCE
    serializer_class = PayoutSkipSerializer
    queryset = PayoutSkip.objects.none()

    def get_queryset(self) -> QuerySet[PayoutSkip]:
        return payout_desk.skips_of(get_object_or_404(PayoutRun, pk=self.kwargs["pk"]))


class _PayoutAct(APIView):
    permission_classes = FINANCE
    act: payout_desk.Act

    @extend_schema(request=ReasonSerializer, responses=DeskPayoutSerializer)
    def post(self, request: Request, pk: int) -> Response:
        given = ReasonSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        payout = get_object_or_404(Payout.objects.select_related("creator"), pk=pk)
        type(self).act(payout, by=request.user, reason=given.validated_data["reason"])
        payout.refresh_from_db()
        return Response(DeskPayoutSerializer(payout).data)


class PayoutApprove(_PayoutAct):
    """A second person lets a payout above the limit go, and confirms first that it is she."""

    permission_classes = [HasRole.of("finance", confirmed=True)]
    act = staticmethod(payouts.approve)


class PayoutDecline(_PayoutAct):
    """A second person refuses a payout above the limit: its money is available again."""

    act = staticmethod(payouts.decline)


class PayoutWithdraw(_PayoutAct):
    """Take a payout back that nobody was asked to send yet."""

    act = staticmethod(payouts.withdraw)


class PayoutSettleFlag(_PayoutAct):
    """Somebody has looked at what was strange about a payout."""

    act = staticmethod(payouts.settle_flag)


class PayoutReopen(APIView):
    """Look at a payout again that the workers gave up: the provider is asked first what became of it."""

    permission_classes = FINANCE

    @extend_schema(request=None, responses={202: DeskPayoutSerializer})
    def post(self, request: Request, pk: int) -> Response:
        payout = get_object_or_404(Payout.objects.select_related("creator"), pk=pk)
        payouts.reopen(payout, by=request.user)
        return Response(DeskPayoutSerializer(payout).data, status=status.HTTP_202_ACCEPTED)


class PayoutStops(APIView):
    """Stops in force; and a new one, of a currency or of all payouts."""

    permission_classes = FINANCE

    @extend_schema(responses=PayoutStopSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(PayoutStopSerializer(PayoutStop.objects.open().order_by("id"), many=True).data)

    @extend_schema(request=PayoutStopSerializer, responses={201: PayoutStopSerializer})
    def post(self, request: Request) -> Response:
        given = PayoutStopSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        stop = PayoutStop.objects.place(by=request.user, **given.validated_data)
        return Response(PayoutStopSerializer(stop).data, status=status.HTTP_201_CREATED)


class PayoutStopLift(APIView):
    """Payouts go on; what was held back is sent now."""

    permission_classes = FINANCE

    @extend_schema(request=ReasonSerializer, responses=PayoutStopSerializer)
    def post(self, request: Request, pk: int) -> Response:
        given = ReasonSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        stop = get_object_or_404(PayoutStop, pk=pk, book=settings.PAYMENTS_BOOK)
        stop.lift(by=request.user, reason=given.validated_data["reason"])
        return Response(PayoutStopSerializer(stop).data)


class ReserveRules(APIView):
    """Reserves in force; and a new one, for a creator or for everybody without one of her own."""

    permission_classes = FINANCE

    @extend_schema(responses=ReserveRuleSerializer(many=True))
    def get(self, request: Request) -> Response:
        rules = ReserveRule.objects.open().select_related("creator").order_by("id")
        return Response(ReserveRuleSerializer(rules, many=True).data)

    @extend_schema(request=ReserveRuleSerializer, responses={201: ReserveRuleSerializer})
    def post(self, request: Request) -> Response:
        given = ReserveRuleSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = {"creator": None, **given.validated_data}
        rule = ReserveRule.objects.place(by=request.user, **values)
        return Response(ReserveRuleSerializer(rule).data, status=status.HTTP_201_CREATED)


class ReserveRuleEnd(APIView):
    """Keep nothing more back under this rule; what is kept comes back on its day."""

    permission_classes = FINANCE

    @extend_schema(request=ReasonSerializer, responses=ReserveRuleSerializer)
    def post(self, request: Request, pk: int) -> Response:
        given = ReasonSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        rule = get_object_or_404(ReserveRule.objects.select_related("creator"), pk=pk)
        rule.end(by=request.user, reason=given.validated_data["reason"])
        return Response(ReserveRuleSerializer(rule).data)


urlpatterns = [
    path("payout-runs/", PayoutRuns.as_view(), name="api-payout-runs"),
    path("payout-runs/preview/", PayoutRunPreview.as_view(), name="api-payout-run-preview"),
    path("payout-runs/<int:pk>/", PayoutRunDetail.as_view(), name="api-payout-run"),
    path("payout-runs/<int:pk>/payouts/", PayoutRunPayouts.as_view(), name="api-payout-run-payouts"),
    path("payout-runs/<int:pk>/skips/", PayoutRunSkips.as_view(), name="api-payout-run-skips"),
    path("payouts/<int:pk>/approve/", PayoutApprove.as_view(), name="api-payout-approve"),
    path("payouts/<int:pk>/decline/", PayoutDecline.as_view(), name="api-payout-decline"),
    path("payouts/<int:pk>/withdraw/", PayoutWithdraw.as_view(), name="api-payout-withdraw"),
    path("payouts/<int:pk>/settle/", PayoutSettleFlag.as_view(), name="api-payout-settle-flag"),
    path("payouts/<int:pk>/reopen/", PayoutReopen.as_view(), name="api-payout-reopen"),
    path("payout-stops/", PayoutStops.as_view(), name="api-payout-stops"),
    path("payout-stops/<int:pk>/lift/", PayoutStopLift.as_view(), name="api-payout-stop-lift"),
    path("reserve-rules/", ReserveRules.as_view(), name="api-reserve-rules"),
    path("reserve-rules/<int:pk>/end/", ReserveRuleEnd.as_view(), name="api-reserve-rule-end"),
]
