"""Yearly reports and tax details over the API: a creator's own, and finance's list of years."""

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import HasRole
from creators.permissions import IsCreator
from payments.models import TaxIdentity, YearReport
from payments.views.earnings import as_csv
from payments.views.years import csv_of, pdf_of
from payments.year_serializers import (
    TaxDetailsSerializer,
    YearReportSerializer,
    YearRoundSerializer,
    YearSerializer,
)
from payments.years import identity, issuing, page, papers

from .documents import LANG, PDF

CSV = {(200, "text/csv"): OpenApiTypes.BINARY}
FINANCE = [HasRole.of("finance")]
CONFIRMED = [HasRole.of("finance", confirmed=True)]


class TaxDetailsOfMine(APIView):
    """What you told us for tax offices, or nothing yet. POST keeps another version; you get a mail."""

    permission_classes = [IsCreator]

    @extend_schema(responses={200: TaxDetailsSerializer, 204: None})
    def get(self, request: Request) -> Response:
        standing = TaxIdentity.objects.of(request.user.creator)
        details = standing.details if standing else None
        if details is None:
            return Response(status=status.HTTP_204_NO_CONTENT)
        return Response(TaxDetailsSerializer(details).data)

    @extend_schema(request=TaxDetailsSerializer, responses=TaxDetailsSerializer)
    def post(self, request: Request) -> Response:
        asked = TaxDetailsSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        identity.give(request.user.creator, by=request.user, details=asked.details)
        return Response(TaxDetailsSerializer(asked.details).data)


class MyYears(APIView):
    """Your yearly reports, newest first, every version of each."""

    permission_classes = [IsCreator]

    @extend_schema(responses=YearReportSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(YearReportSerializer(page.mine(request.user.creator).reports, many=True).data)


class MyYearCsv(APIView):
    """One of your yearly reports as CSV."""

    permission_classes = [IsCreator]

    @extend_schema(responses=CSV)
    def get(self, request: Request, pk: int) -> StreamingHttpResponse:
        return csv_of(get_object_or_404(YearReport, pk=pk, creator=request.user.creator))


class MyYearPdf(APIView):
    """One of your yearly reports as PDF."""

    permission_classes = [IsCreator]

    @extend_schema(parameters=[LANG], responses=PDF)
    def get(self, request: Request, pk: int) -> HttpResponse:
        report = get_object_or_404(YearReport, pk=pk, creator=request.user.creator)
        return pdf_of(report, request.query_params.get("lang", "en"))


class Years(APIView):
    """Every year of the books: which months are open, how many reports there are, who gave no tax number."""

    permission_classes = FINANCE

    @extend_schema(responses=YearSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(YearSerializer(page.years(), many=True).data)


class IssueYear(APIView):
    """Have every creator's report of the year made by a worker; made again, with the reason of the correction."""

    permission_classes = CONFIRMED

    @extend_schema(request=YearRoundSerializer, responses={202: YearSerializer})
    def post(self, request: Request, year: int) -> Response:
        asked = YearRoundSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        issuing.issue(year, by=request.user, reason=asked.validated_data["reason"])
        return Response(YearSerializer(page.year(year)).data, status=status.HTTP_202_ACCEPTED)


class RemindYear(APIView):
    """Have everybody told whose tax number is missing."""

    permission_classes = FINANCE

    @extend_schema(request=None, responses={202: YearSerializer})
    def post(self, request: Request, year: int) -> Response:
        issuing.remind(year, by=request.user)
        return Response(YearSerializer(page.year(year)).data, status=status.HTTP_202_ACCEPTED)


class YearFile(APIView):
    """Everybody's year with who they are, as CSV. Taking it is recorded."""

    permission_classes = CONFIRMED

    @extend_schema(request=None, responses=CSV)
    def post(self, request: Request, year: int) -> StreamingHttpResponse:
        return as_csv(papers.everybody(year, by=request.user), f"kezhan-creators-{year}.csv")


urlpatterns = [
    path("earnings/tax-details/", TaxDetailsOfMine.as_view(), name="api-tax-details"),
    path("earnings/years/", MyYears.as_view(), name="api-my-years"),
    path("earnings/years/<int:pk>.csv", MyYearCsv.as_view(), name="api-my-year-csv"),
    path("earnings/years/<int:pk>.pdf", MyYearPdf.as_view(), name="api-my-year-pdf"),
    path("ledger/years/", Years.as_view(), name="api-years"),
    path("ledger/years/<int:year>/issue/", IssueYear.as_view(), name="api-year-issue"),
    path("ledger/years/<int:year>/remind/", RemindYear.as_view(), name="api-year-remind"),
    path("ledger/years/<int:year>/file/", YearFile.as_view(), name="api-year-file"),
]
