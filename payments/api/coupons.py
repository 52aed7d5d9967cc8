"""Coupons over the API: a creator's own, and the platform's for people of finance."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import HasRole
from creators.permissions import IsCreator
from payments.coupons import figures
from payments.coupons.serializers import (
    CouponDetailSerializer,
    CouponSerializer,
    EndCouponSerializer,
    MakeCouponSerializer,
    MakePlatformCouponSerializer,
)
from payments.models import Coupon


def _detail(coupons: QuerySet[Coupon], pk: int, code: int = status.HTTP_200_OK) -> Response:
    coupon: Any = get_object_or_404(figures.with_counts(coupons), pk=pk)
    coupon.brought = figures.brought(coupon)
    return Response(CouponDetailSerializer(coupon).data, status=code)


class Coupons(ListAPIView):
    """Your coupons, newest first. POST makes one; you bear what it takes off."""

    permission_classes = [IsCreator]
    serializer_class = CouponSerializer
    queryset = Coupon.objects.none()

    def mine(self) -> QuerySet[Coupon]:
        return Coupon.objects.of(self.request.user.creator)

    def get_queryset(self) -> QuerySet[Coupon]:
        return figures.with_counts(self.mine()).prefetch_related("courses")

    @extend_schema(request=MakeCouponSerializer, responses={201: CouponDetailSerializer})
    def post(self, request: Request) -> Response:
        asked = MakeCouponSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        owner = request.user.creator
        coupon = Coupon.objects.make(by=request.user, creator=owner, **asked.validated_data)
        return _detail(self.mine(), coupon.pk, status.HTTP_201_CREATED)


class CouponDetail(APIView):
    """One of your coupons, with what it brought."""

    permission_classes = [IsCreator]

    @extend_schema(responses=CouponDetailSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return _detail(Coupon.objects.of(request.user.creator), pk)


class CouponEnd(APIView):
    """Nobody can use it from now on; seats that are reserved may still be paid."""

    permission_classes = [IsCreator]

    @extend_schema(request=EndCouponSerializer, responses=CouponDetailSerializer)
    def post(self, request: Request, pk: int) -> Response:
        mine = Coupon.objects.of(request.user.creator)
        return _ended(request, mine, pk)


def _ended(request: Request, coupons: QuerySet[Coupon], pk: int) -> Response:
    asked = EndCouponSerializer(data=request.data)
    asked.is_valid(raise_exception=True)
    coupon: Any = get_object_or_404(coupons, pk=pk)
    coupon.end(by=request.user, reason=asked.validated_data["reason"])
    return _detail(coupons, pk)


class PlatformCoupons(ListAPIView):
    """The platform's coupons, newest first. POST makes one; the platform bears what it takes off. Finance only."""

    permission_classes = [HasRole.of("finance")]
    serializer_class = CouponSerializer
    queryset = Coupon.objects.none()

    def get_queryset(self) -> QuerySet[Coupon]:
        return figures.with_counts(Coupon.objects.of_platform()).prefetch_related("courses")

    @extend_schema(request=MakePlatformCouponSerializer, responses={201: CouponDetailSerializer})
    def post(self, request: Request) -> Response:
        asked = MakePlatformCouponSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        coupon = Coupon.objects.make(by=request.user, **asked.validated_data)
        return _detail(Coupon.objects.of_platform(), coupon.pk, status.HTTP_201_CREATED)


class PlatformCouponDetail(APIView):
    """One of the platform's coupons, with what it brought. Finance only."""

    permission_classes = [HasRole.of("finance")]

    @extend_schema(responses=CouponDetailSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return _detail(Coupon.objects.of_platform(), pk)


class PlatformCouponEnd(APIView):
    """End one of the platform's coupons. Finance only."""

    permission_classes = [HasRole.of("finance")]

    @extend_schema(request=EndCouponSerializer, responses=CouponDetailSerializer)
    def post(self, request: Request, pk: int) -> Response:
        return _ended(request, Coupon.objects.of_platform(), pk)


urlpatterns = [
    path("coupons/", Coupons.as_view(), name="api-coupons"),
    path("coupons/<int:pk>/", CouponDetail.as_view(), name="api-coupon"),
    path("coupons/<int:pk>/end/", CouponEnd.as_view(), name="api-coupon-end"),
    path("platform-coupons/", PlatformCoupons.as_view(), name="api-platform-coupons"),
    path("platform-coupons/<int:pk>/", PlatformCouponDetail.as_view(), name="api-platform-coupon"),
    path("platform-coupons/<int:pk>/end/", PlatformCouponEnd.as_view(), name="api-platform-coupon-end"),
]
