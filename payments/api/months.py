"""Closed months over the API, for people of finance."""

from django.http import HttpResponse, StreamingHttpResponse
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import HasRole
from payments.closing import act, page
from payments.month_serializers import CloseMonthSerializer, MonthSerializer, MonthStandingSerializer
from payments.views.months import csv_of, pdf_of, proof_of

from .documents import LANG, PDF

FINANCE = [HasRole.of("finance")]
CSV = {(200, "text/csv"): OpenApiTypes.BINARY}


class Months(APIView):
    """Every month of the books, newest first, whether it is closed, and what is in the way of the next one."""

    permission_classes = FINANCE

    @extend_schema(responses=MonthStandingSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(MonthStandingSerializer(page.listing(), many=True).data)


class OneMonth(APIView):
    """A closed month's report, or what closing it would freeze."""

    permission_classes = FINANCE

    @extend_schema(responses=MonthSerializer)
    def get(self, request: Request, year: int, month: int) -> Response:
        return Response(MonthSerializer(page.month(year, month)).data)


class CloseMonth(APIView):
    """Declare a month finished: its figures are frozen, and nothing can be booked into it. It cannot be taken back."""

    permission_classes = [HasRole.of("finance", confirmed=True)]

    @extend_schema(request=CloseMonthSerializer, responses={201: MonthSerializer})
    def post(self, request: Request, year: int, month: int) -> Response:
        asked = CloseMonthSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        act.close_named(year, month, by=request.user, **asked.validated_data)
        return Response(MonthSerializer(page.month(year, month)).data, status=status.HTTP_201_CREATED)


class MonthCsv(APIView):
    """A closed month's figures and balances as CSV."""

    permission_classes = FINANCE

    @extend_schema(responses=CSV)
    def get(self, request: Request, year: int, month: int) -> StreamingHttpResponse:
        return csv_of(page.closed(year, month))


class MonthPdf(APIView):
    """A closed month's report as PDF."""

    permission_classes = FINANCE

    @extend_schema(parameters=[LANG], responses=PDF)
    def get(self, request: Request, year: int, month: int) -> HttpResponse:
        return pdf_of(page.closed(year, month), request.query_params.get("lang", "en"))


class MonthFile(APIView):
    """Every entry of a closed month with its proof, as `docs/verify/kezhan_verify.py` reads it."""

    permission_classes = FINANCE

    @extend_schema(responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request, year: int, month: int) -> StreamingHttpResponse:
        return proof_of(page.closed(year, month))


MONTH = "ledger/months/<int:year>-<int:month>"
urlpatterns = [
    path("ledger/months/", Months.as_view(), name="api-months"),
    path(f"{MONTH}/", OneMonth.as_view(), name="api-month"),
    path(f"{MONTH}/close/", CloseMonth.as_view(), name="api-month-close"),
    path(f"{MONTH}.csv", MonthCsv.as_view(), name="api-month-csv"),
    path(f"{MONTH}.pdf", MonthPdf.as_view(), name="api-month-pdf"),
    path(f"{MONTH}.json", MonthFile.as_view(), name="api-month-file"),
]
