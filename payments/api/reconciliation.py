"""Reconciliation over the API, for people of finance: what was compared, what does not fit, and how it was settled."""

from django.conf import settings
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
from payments import sweeps
from payments.models import ReconBreak
from payments.proof_serializers import (
    BookBreakSerializer,
    BreakSerializer,
    ReconciliationSerializer,
    SettleBreakSerializer,
)
from payments.reconciliation import by_hand, desk

FINANCE = [HasRole.of("finance")]


class Reconciliation(APIView):
    """How the books stand: against the provider's balance, by each check's last result, and until when they are
    compared and sealed. POST asks a worker to compare them now, and answers
    409 where one is at it already.
    """

    permission_classes = FINANCE

    @extend_schema(responses=ReconciliationSerializer)
    def get(self, request: Request) -> Response:
        return Response(ReconciliationSerializer(desk.view()).data)

    @extend_schema(request=None, responses={202: None})
    def post(self, request: Request) -> Response:
        sweeps.compare_books(by=request.user)
        return Response(status=status.HTTP_202_ACCEPTED)


class Breaks(ListAPIView):
    """What does not fit between our books and the provider's, oldest first."""

    permission_classes = FINANCE
    serializer_class = BreakSerializer
    queryset = ReconBreak.objects.open()

    def get_queryset(self) -> QuerySet[ReconBreak]:
        return ReconBreak.objects.open().filter(book=settings.PAYMENTS_BOOK)


class SettleBreak(APIView):
    """Say how a break was settled. One that still stands is found again by the next comparison."""

    permission_classes = FINANCE

    @extend_schema(request=SettleBreakSerializer, responses=BreakSerializer)
    def post(self, request: Request, pk: int) -> Response:
        asked = SettleBreakSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        row = get_object_or_404(ReconBreak, pk=pk)
        row.resolve(by=request.user, note=asked.validated_data["note"])
        return Response(BreakSerializer(row).data)


class BookBreak(APIView):
    """Book what is missing of a movement against an account of the house; the break ends."""

    permission_classes = FINANCE

    @extend_schema(request=BookBreakSerializer, responses=BreakSerializer)
    def post(self, request: Request, pk: int) -> Response:
        asked = BookBreakSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        row = get_object_or_404(ReconBreak, pk=pk)
        by_hand.book(row, asked.validated_data["account"], by=request.user, note=asked.validated_data["note"])
        row.refresh_from_db()
        return Response(BreakSerializer(row).data)


urlpatterns = [
    path("reconciliation/", Reconciliation.as_view(), name="api-reconciliation"),
    path("reconciliation/breaks/", Breaks.as_view(), name="api-breaks"),
    path("reconciliation/breaks/<int:pk>/settle/", SettleBreak.as_view(), name="api-break-settle"),
    path("reconciliation/breaks/<int:pk>/book/", BookBreak.as_view(), name="api-break-book"),
]
