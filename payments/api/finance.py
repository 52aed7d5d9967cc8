"""Payout runs and the trial balance over the API, for people of finance."""

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import HasRole
from payments import ledger, payouts
from payments.models import PayoutRun
from payments.serializers import PayoutRunSerializer, TrialBalancesSerializer

WITH_ALL = PayoutRun.objects.prefetch_related("payouts__creator", "skips__creator")


class PayoutRuns(APIView):
    """Release what is due, then begin a payout for everybody who can be paid. Doing it twice sends nothing twice."""

    permission_classes = [HasRole.of("finance")]

    @extend_schema(request=None, responses={201: PayoutRunSerializer})
    def post(self, request: Request) -> Response:
        run = payouts.run(request.user)
        return Response(PayoutRunSerializer(WITH_ALL.get(pk=run.pk)).data, status=status.HTTP_201_CREATED)


class PayoutRunDetail(RetrieveAPIView):
    """A run with each payout's present state, and whom it passed over and why."""

    permission_classes = [HasRole.of("finance")]
    serializer_class = PayoutRunSerializer
    queryset = WITH_ALL


class TrialBalances(APIView):
    """Every account kind's sum by book and currency; the difference is zero."""

    permission_classes = [HasRole.of("finance")]

    @extend_schema(responses=TrialBalancesSerializer)
    def get(self, request: Request) -> Response:
        return Response(TrialBalancesSerializer({"totals": ledger.trial_balance()}).data)


urlpatterns = [
    path("payout-runs/", PayoutRuns.as_view(), name="api-payout-runs"),
    path("payout-runs/<int:pk>/", PayoutRunDetail.as_view(), name="api-payout-run"),
    path("ledger/trial-balance/", TrialBalances.as_view(), name="api-trial-balance"),
]
