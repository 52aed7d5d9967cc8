"""Holds, files for the bank, the bank's answers and bank details over the API, for people of finance."""

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
from payments import bank_accounts, bank_orders, holds
from payments.bank_serializers import TurnBackSerializer
from payments.models import BankDetails, BankOrder, PayoutHold, PayoutRun
from payments.payout_serializers import (
    BankAnswerSerializer,
    BankDetailsSerializer,
    BankFileSerializer,
    BankOrderSerializer,
    CurrencySerializer,
    PayoutHoldSerializer,
    ReasonSerializer,
)

FINANCE = [HasRole.of("finance")]


class PayoutHolds(APIView):
    """Creators whose payouts are held back; and a new hold."""

    permission_classes = FINANCE

    @extend_schema(responses=PayoutHoldSerializer(many=True))
    def get(self, request: Request) -> Response:
        standing = PayoutHold.objects.open().select_related("creator").order_by("id")
        return Response(PayoutHoldSerializer(standing, many=True).data)

    @extend_schema(request=PayoutHoldSerializer, responses={201: PayoutHoldSerializer})
    def post(self, request: Request) -> Response:
        given = PayoutHoldSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        hold = holds.place(by=request.user, **given.validated_data)
        return Response(PayoutHoldSerializer(hold).data, status=status.HTTP_201_CREATED)


class PayoutHoldLift(APIView):
    """A creator is paid again: what was held back now, the rest by the next run."""

    permission_classes = FINANCE

    @extend_schema(request=ReasonSerializer, responses=PayoutHoldSerializer)
    def post(self, request: Request, pk: int) -> Response:
        given = ReasonSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        hold = get_object_or_404(PayoutHold.objects.select_related("creator"), pk=pk)
        holds.lift(hold, by=request.user, reason=given.validated_data["reason"])
        return Response(PayoutHoldSerializer(hold).data)


class BankFiles(APIView):
    """Put a run's approved payouts by bank of one currency into a file. From then on the bank may carry them out."""

    permission_classes = [HasRole.of("finance", commits_itself=True)]

    @extend_schema(request=CurrencySerializer, responses={201: BankFileSerializer})
    def post(self, request: Request, pk: int) -> Response:
        given = CurrencySerializer(data=request.data)
        given.is_valid(raise_exception=True)
        run = get_object_or_404(PayoutRun, pk=pk)
        file = bank_orders.make_file(run, given.validated_data["currency"], by=request.user)
        return Response(BankFileSerializer(file).data, status=status.HTTP_201_CREATED)


class BankOrders(ListAPIView):
    """Orders of the bank of which nobody has said yet what became of them."""

    permission_classes = FINANCE
    serializer_class = BankOrderSerializer
    queryset = BankOrder.objects.none()

    def get_queryset(self) -> QuerySet[BankOrder]:
        return BankOrder.objects.filter(answer=None).select_related("payout__creator", "file")


class BankOrderAnswer(APIView):
    """What the bank did of an order, said by somebody other than who made its file."""

    permission_classes = FINANCE

    @extend_schema(request=BankAnswerSerializer, responses=BankAnswerSerializer)
    def post(self, request: Request, pk: int) -> Response:
        given = BankAnswerSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        order = get_object_or_404(BankOrder.objects.select_related("file"), pk=pk)
        answer = bank_orders.answer(order, by=request.user, **given.validated_data)
        return Response(BankAnswerSerializer(answer).data)


class BankDetailsWaiting(ListAPIView):
    """Bank details that creators gave and nobody has decided on."""

    permission_classes = FINANCE
    serializer_class = BankDetailsSerializer
    queryset = BankDetails.objects.none()

    def get_queryset(self) -> QuerySet[BankDetails]:
        return BankDetails.objects.unanswered().select_related("account__creator")


class BankDetailsConfirm(APIView):
    """Payouts go to these bank details from now on; after a change, only three days after they were given."""

    permission_classes = [HasRole.of("finance", confirmed=True)]

    @extend_schema(request=ReasonSerializer, responses=BankDetailsSerializer)
    def post(self, request: Request, pk: int) -> Response:
        given = ReasonSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        details = get_object_or_404(BankDetails.objects.select_related("account__creator"), pk=pk)
        bank_accounts.confirm(details, by=request.user, reason=given.validated_data["reason"])
        details.refresh_from_db()
        return Response(BankDetailsSerializer(details).data)


class BankDetailsRefuse(APIView):
    """These bank details cannot be paid to; the creator reads why."""

    permission_classes = FINANCE

    @extend_schema(request=ReasonSerializer, responses=BankDetailsSerializer)
    def post(self, request: Request, pk: int) -> Response:
        given = ReasonSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        details = get_object_or_404(BankDetails.objects.select_related("account__creator"), pk=pk)
        bank_accounts.refuse(details, by=request.user, reason=given.validated_data["reason"])
        details.refresh_from_db()
        return Response(BankDetailsSerializer(details).data)


class PayoutsTurnBack(APIView):
    """A creator who is paid by bank is paid through the provider again, where her account is still ready; new payouts
    rest for three days, and she gets a mail.
    """

    permission_classes = [HasRole.of("finance", commits_itself=True, confirmed=True)]

    @extend_schema(request=TurnBackSerializer, responses=TurnBackSerializer)
    def post(self, request: Request) -> Response:
        given = TurnBackSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        account = bank_accounts.turn_back(by=request.user, **given.validated_data)
        return Response(TurnBackSerializer(account).data)


urlpatterns = [
    path("payout-accounts/turn-back/", PayoutsTurnBack.as_view(), name="api-payouts-turn-back"),
    path("payout-holds/", PayoutHolds.as_view(), name="api-payout-holds"),
    path("payout-holds/<int:pk>/lift/", PayoutHoldLift.as_view(), name="api-payout-hold-lift"),
    path("payout-runs/<int:pk>/bank-files/", BankFiles.as_view(), name="api-bank-files"),
    path("bank-orders/", BankOrders.as_view(), name="api-bank-orders"),
    path("bank-orders/<int:pk>/answer/", BankOrderAnswer.as_view(), name="api-bank-order-answer"),
    path("bank-details/", BankDetailsWaiting.as_view(), name="api-bank-details"),
    path("bank-details/<int:pk>/confirm/", BankDetailsConfirm.as_view(), name="api-bank-details-confirm"),
    path("bank-details/<int:pk>/refuse/", BankDetailsRefuse.as_view(), name="api-bank-details-refuse"),
]
