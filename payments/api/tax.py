"""Tax over the API, for people of finance: its rates, what each country is owed, and what was paid to offices."""

from django.conf import settings
from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import HasRole
from payments.models import TaxPayment, TaxRate
from payments.tax import desk, paying
from payments.tax.serializers import (
    NoteTaxPaymentSerializer,
    TaxOwedSerializer,
    TaxPaymentSerializer,
    TaxRateSerializer,
)
from payments.views.tax_owed import csv_of

PERIOD = OpenApiParameter("period", str, description="2026-11, 2026-Q4 or 2026.")


class TaxRates(ListAPIView):
    """Every rate, past and to come. POST adds one; earlier sales keep theirs, and rows are never changed."""

    permission_classes = [HasRole.of("finance")]
    serializer_class = TaxRateSerializer
    queryset = TaxRate.objects.all()

    @extend_schema(request=TaxRateSerializer, responses={201: TaxRateSerializer})
    def post(self, request: Request) -> Response:
        asked = TaxRateSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        rate = TaxRate.objects.introduce(**asked.validated_data, by=request.user)
        return Response(TaxRateSerializer(rate).data, status=status.HTTP_201_CREATED)


class TaxOwed(APIView):
    """What each country is owed, by currency, over a month, quarter or year; the last quarter that ended, if none is
    named.
    """

    permission_classes = [HasRole.of("finance")]

    @extend_schema(parameters=[PERIOD], responses=TaxOwedSerializer)
    def get(self, request: Request) -> Response:
        return Response(TaxOwedSerializer(desk.view(request.query_params.get("period", ""))).data)


class TaxOwedCsv(APIView):
    """The same by month as CSV, with what was paid to offices."""

    permission_classes = [HasRole.of("finance")]

    @extend_schema(parameters=[PERIOD], responses={(200, "text/csv"): OpenApiTypes.BINARY})
    def get(self, request: Request) -> StreamingHttpResponse:
        return csv_of(request.query_params.get("period", ""))


class TaxPayments(ListAPIView):
    """What went to tax offices, and what came back. POST notes one; it becomes an entry of the ledger."""

    permission_classes = [HasRole.of("finance", confirmed=True)]
    serializer_class = TaxPaymentSerializer
    queryset = TaxPayment.objects.all()

    def get_queryset(self) -> QuerySet[TaxPayment]:
        return TaxPayment.objects.of(settings.PAYMENTS_BOOK)

    @extend_schema(request=NoteTaxPaymentSerializer, responses={201: TaxPaymentSerializer})
    def post(self, request: Request) -> Response:
        asked = NoteTaxPaymentSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        row = paying.note(**asked.validated_data, by=request.user)
        return Response(TaxPaymentSerializer(row).data, status=status.HTTP_201_CREATED)


urlpatterns = [
    path("tax-rates/", TaxRates.as_view(), name="api-tax-rates"),
    path("tax-owed/", TaxOwed.as_view(), name="api-tax-owed"),
    path("tax-owed.csv", TaxOwedCsv.as_view(), name="api-tax-owed-csv"),
    path("tax-payments/", TaxPayments.as_view(), name="api-tax-payments"),
]
