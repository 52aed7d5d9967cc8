"""A creator's papers over the API: sales and statements as files, and the runs that paid her nothing."""

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.views import APIView

from creators.permissions import IsCreator
from marketplace.lib.money import currency_choices
from payments import payout_desk, sales_csv
from payments.earning_forms import EarningsFilter
from payments.incomes import page, papers
from payments.models import PayoutSkip
from payments.serializers import OwnSkipSerializer
from payments.views.earnings import as_csv, as_pdf, asked_statement

from .documents import LANG, PDF

CSV = {(200, "text/csv"): OpenApiTypes.BINARY}
CURRENCY = OpenApiParameter("currency", str, enum=[code for code, _name in currency_choices()])


class SalesFile(APIView):
    """Every sale in which you have a part as CSV, with price, deductions, rule and your share."""

    permission_classes = [IsCreator]

    @extend_schema(parameters=[CURRENCY], responses=CSV)
    def get(self, request: Request) -> StreamingHttpResponse:
        asked = EarningsFilter(request.query_params).asked
        creator = request.user.creator
        which, _course = page.chosen(creator, asked, asked.currency or None)
        return as_csv(sales_csv.lines(creator, which), "kezhan-sales.csv")


class StatementCsv(APIView):
    """A month's statement as CSV."""

    permission_classes = [IsCreator]

    @extend_schema(parameters=[CURRENCY], responses=CSV)
    def get(self, request: Request, year: int, month: int) -> StreamingHttpResponse:
        asked = asked_statement(request.query_params, request.user.creator, year, month)
        return as_csv(papers.csv_lines(asked), f"kezhan-{year}-{month:02}-{asked.currency}.csv")


class StatementPdf(APIView):
    """A month's statement as PDF."""

    permission_classes = [IsCreator]

    @extend_schema(parameters=[CURRENCY, LANG], responses=PDF)
    def get(self, request: Request, year: int, month: int) -> HttpResponse:
        asked = asked_statement(request.query_params, request.user.creator, year, month)
        return as_pdf(asked, request.query_params.get("lang", "en"))


class Skips(ListAPIView):
    """Runs that paid you nothing although you have a balance, newest first, each with its reason in words."""

    permission_classes = [IsCreator]
    serializer_class = OwnSkipSerializer
    queryset = PayoutSkip.objects.none()

    def get_queryset(self) -> QuerySet[PayoutSkip]:
        return payout_desk.skips_to(self.request.user.creator)


urlpatterns = [
    path("earnings/sales.csv", SalesFile.as_view(), name="api-earnings-sales-csv"),
    path("earnings/statements/<int:year>-<int:month>.csv", StatementCsv.as_view(), name="api-earnings-statement-csv"),
    path("earnings/statements/<int:year>-<int:month>.pdf", StatementPdf.as_view(), name="api-earnings-statement-pdf"),
    path("payout-skips/", Skips.as_view(), name="api-payout-skips"),
]
