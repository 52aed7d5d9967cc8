"""A creator's earnings, payouts and payout account over the API."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from creators.models import Creator
from creators.permissions import IsCreator
from marketplace.lib.money import currency_choices
from marketplace.lib.rest import Cursor
from payments import onboarding
from payments.earning_forms import FIRST_YEAR, LAST_YEAR, EarningsFilter
from payments.earnings import overview
from payments.income_serializers import FiguresSerializer, SaleReceiptSerializer, SaleSerializer, StatementSerializer
from payments.incomes import figures, page, receipts, statements
from payments.incomes.sales import sales_of
from payments.models import ItemShare, Payout
from payments.serializers import OverviewSerializer, PayoutAccountSerializer, PayoutSerializer

CURRENCY = OpenApiParameter("currency", str, enum=[code for code, _name in currency_choices()])
YEAR = OpenApiParameter("year", int, description="Without it: the last twelve months.")


class Earnings(APIView):
    """Your balances by state and currency, and the next payout."""

    permission_classes = [IsCreator]

    @extend_schema(responses=OverviewSerializer)
    def get(self, request: Request) -> Response:
        creator: Creator = request.user.creator
        return Response(OverviewSerializer(overview(creator)).data)


class Figures(APIView):
    """Your income by month and by course, in one currency."""

    permission_classes = [IsCreator]

    @extend_schema(parameters=[CURRENCY, YEAR], responses=FiguresSerializer)
    def get(self, request: Request) -> Response:
        asked = EarningsFilter(request.query_params).asked
        found = figures.figures(request.user.creator, _currency(request, asked.currency), *page.period(asked.year))
        return Response(FiguresSerializer(found).data)


class Newest(Cursor):
    """In the order of the sales; the index that finds them is by item."""

    ordering = ("-item_id", "-id")


class Sales(ListAPIView):
    """Sales in which you have a part, newest first: price, deductions and their rule, your share and its way to you."""

    permission_classes = [IsCreator]
    serializer_class = SaleSerializer
    pagination_class = Newest
    queryset = ItemShare.objects.none()

    def get_queryset(self) -> QuerySet[ItemShare]:
        asked = EarningsFilter(self.request.query_params).asked
        which, _course = page.chosen(self.request.user.creator, asked, asked.currency or None)
        return sales_of(self.request.user.creator, which)


class Sale(APIView):
    """One sale with every deduction, its rule, and what was given back of it."""

    permission_classes = [IsCreator]

    @extend_schema(responses=SaleReceiptSerializer)
    def get(self, request: Request, pk: int) -> Response:
        receipt = receipts.receipt(request.user.creator, pk)
        if receipt is None:
            raise Http404
        return Response(SaleReceiptSerializer(receipt).data)


class Statement(APIView):
    """One month in one currency, line by line; the lines lead from the balance at its start to the one at its end."""

    permission_classes = [IsCreator]

    @extend_schema(parameters=[CURRENCY], responses=StatementSerializer)
    def get(self, request: Request, year: int, month: int) -> Response:
        if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):
            raise Http404
        currency = _currency(request, EarningsFilter(request.query_params).asked.currency)
        found = statements.statement(request.user.creator, currency, date(year, month, 1))
        return Response(StatementSerializer(found).data)


def _currency(request: Any, asked: str) -> str:
    return asked or next((span.currency for span in figures.spans(request.user.creator)), "USD")


class Payouts(ListAPIView):
    """What was sent to you, or is on its way."""

    permission_classes = [IsCreator]
    serializer_class = PayoutSerializer
    queryset = Payout.objects.none()

    def get_queryset(self) -> QuerySet[Payout]:
        return Payout.objects.filter(creator=self.request.user.creator).select_related("creator")


class PayoutAccount(APIView):
    """Begin or go on setting up where your money is sent; asked again, it tells the present state."""

    permission_classes = [IsCreator]

    @extend_schema(request=None, responses={200: PayoutAccountSerializer})
    def post(self, request: Request) -> Response:
        started = onboarding.start(request.user.creator)
        return Response(PayoutAccountSerializer(started).data, status=status.HTTP_200_OK)


urlpatterns = [
    path("earnings/", Earnings.as_view(), name="api-earnings"),
    path("earnings/figures/", Figures.as_view(), name="api-earnings-figures"),
    path("earnings/sales/", Sales.as_view(), name="api-earnings-sales"),
    path("earnings/sales/<int:pk>/", Sale.as_view(), name="api-earnings-sale"),
    path("earnings/statements/<int:year>-<int:month>/", Statement.as_view(), name="api-earnings-statement"),
    path("payouts/", Payouts.as_view(), name="api-payouts"),
    path("payout-account/", PayoutAccount.as_view(), name="api-payout-account"),
]
