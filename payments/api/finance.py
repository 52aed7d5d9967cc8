"""The trial balance over the API, for people of finance."""

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import HasRole
from payments import ledger
from payments.serializers import TrialBalancesSerializer


class TrialBalances(APIView):
    """Every account kind's sum by book and currency; the difference is zero."""

    permission_classes = [HasRole.of("finance")]

    @extend_schema(responses=TrialBalancesSerializer)
    def get(self, request: Request) -> Response:
        return Response(TrialBalancesSerializer({"totals": ledger.trial_balance()}).data)


urlpatterns = [
    path("ledger/trial-balance/", TrialBalances.as_view(), name="api-trial-balance"),
]
