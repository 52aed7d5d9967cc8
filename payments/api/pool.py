"""The pool of the pass over the API: a creator's parts, where a member's money went, finance's divisions."""

import uuid

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import permissions
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import HasRole
from creators.permissions import IsCreator
from payments.models import Membership, PoolDivision
from payments.pool import shown
from payments.pool.serializers import (
    CreatorPoolMonthSerializer,
    LookAtPoolSerializer,
    OnePoolDivisionSerializer,
    PoolDivisionSerializer,
    WentSerializer,
)


class StudioPool(APIView):
    """What the pass brought you, month by month, and of which courses."""

    permission_classes = [IsCreator]

    @extend_schema(responses=CreatorPoolMonthSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(CreatorPoolMonthSerializer(shown.of_creator(request.user.creator), many=True).data)


class MembershipPool(APIView):
    """Where your months of the pass went, the newest first; empty for a creator's own membership."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(responses=WentSerializer(many=True))
    def get(self, request: Request, token: uuid.UUID) -> Response:
        mine = get_object_or_404(Membership.objects.of(request.user), token=token)
        return Response(WentSerializer(shown.of_membership(mine, request.user), many=True).data)


class FinancePool(ListAPIView):
    """The divisions, the newest first."""

    permission_classes = [HasRole.of("finance")]
    serializer_class = PoolDivisionSerializer

    def get_queryset(self) -> QuerySet[PoolDivision]:
        return PoolDivision.objects.here()


class FinancePoolDivision(RetrieveAPIView):
    """One division with all its parts."""

    permission_classes = [HasRole.of("finance")]
    serializer_class = OnePoolDivisionSerializer

    def get_queryset(self) -> QuerySet[PoolDivision]:
        return PoolDivision.objects.here()


class LookAtPool(APIView):
    """What the next division in a currency would be if it were made now; nothing is written."""

    permission_classes = [HasRole.of("finance")]

    @extend_schema(responses=LookAtPoolSerializer)
    def get(self, request: Request, currency: str) -> Response:
        look = shown.look_of(currency)
        if look is None:
            raise Http404
        return Response(LookAtPoolSerializer(look).data)


urlpatterns = [
    path("studio/pool/", StudioPool.as_view(), name="api-studio-pool"),
    path("memberships/<uuid:token>/pool/", MembershipPool.as_view(), name="api-membership-pool"),
    path("finance/pool/", FinancePool.as_view(), name="api-finance-pool"),
    path("finance/pool/<int:pk>/", FinancePoolDivision.as_view(), name="api-finance-pool-division"),
    path("finance/pool/look/<slug:currency>/", LookAtPool.as_view(), name="api-finance-pool-look"),
]
