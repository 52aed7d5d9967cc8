"""A person's own data over the API."""

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import permissions, serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView

from .models import RecordExport
from .privacy import deleting, exporting
from .privacy_forms import DeleteForm
from .privacy_views import as_file

REFUSED = OpenApiResponse(description="application/problem+json with a stable code")


class RecordSerializer(serializers.Serializer):
    name = serializers.CharField()
    asked_at = serializers.DateTimeField()
    is_ready = serializers.BooleanField()
    expires_at = serializers.DateTimeField(allow_null=True)
    size = serializers.IntegerField()
    url = serializers.SerializerMethodField()

    def get_url(self, record: RecordExport) -> str:
        return reverse("api-record", args=[record.name], request=self.context["request"])


class DeletionSerializer(serializers.Serializer):
    email = serializers.EmailField()
    password = serializers.CharField(trim_whitespace=False, max_length=128)


class Records(ListAPIView):
    """The files of your whole record that you asked for, the newest first."""

    permission_classes = [permissions.IsAuthenticated]
    serializer_class = RecordSerializer

    def get_queryset(self) -> QuerySet[RecordExport]:
        return RecordExport.objects.of(self.request.user)

    @extend_schema(request=None, responses={202: RecordSerializer, 409: REFUSED})
    def post(self, request: Request) -> Response:
        """Ask for your whole record; a worker makes the file."""
        told = RecordSerializer(exporting.ask(request.user), context={"request": request})
        return Response(told.data, status=status.HTTP_202_ACCEPTED)


class Anything(DefaultContentNegotiation):
    """A file is a file, whatever the caller says that it accepts."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class Record(APIView):
    """One of these files, a zip, for a week."""

    permission_classes = [permissions.IsAuthenticated]
    content_negotiation_class = Anything

    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Request, name: str) -> FileResponse:
        found = get_object_or_404(RecordExport.objects.of(request.user), name=name)
        if not found.is_ready:
            raise Http404
        return as_file(found)


class Deletion(APIView):
    """Delete your account, at once and for good: your address and password once more."""

    permission_classes = [permissions.IsAuthenticated]
    throttle_classes = [ScopedRateThrottle]
    throttle_scope = "log_in"

    @extend_schema(request=DeletionSerializer, responses={204: None, 400: REFUSED, 409: REFUSED})
    def post(self, request: Request) -> Response:
        asked = DeletionSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        form = DeleteForm(asked.validated_data, person=request.user)
        if not form.is_valid():
            raise serializers.ValidationError(
                {name: [str(each) for each in errors] for name, errors in form.errors.items()}
            )
        deleting.delete(request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


urlpatterns = [
    path("me/records/", Records.as_view(), name="api-records"),
    path("me/records/<slug:name>/", Record.as_view(), name="api-record"),
    path("me/deletion/", Deletion.as_view(), name="api-deletion"),
]
