"""Disputes over the API, for people of finance."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import HasRole
from payments import disputes
from payments.dispute_serializers import AcceptSerializer, DisputeSerializer, EvidenceSerializer
from payments.models import Dispute


class Disputes(ListAPIView):
    """Disputes, newest first. `show`: due (waiting for an answer of ours), open, or all (the default)."""

    permission_classes = [HasRole.of("finance")]
    serializer_class = DisputeSerializer
    queryset = Dispute.objects.none()

    def get_queryset(self) -> QuerySet[Dispute]:
        return Dispute.objects.showing(self.request.query_params.get("show", "all")).shown()

    @extend_schema(parameters=[OpenApiParameter("show", str, enum=["due", "open", "all"])])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class DisputeDetail(RetrieveAPIView):
    """One dispute, with the draft of the evidence while it can be answered."""

    permission_classes = [HasRole.of("finance")]
    serializer_class = DisputeSerializer
    queryset = Dispute.objects.shown()


class DisputeDraft(APIView):
    """Evidence out of our own records, by the provider's field names: to be read and changed before it is sent."""

    permission_classes = [HasRole.of("finance")]

    @extend_schema(responses=EvidenceSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(EvidenceSerializer(disputes.draft(get_object_or_404(Dispute, pk=pk))).data)

    @extend_schema(request=EvidenceSerializer, responses={202: DisputeSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Send evidence to the bank. It reads one answer; the call is made afterwards."""
        asked = EvidenceSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        disputes.submit(get_object_or_404(Dispute, pk=pk), by=request.user, fields=asked.validated_data)
        return _answered(pk)


class DisputeAcceptance(APIView):
    """Let the buyer keep the money: the dispute is lost at once."""

    permission_classes = [HasRole.of("finance")]

    @extend_schema(request=AcceptSerializer, responses={202: DisputeSerializer})
    def post(self, request: Request, pk: int) -> Response:
        asked = AcceptSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        disputes.accept(get_object_or_404(Dispute, pk=pk), by=request.user, reason=asked.validated_data["reason"])
        return _answered(pk)


def _answered(pk: int) -> Response:
    return Response(DisputeSerializer(Dispute.objects.shown().get(pk=pk)).data, status=status.HTTP_202_ACCEPTED)


urlpatterns = [
    path("disputes/", Disputes.as_view(), name="api-disputes"),
    path("disputes/<int:pk>/", DisputeDetail.as_view(), name="api-dispute"),
    path("disputes/<int:pk>/evidence/", DisputeDraft.as_view(), name="api-dispute-evidence"),
    path("disputes/<int:pk>/accept/", DisputeAcceptance.as_view(), name="api-dispute-accept"),
]
