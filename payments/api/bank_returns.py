"""Payouts by bank that came back, over the API, for people of finance."""

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
from payments import bank_returns, payout_desk
from payments.bank_serializers import BankReturnSerializer
from payments.models import BankReturn, Payout
from payments.payout_serializers import ReasonSerializer

FINANCE = [HasRole.of("finance")]


class PayoutReturn(APIView):
    """Note that the bank sent a payout back, or that it never left. Somebody else confirms it; then it is booked."""

    permission_classes = FINANCE

    @extend_schema(request=BankReturnSerializer, responses={201: BankReturnSerializer})
    def post(self, request: Request, pk: int) -> Response:
        given = BankReturnSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        payout = get_object_or_404(Payout.objects.by_bank(), pk=pk)
        back = bank_returns.note(payout, by=request.user, **given.validated_data)
        return Response(BankReturnSerializer(back).data, status=status.HTTP_201_CREATED)


class PayoutReturns(ListAPIView):
    """What was noted and waits for a second person, the oldest first."""

    permission_classes = FINANCE
    serializer_class = BankReturnSerializer
    queryset = BankReturn.objects.none()

    def get_queryset(self) -> QuerySet[BankReturn]:
        return payout_desk.bank_returns_waiting()


class PayoutReturnConfirm(APIView):
    """A second person read the same at the bank: the money is on the creator's balance again, and she is told."""

    permission_classes = [HasRole.of("finance", confirmed=True)]

    @extend_schema(request=ReasonSerializer, responses=BankReturnSerializer)
    def post(self, request: Request, pk: int) -> Response:
        return _answered(request, pk, bank_returns.confirm)


class PayoutReturnDecline(APIView):
    """A second person read otherwise at the bank: the payout stays paid."""

    permission_classes = FINANCE

    @extend_schema(request=ReasonSerializer, responses=BankReturnSerializer)
    def post(self, request: Request, pk: int) -> Response:
        return _answered(request, pk, bank_returns.decline)


def _answered(request: Request, pk: int, act: payout_desk.Act) -> Response:
    given = ReasonSerializer(data=request.data)
    given.is_valid(raise_exception=True)
    back = get_object_or_404(BankReturn.objects.select_related("order__payout__creator"), pk=pk)
    act(back, by=request.user, reason=given.validated_data["reason"])
    return Response(BankReturnSerializer(back).data)


urlpatterns = [
    path("payouts/<int:pk>/return/", PayoutReturn.as_view(), name="api-payout-return"),
    path("payout-returns/", PayoutReturns.as_view(), name="api-payout-returns"),
    path("payout-returns/<int:pk>/confirm/", PayoutReturnConfirm.as_view(), name="api-payout-return-confirm"),
    path("payout-returns/<int:pk>/decline/", PayoutReturnDecline.as_view(), name="api-payout-return-decline"),
]
