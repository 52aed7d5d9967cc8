"""The trial balance, everybody's orders, and work that is stuck, over the API, for people of finance."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import HasRole
from payments import exceptions, ledger, order_flags
from payments.models import Order
from payments.order_serializers import FinanceOrderSerializer
from payments.payout_serializers import ReasonSerializer
from payments.serializers import DeadWorkSerializer, TrialBalancesSerializer


class TrialBalances(APIView):
    """Every account kind's sum by book and currency; the difference is zero."""

    permission_classes = [HasRole.of("finance")]

    @extend_schema(responses=TrialBalancesSerializer)
    def get(self, request: Request) -> Response:
        return Response(TrialBalancesSerializer({"totals": ledger.trial_balance()}).data)


class DeadWorkList(APIView):
    """Work that nobody tries again until a person says so, of every kind."""

    permission_classes = [HasRole.of("finance")]

    @extend_schema(responses=DeadWorkSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(DeadWorkSerializer(exceptions.dead_work(), many=True).data)


class DeadWorkAgain(APIView):
    """Let one row of money's work be tried again, when its cause is mended."""

    permission_classes = [HasRole.of("finance")]

    @extend_schema(request=None, responses={202: None})
    def post(self, request: Request, label: str, pk: str) -> Response:
        exceptions.try_again(label, pk, by=request.user)
        return Response(status=status.HTTP_202_ACCEPTED)


class AllOrders(ListAPIView):
    """Everybody's orders, newest first, for finance and support."""

    permission_classes = [HasRole.of("orders")]
    serializer_class = FinanceOrderSerializer
    queryset = Order.objects.none()

    @extend_schema(parameters=[
        OpenApiParameter("q", str, description="Its number, invoice, charge, or the e-mail."),
        OpenApiParameter("flagged", bool, description="1: those that somebody must look at."),
    ])  # fmt: skip
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Order]:
        found = Order.objects.matching(self.request.query_params.get("q", "")).shown()
        return found.flagged() if self.request.query_params.get("flagged") == "1" else found


class SettleFlag(APIView):
    """Say what you found about an order that somebody had to look at. Finance only."""

    permission_classes = [HasRole.of("finance")]

    @extend_schema(request=ReasonSerializer, responses=FinanceOrderSerializer)
    def post(self, request: Request, number: str) -> Response:
        asked = ReasonSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        order = get_object_or_404(Order, number=number)
        order_flags.settle_flag(order, by=request.user, reason=asked.validated_data["reason"])
        return Response(FinanceOrderSerializer(Order.objects.shown().get(pk=order.pk)).data)


urlpatterns = [
    path("finance/orders/", AllOrders.as_view(), name="api-finance-orders"),
    path("finance/orders/<slug:number>/settle/", SettleFlag.as_view(), name="api-order-settle-flag"),
    path("dead-work/", DeadWorkList.as_view(), name="api-dead-work"),
    path("dead-work/<str:label>/<str:pk>/", DeadWorkAgain.as_view(), name="api-dead-work-again"),
    path("ledger/trial-balance/", TrialBalances.as_view(), name="api-trial-balance"),
]
