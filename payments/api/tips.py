"""Tips over the API: what a course takes, giving one, taking it back, and a creator's choice."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import permissions, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from courses.models import Course
from creators.permissions import IsCreator
from payments.models import Order, TipStop
from payments.order_serializers import OrderSerializer
from payments.refund_serializers import RefundSerializer
from payments.tips import giving, taking_back, terms
from payments.tips.serializers import GiveTipSerializer, TakesTipsSerializer, TipTermsSerializer


class GiveTip(APIView):
    """What may be given for a course. POST starts a tip: an order with a page to pay on; asked again for the same
    amount, it is the same order. Whoever starts one agrees to the site's terms, where it has published some (see
    `pages/`).
    """

    permission_classes = [permissions.IsAuthenticated]

    def _course(self, slug: str) -> Any:
        courses = Course.objects.select_related("creator").filter(live_version__isnull=False)
        return get_object_or_404(courses, slug=slug)

    @extend_schema(responses=TipTermsSerializer)
    def get(self, request: Request, slug: str) -> Response:
        course = self._course(slug)
        refusal = str(terms.refusal(request.user, course))
        told = {"is_open": not refusal, "refusal": refusal, "terms": terms.of_currency(course.currency)}
        return Response(TipTermsSerializer(told).data)

    @extend_schema(request=GiveTipSerializer, responses={201: OrderSerializer})
    def post(self, request: Request, slug: str) -> Response:
        course, asked = self._course(slug), GiveTipSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        order = giving.start(
            request.user, course, asked.validated_data["amount"], shows_name=asked.validated_data["shows_name"]
        )
        shown = Order.objects.shown().get(pk=order.pk)
        return Response(OrderSerializer(shown).data, status=status.HTTP_201_CREATED)


class TakeTipBack(APIView):
    """Take a tip of yours back, whole, within the hours that its page says. The money moves afterwards."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(request=None, responses={201: RefundSerializer})
    def post(self, request: Request, number: str) -> Response:
        order = get_object_or_404(Order.objects.of(request.user), number=number, items__is_tip=True)
        refund = taking_back.take_back(order, by=request.user)
        return Response(RefundSerializer(refund).data, status=status.HTTP_201_CREATED)


class TakesTips(APIView):
    """Whether your courses take tips; from the choice on."""

    permission_classes = [IsCreator]

    @extend_schema(responses=TakesTipsSerializer)
    def get(self, request: Request) -> Response:
        is_stopped = TipStop.objects.open().filter(creator=request.user.creator).exists()
        return Response(TakesTipsSerializer({"takes_tips": not is_stopped}).data)

    @extend_schema(request=TakesTipsSerializer, responses=TakesTipsSerializer)
    def post(self, request: Request) -> Response:
        asked = TakesTipsSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        TipStop.objects.choose(request.user.creator, asked.validated_data["takes_tips"], by=request.user)
        return self.get(request)


urlpatterns = [
    path("courses/<slug:slug>/tip/", GiveTip.as_view(), name="api-tip"),
    path("orders/<slug:number>/take-tip-back/", TakeTipBack.as_view(), name="api-take-tip-back"),
    path("takes-tips/", TakesTips.as_view(), name="api-takes-tips"),
]
