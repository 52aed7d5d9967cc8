"""Payment by hand over the API, for people of finance: ways, arrivals, refunds that are sent from the bank."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import HasRole
from payments.hand import arrivals, desk, refunding, ways
from payments.hand.serializers import (
    ArrivalSerializer,
    BankReferenceSerializer,
    ChangeWaySerializer,
    FinanceWaySerializer,
    HandRefundSerializer,
    MatchSerializer,
    NoteArrivalSerializer,
    NothingSerializer,
    PayBackSerializer,
    WayRefusalSerializer,
    WayVerdictSerializer,
)
from payments.models import Arrival, HandRefund, PaymentWay, Refund
from payments.payout_serializers import ReasonSerializer

FINANCE, CONFIRMED = [HasRole.of("finance")], [HasRole.of("finance", confirmed=True)]


class FinanceWays(APIView):
    """Every way to pay by hand, as it stands or waits for a second person; and a new one."""

    permission_classes = CONFIRMED

    @extend_schema(responses=FinanceWaySerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(FinanceWaySerializer(PaymentWay.objects.present().order_by("currency", "pk"), many=True).data)

    @extend_schema(request=FinanceWaySerializer, responses={201: FinanceWaySerializer})
    def post(self, request: Request) -> Response:
        told = FinanceWaySerializer(data=request.data)
        told.is_valid(raise_exception=True)
        way = ways.set_up(by=request.user, **told.validated_data)
        return Response(FinanceWaySerializer(way).data, status=status.HTTP_201_CREATED)


class FinanceWay(APIView):
    """The next version of a way: what you leave out stays. It waits for a second person's yes, unless `is_on` is false:
    then it takes no new orders at once, and those that wait go on.
    """

    permission_classes = CONFIRMED

    @extend_schema(request=ChangeWaySerializer, responses=FinanceWaySerializer)
    def patch(self, request: Request, code: str) -> Response:
        present, _standing, _versions = desk.way_or_404(code)
        told = ChangeWaySerializer(present, data=request.data, partial=True)
        told.is_valid(raise_exception=True)
        wanted = dict(told.validated_data)
        if {"version", "reason"} - wanted.keys():
            missing = {name: self._missing(told, name) for name in ("version", "reason") if name not in wanted}
            raise serializers.ValidationError(missing)
        way = ways.change(PaymentWay.objects.seen(code, wanted.pop("version")), by=request.user, **wanted)
        return Response(FinanceWaySerializer(way).data)

    def _missing(self, told: Any, name: str) -> Any:
        return told.fields[name].error_messages["required"]


class FinanceWayApprove(APIView):
    """You know that a version that somebody else set is ours: buyers see it from now on."""

    permission_classes = CONFIRMED

    @extend_schema(request=WayVerdictSerializer, responses=FinanceWaySerializer)
    def post(self, request: Request, code: str) -> Response:
        return _decided(request, code, WayVerdictSerializer(data=request.data), ways.approve)


class FinanceWayDecline(APIView):
    """It is not ours: buyers never see it, and go by what stood before."""

    permission_classes = FINANCE

    @extend_schema(request=WayRefusalSerializer, responses=FinanceWaySerializer)
    def post(self, request: Request, code: str) -> Response:
        return _decided(request, code, WayRefusalSerializer(data=request.data), ways.decline)


def _decided(request: Request, code: str, told: Any, act: Callable[..., Any]) -> Response:
    desk.way_or_404(code)
    told.is_valid(raise_exception=True)
    way = PaymentWay.objects.seen(code, told.validated_data["version"])
    act(way, by=request.user, reason=told.validated_data["reason"])
    return Response(FinanceWaySerializer(PaymentWay.objects.select_related("verdict").get(pk=way.pk)).data)


class Arrivals(APIView):
    """What came in and waits for a person; and a new arrival, which pays its order at once if it fits."""

    permission_classes = CONFIRMED

    @extend_schema(responses=ArrivalSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(ArrivalSerializer(desk.waiting(), many=True).data)

    @extend_schema(request=NoteArrivalSerializer, responses={201: ArrivalSerializer})
    def post(self, request: Request) -> Response:
        told = NoteArrivalSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        arrival = arrivals.note(by=request.user, **told.validated_data)
        return Response(ArrivalSerializer(desk.shown(arrival)).data, status=status.HTTP_201_CREATED)


class ArrivalMatch(APIView):
    """Lay an arrival that pays no order against this one."""

    permission_classes = CONFIRMED

    @extend_schema(request=MatchSerializer, responses=ArrivalSerializer)
    def post(self, request: Request, pk: int) -> Response:
        return _done(request, pk, MatchSerializer(data=request.data), arrivals.match)


class ArrivalConfirm(APIView):
    """A second person read the same at the bank: it is booked."""

    permission_classes = CONFIRMED

    @extend_schema(request=NothingSerializer, responses=ArrivalSerializer)
    def post(self, request: Request, pk: int) -> Response:
        return _done(request, pk, NothingSerializer(data=request.data), arrivals.confirm)


class ArrivalEffect(APIView):
    """Sell an order that had ended, if all of it can still be bought at its price."""

    permission_classes = CONFIRMED

    @extend_schema(request=ReasonSerializer, responses=ArrivalSerializer)
    def post(self, request: Request, pk: int) -> Response:
        return _done(request, pk, ReasonSerializer(data=request.data), arrivals.give_effect)


class ArrivalWithdraw(APIView):
    """It was noted by mistake, and may be noted anew."""

    permission_classes = FINANCE

    @extend_schema(request=ReasonSerializer, responses=ArrivalSerializer)
    def post(self, request: Request, pk: int) -> Response:
        return _done(request, pk, ReasonSerializer(data=request.data), arrivals.withdraw)


class ArrivalSendBack(APIView):
    """It pays nothing, and is to be sent back."""

    permission_classes = FINANCE

    @extend_schema(request=ReasonSerializer, responses=ArrivalSerializer)
    def post(self, request: Request, pk: int) -> Response:
        return _done(request, pk, ReasonSerializer(data=request.data), arrivals.send_back)


class ArrivalSentBack(APIView):
    """The bank sent it back, under this reference."""

    permission_classes = FINANCE

    @extend_schema(request=BankReferenceSerializer, responses=ArrivalSerializer)
    def post(self, request: Request, pk: int) -> Response:
        return _done(request, pk, BankReferenceSerializer(data=request.data), arrivals.note_sent_back)


class HandRefunds(ListAPIView):
    """Refunds that somebody has to send from the bank, the oldest first."""

    permission_classes = FINANCE
    serializer_class = HandRefundSerializer
    queryset = Refund.objects.none()

    def get_queryset(self) -> QuerySet[Refund]:
        return HandRefund.objects.waiting()


class HandRefundSent(APIView):
    """You sent a refund from the bank: its shares are given back, and the buyer is told."""

    permission_classes = CONFIRMED

    @extend_schema(request=PayBackSerializer, responses=PayBackSerializer)
    def post(self, request: Request, pk: int) -> Response:
        told = PayBackSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        refund = get_object_or_404(Refund.objects.filter(order__hand_payment__isnull=False), pk=pk)
        return Response(PayBackSerializer(refunding.pay_back(refund, by=request.user, **told.validated_data)).data)


def _done(request: Request, pk: int, told: Any, act: Callable[..., Any]) -> Response:
    told.is_valid(raise_exception=True)
    arrival = get_object_or_404(Arrival.objects.of_book(), pk=pk)
    act(arrival, by=request.user, **told.validated_data)
    return Response(ArrivalSerializer(desk.shown(arrival)).data)


urlpatterns = [
    path("finance/payment-ways/", FinanceWays.as_view(), name="api-finance-ways"),
    path("finance/payment-ways/<slug:code>/", FinanceWay.as_view(), name="api-finance-way"),
    path("finance/payment-ways/<slug:code>/approve/", FinanceWayApprove.as_view(), name="api-finance-way-approve"),
    path("finance/payment-ways/<slug:code>/decline/", FinanceWayDecline.as_view(), name="api-finance-way-decline"),
    path("finance/arrivals/", Arrivals.as_view(), name="api-arrivals"),
    path("finance/arrivals/<int:pk>/match/", ArrivalMatch.as_view(), name="api-arrival-match"),
    path("finance/arrivals/<int:pk>/confirm/", ArrivalConfirm.as_view(), name="api-arrival-confirm"),
    path("finance/arrivals/<int:pk>/effect/", ArrivalEffect.as_view(), name="api-arrival-effect"),
    path("finance/arrivals/<int:pk>/withdraw/", ArrivalWithdraw.as_view(), name="api-arrival-withdraw"),
    path("finance/arrivals/<int:pk>/send-back/", ArrivalSendBack.as_view(), name="api-arrival-send-back"),
    path("finance/arrivals/<int:pk>/sent-back/", ArrivalSentBack.as_view(), name="api-arrival-sent-back"),
    path("finance/hand-refunds/", HandRefunds.as_view(), name="api-hand-refunds"),
    path("finance/hand-refunds/<int:pk>/sent/", HandRefundSent.as_view(), name="api-hand-refund-sent"),
]
