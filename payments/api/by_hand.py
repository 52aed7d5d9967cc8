"""Payment by hand over the API: the ways, and what a buyer does with an order that waits."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import permissions
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.lib.addresses import address_of
from marketplace.lib.money import CURRENCIES
from payments.hand import again, waiting
from payments.hand.serializers import NothingSerializer, OtherWaySerializer, PaymentWaySerializer
from payments.models import Order, PaymentWay
from payments.order_serializers import OrderSerializer

CURRENCY = OpenApiParameter("currency", str, description="Only those of this currency.")


class PaymentWays(ListAPIView):
    """By which ways an order can be paid by hand; name its code when you start one."""

    permission_classes = [permissions.IsAuthenticated]
    serializer_class = PaymentWaySerializer
    queryset = PaymentWay.objects.none()

    @extend_schema(parameters=[CURRENCY])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[PaymentWay]:
        offered = PaymentWay.objects.standing().filter(is_on=True).order_by("currency", "pk")
        currency = self.request.query_params.get("currency", "").upper()
        return offered.filter(currency=currency if currency in CURRENCIES else None) if currency else offered


class OrderSent(APIView):
    """You have sent the money of an order that is paid by hand."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(request=NothingSerializer, responses=OrderSerializer)
    def post(self, request: Request, number: str) -> Response:
        order = _hers(request, number)
        waiting.say_sent(order, by=request.user)
        return _shown(order)


class OrderCancel(APIView):
    """You do not want an order that waits to be paid by hand."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(request=NothingSerializer, responses=OrderSerializer)
    def post(self, request: Request, number: str) -> Response:
        order = _hers(request, number)
        waiting.cancel(order, by=request.user)
        return _shown(order)


class OrderOtherWay(APIView):
    """Pay another way: the order that waits is closed, and the answer is the one in its place."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(request=OtherWaySerializer, responses=OrderSerializer)
    def post(self, request: Request, number: str) -> Response:
        order, asked = _hers(request, number), OtherWaySerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return _shown(again.pay_otherwise(order, way=asked.validated_data["way"], address=address_of(request)))


def _hers(request: Request, number: str) -> Any:
    return get_object_or_404(Order.objects.of(request.user).by_hand(), number=number)


def _shown(order: Order) -> Response:
    return Response(OrderSerializer(Order.objects.shown().get(pk=order.pk)).data)


urlpatterns = [
    path("payment-ways/", PaymentWays.as_view(), name="api-payment-ways"),
    path("orders/<slug:number>/sent/", OrderSent.as_view(), name="api-order-sent"),
    path("orders/<slug:number>/cancel/", OrderCancel.as_view(), name="api-order-cancel"),
    path("orders/<slug:number>/other-way/", OrderOtherWay.as_view(), name="api-order-other-way"),
]
