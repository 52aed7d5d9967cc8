"""The sealed books over the API: the chain of days for everybody, a creator's provable statement for herself."""

from django.conf import settings
from django.http import StreamingHttpResponse
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from creators.permissions import IsCreator
from payments.proof import papers, statement


class Seals(APIView):
    """Every sealed day and every rule of sharing, as `docs/verify/kezhan_verify.py` reads them."""

    permission_classes = [AllowAny]

    @extend_schema(responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request) -> StreamingHttpResponse:
        return StreamingHttpResponse(papers.seals(settings.PAYMENTS_BOOK), content_type="application/json")


class ProvableStatement(APIView):
    """Your statement of one month, each line with its proof. A month holds what was booked in it (UTC)."""

    permission_classes = [IsCreator]

    @extend_schema(responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request, year: int, month: int) -> StreamingHttpResponse:
        lines = statement.month(request.user.creator, year, month)
        return StreamingHttpResponse(lines, content_type="application/json")


urlpatterns = [
    path("ledger/seals/", Seals.as_view(), name="api-seals"),
    path("earnings/statement/<int:year>-<int:month>/", ProvableStatement.as_view(), name="api-provable-statement"),
]
