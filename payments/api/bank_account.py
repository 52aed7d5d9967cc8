"""A creator's own bank account over the API, and the ways out that finance chooses by currency."""

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import second_factor
from accounts.permissions import HasRole
from creators.permissions import IsCreator
from payments import bank_accounts, payout_desk
from payments.bank_serializers import (
    BankAccountSerializer,
    GiveBankDetailsSerializer,
    MaskedBankDetailsSerializer,
    RailSerializer,
    WaySerializer,
)
from payments.models import BankDetails, CurrencyRail


class BankAccount(APIView):
    """Your bank details as far as they need be told apart: nobody reads a whole number here. POST gives others, which
    finance confirms; you get a mail. For that you must have logged in lately, or send the present code of your second
    factor.
    """

    permission_classes = [IsCreator]

    @extend_schema(responses=BankAccountSerializer)
    def get(self, request: Request) -> Response:
        creator = request.user.creator
        told = {"may_give": bank_accounts.may_give(creator), "details": BankDetails.objects.standing_of(creator)}
        return Response(BankAccountSerializer(told).data)

    @extend_schema(request=GiveBankDetailsSerializer, responses={201: MaskedBankDetailsSerializer})
    def post(self, request: Request) -> Response:
        second_factor.must_be_fresh(request)
        asked = GiveBankDetailsSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        details = bank_accounts.give(request.user.creator, by=request.user, values=asked.validated_data)
        return Response(MaskedBankDetailsSerializer(details).data, status=status.HTTP_201_CREATED)


class PayoutRails(APIView):
    """The way out of each currency for which one was ever chosen. POST chooses one; payouts that were begun keep
    theirs.
    """

    permission_classes = [HasRole.of("finance", confirmed=True)]

    @extend_schema(responses=WaySerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(WaySerializer(payout_desk.ways(), many=True).data)

    @extend_schema(request=RailSerializer, responses={201: RailSerializer})
    def post(self, request: Request) -> Response:
        asked = RailSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        row = CurrencyRail.objects.choose(by=request.user, **asked.validated_data)
        return Response(RailSerializer(row).data, status=status.HTTP_201_CREATED)


urlpatterns = [
    path("payout-account/bank/", BankAccount.as_view(), name="api-bank-account"),
    path("payout-rails/", PayoutRails.as_view(), name="api-payout-rails"),
]
