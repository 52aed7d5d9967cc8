"""Bundles over the API: those on sale, for everybody; a creator's own, to make, price, offer and withdraw."""

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import permissions, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from creators.permissions import IsCreator
from payments.bundles.offers import offers
from payments.bundles.serializers import (
    BundleSerializer,
    ChangeBundleSerializer,
    MakeBundleSerializer,
    OwnBundleSerializer,
    WithdrawBundleSerializer,
    shown,
)
from payments.models import Bundle


class BundleDetail(APIView):
    """A bundle on sale, as you may buy it: what you own already is not paid for again."""

    permission_classes = [permissions.AllowAny]

    @extend_schema(responses=BundleSerializer)
    def get(self, request: Request, slug: str) -> Response:
        found = offers(request.user, [get_object_or_404(Bundle.objects.shown(), slug=slug)])
        if not found:
            raise Http404
        return Response(shown(found[0], request.user))


class OwnBundles(ListAPIView):
    """Your bundles, newest first. POST makes one, not offered yet."""

    permission_classes = [IsCreator]
    serializer_class = OwnBundleSerializer
    queryset = Bundle.objects.none()

    def get_queryset(self) -> QuerySet[Bundle]:
        return Bundle.objects.shown().of(self.request.user.creator).prefetch_related("prices")

    @extend_schema(request=MakeBundleSerializer, responses={201: OwnBundleSerializer})
    def post(self, request: Request) -> Response:
        asked = MakeBundleSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        made = Bundle.objects.make(by=request.user, creator=request.user.creator, **asked.validated_data)
        return _own(request, made.slug, status.HTTP_201_CREATED)


class OwnBundle(APIView):
    """One of your bundles. PATCH changes its words, its price, and its courses as long as it was never offered."""

    permission_classes = [IsCreator]

    @extend_schema(responses=OwnBundleSerializer)
    def get(self, request: Request, slug: str) -> Response:
        return _own(request, slug)

    @extend_schema(request=ChangeBundleSerializer, responses=OwnBundleSerializer)
    def patch(self, request: Request, slug: str) -> Response:
        bundle = _mine(request, slug)
        asked = ChangeBundleSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        bundle.change(by=request.user, **asked.validated_data)
        return _own(request, slug)


class OfferBundle(APIView):
    """On sale from now on."""

    permission_classes = [IsCreator]

    @extend_schema(request=None, responses=OwnBundleSerializer)
    def post(self, request: Request, slug: str) -> Response:
        _mine(request, slug).offer(by=request.user)
        return _own(request, slug)


class WithdrawBundle(APIView):
    """Off the sale; orders that are placed keep what they were promised."""

    permission_classes = [IsCreator]

    @extend_schema(request=WithdrawBundleSerializer, responses=OwnBundleSerializer)
    def post(self, request: Request, slug: str) -> Response:
        bundle = _mine(request, slug)
        asked = WithdrawBundleSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        bundle.withdraw(by=request.user, **asked.validated_data)
        return _own(request, slug)


def _mine(request: Request, slug: str) -> Bundle:
    return get_object_or_404(Bundle.objects.shown().of(request.user.creator), slug=slug)


def _own(request: Request, slug: str, code: int = status.HTTP_200_OK) -> Response:
    return Response(OwnBundleSerializer(_mine(request, slug)).data, status=code)


urlpatterns = [
    path("bundles/<slug:slug>/", BundleDetail.as_view(), name="api-bundle"),
    path("studio/bundles/", OwnBundles.as_view(), name="api-own-bundles"),
    path("studio/bundles/<slug:slug>/", OwnBundle.as_view(), name="api-own-bundle"),
    path("studio/bundles/<slug:slug>/offer/", OfferBundle.as_view(), name="api-offer-bundle"),
    path("studio/bundles/<slug:slug>/withdraw/", WithdrawBundle.as_view(), name="api-withdraw-bundle"),
]
