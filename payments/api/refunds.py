"""Refunds over the API: the meter and taking back by it, finance's refunds, a creator's of her own sales."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import permissions, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import HasRole
from courses.models import Course
from creators.permissions import IsCreator
from marketplace.lib import clock
from payments import meter, refunds
from payments.models import Order, OrderItem, RefundRule
from payments.refund_serializers import (
    AskRefundSerializer,
    AskSaleRefundSerializer,
    MeterBeforeSerializer,
    MeterSerializer,
    RefundRuleVersionSerializer,
    RefundSerializer,
    TakeBackSerializer,
)


def _bought(request: Request, number: str, pk: int) -> Any:
    return get_object_or_404(OrderItem.objects.of_buyer(request.user), order__number=number, pk=pk)


class RefundPromise(APIView):
    """How money would come back of a course that is on sale, if you bought it now: the rule, and what is different for
    you.
    """

    permission_classes = [permissions.AllowAny]

    @extend_schema(responses=MeterBeforeSerializer)
    def get(self, request: Request, slug: str) -> Response:
        course = get_object_or_404(Course.objects.on_sale(), slug=slug)
        found = meter.before(request.user, [course])
        if not found:
            raise Http404
        return Response(MeterBeforeSerializer(found[0]).data)


class RefundRules(APIView):
    """Every version of the rule by which learners take money back themselves, the latest first. An order keeps the one
    of its day.
    """

    permission_classes = [permissions.AllowAny]

    @extend_schema(responses=RefundRuleVersionSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(RefundRuleVersionSerializer(RefundRule.objects.versions(at=clock.now()), many=True).data)


class ItemMeter(APIView):
    """What would come back of one course of your order now, until when, and what changes next."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(responses=MeterSerializer)
    def get(self, request: Request, number: str, pk: int) -> Response:
        return Response(MeterSerializer(meter.of(_bought(request, number, pk))).data)


class TakeBack(APIView):
    """Take your money back by the meter. Your access to the course ends at once; the money moves afterwards."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(request=TakeBackSerializer, responses={202: RefundSerializer})
    def post(self, request: Request, number: str, pk: int) -> Response:
        item = _bought(request, number, pk)
        asked = TakeBackSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        refund = meter.take_back(item, by=request.user, expected=asked.validated_data["amount"])
        return Response(RefundSerializer(refund).data, status=status.HTTP_202_ACCEPTED)


class OrderRefund(APIView):
    """Give money back: all that is left of an order, or of one item, or a part of that. Finance only; the money moves
    afterwards.
    """

    permission_classes = [HasRole.of("finance")]

    @extend_schema(request=AskRefundSerializer, responses={202: RefundSerializer})
    def post(self, request: Request, number: str) -> Response:
        asked = AskRefundSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wish: dict[str, Any] = asked.validated_data
        order: Any = get_object_or_404(Order, number=number)
        item = wish.pop("item", None)
        what = get_object_or_404(order.items, pk=item) if item is not None else order
        return Response(
            RefundSerializer(refunds.refund(what, by=request.user, **wish)).data, status=status.HTTP_202_ACCEPTED
        )


class SaleRefund(APIView):
    """Give one of your own sales back, whole or in part; every party gives its share."""

    permission_classes = [IsCreator]

    @extend_schema(request=AskSaleRefundSerializer, responses={202: RefundSerializer})
    def post(self, request: Request, pk: int) -> Response:
        item: Any = get_object_or_404(OrderItem.objects.made_by(request.user), pk=pk)
        asked = AskSaleRefundSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return Response(
            RefundSerializer(refunds.refund(item, by=request.user, **asked.validated_data)).data,
            status=status.HTTP_202_ACCEPTED,
        )


urlpatterns = [
    path("refund-rules/", RefundRules.as_view(), name="api-refund-rules"),
    path("courses/<slug:slug>/refund-rule/", RefundPromise.as_view(), name="api-course-refund-rule"),
    path("orders/<slug:number>/refund/", OrderRefund.as_view(), name="api-order-refund"),
    path("orders/<slug:number>/items/<int:pk>/meter/", ItemMeter.as_view(), name="api-item-meter"),
    path("orders/<slug:number>/items/<int:pk>/take-back/", TakeBack.as_view(), name="api-take-back"),
    path("earnings/sales/<int:pk>/refund/", SaleRefund.as_view(), name="api-sale-refund"),
]
