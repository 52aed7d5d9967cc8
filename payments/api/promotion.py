"""Links and co-authors over the API."""

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

from creators.permissions import IsCreator
from payments import referrals, splits
from payments.models import CourseSplit, PromoterStop, Referral
from payments.referrals import board, figures, standing
from payments.referrals.serializers import (
    MakeReferralSerializer,
    PromotersSerializer,
    PromoterTierSerializer,
    ReferralSerializer,
)
from payments.splits import overview
from payments.splits.serializers import AnswerSplitSerializer, ProposeSplitSerializer, SplitSerializer


class Referrals(APIView):
    """Your links with what they brought, the newest first. POST makes one."""

    permission_classes = [IsCreator]

    @extend_schema(responses=ReferralSerializer(many=True))
    def get(self, request: Request) -> Response:
        return _links(request)

    @extend_schema(request=MakeReferralSerializer, responses={201: ReferralSerializer(many=True)})
    def post(self, request: Request) -> Response:
        asked = MakeReferralSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        Referral.objects.make(owner=request.user.creator, by=request.user, **asked.validated_data)
        return _links(request, status.HTTP_201_CREATED)


class ReferralEnd(APIView):
    """Orders that are placed from now on are not credited to it."""

    permission_classes = [IsCreator]

    @extend_schema(request=None, responses=ReferralSerializer(many=True))
    def post(self, request: Request, pk: int) -> Response:
        mine = Referral.objects.of(request.user.creator).select_related("owner")
        get_object_or_404(mine, pk=pk).end(by=request.user)
        return _links(request)


def _links(request: Request, code: int = status.HTTP_200_OK) -> Response:
    return Response(ReferralSerializer(figures.rows(request.user.creator), many=True).data, status=code)


class PromoterTier(APIView):
    """Your tier as a promoter by the rule of now, and what is missing to the next. Without tiers all of it is null."""

    permission_classes = [IsCreator]

    @extend_schema(responses=PromoterTierSerializer)
    def get(self, request: Request) -> Response:
        return Response(PromoterTierSerializer(standing.of(request.user.creator) or {}).data)


class Promoters(APIView):
    """Whether others may promote your courses for a part of the sale, and who did with what came of it."""

    permission_classes = [IsCreator]

    @extend_schema(responses=PromotersSerializer)
    def get(self, request: Request) -> Response:
        is_closed = PromoterStop.objects.open().filter(creator=request.user.creator).exists()
        return Response(PromotersSerializer({"allowed": not is_closed, "board": board.rows(request.user.creator)}).data)

    @extend_schema(request=PromotersSerializer, responses=PromotersSerializer)
    def post(self, request: Request) -> Response:
        asked = PromotersSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        referrals.let_promote(request.user.creator, asked.validated_data["allowed"], by=request.user)
        return self.get(request)


class Splits(ListAPIView):
    """How your courses are shared, and proposals that name you, newest first. POST proposes a way to share one."""

    permission_classes = [IsCreator]
    serializer_class = SplitSerializer
    queryset = CourseSplit.objects.none()

    def get_queryset(self) -> QuerySet[CourseSplit]:
        return overview.concerning(self.request.user.creator)

    @extend_schema(request=ProposeSplitSerializer, responses={201: SplitSerializer})
    def post(self, request: Request) -> Response:
        asked = ProposeSplitSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        told: Any = asked.validated_data
        parts = [(part["creator"], part["bps"]) for part in told["parts"]]
        split = splits.propose(told["course"], parts, by=request.user, starts_at=told.get("starts_at"))
        shown = overview.concerning(request.user.creator).get(pk=split.pk)
        return Response(SplitSerializer(shown).data, status=status.HTTP_201_CREATED)


class SplitAnswer(APIView):
    """accept or decline by those whom it names, withdraw by the course's creator."""

    permission_classes = [IsCreator]

    @extend_schema(request=AnswerSplitSerializer, responses=SplitSerializer)
    def post(self, request: Request, pk: int) -> Response:
        concerning = overview.concerning(request.user.creator)
        split, asked = get_object_or_404(concerning, pk=pk), AnswerSplitSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        splits.answer(split, asked.validated_data["answer"], by=request.user)
        return Response(SplitSerializer(concerning.get(pk=pk)).data)


urlpatterns = [
    path("referrals/", Referrals.as_view(), name="api-referrals"),
    path("referrals/<int:pk>/end/", ReferralEnd.as_view(), name="api-referral-end"),
    path("referrals/tier/", PromoterTier.as_view(), name="api-promoter-tier"),
    path("promoters/", Promoters.as_view(), name="api-promoters"),
    path("splits/", Splits.as_view(), name="api-splits"),
    path("splits/<int:pk>/answer/", SplitAnswer.as_view(), name="api-split-answer"),
]
