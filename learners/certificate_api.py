"""Certificates over the API: one's own, asking for one, checking one by its code."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import permissions, serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import HasRole
from courses.models import Course
from marketplace.lib.rest import Cursor

from .certificates import credential, issuing, sharing
from .models import Certificate, CertificateRevocation
from .models.certificate import LONGEST_NAME, cleaned_name

REFUSED = OpenApiResponse(description="application/problem+json with a stable code")


class CertificateSerializer(serializers.Serializer):
    """What everybody who has the code may read. `name` is empty when its holder hides it."""

    code = serializers.CharField()
    url = serializers.SerializerMethodField()
    course = serializers.SlugField(source="course.slug")
    title = serializers.CharField(source="version.title")
    course_version = serializers.IntegerField(source="version.number")
    creator = serializers.CharField(source="course.creator.name")
    name = serializers.CharField()
    issued_at = serializers.DateTimeField()
    is_revoked = serializers.BooleanField()
    revoked_at = serializers.DateTimeField(source="revocation_or_none.at", default=None)
    revocation_cause = serializers.CharField(source="revocation_or_none.cause", default=None)
    evidence = serializers.SerializerMethodField()

    def get_url(self, certificate: Certificate) -> str:
        return self.context["request"].build_absolute_uri(certificate.get_absolute_url())

    @extend_schema_field({"type": "object", "properties": {
        "watched_s": {"type": "integer"}, "length_s": {"type": "integer"}, "lessons": {"type": "integer"},
        "sha256": {"type": "string"},
        "quizzes": {"type": "array", "items": {"type": "object", "properties": {
            "key": {"type": "string"}, "title": {"type": "string"}, "percent": {"type": "integer"},
            "attempt": {"type": "integer"}, "passed_on": {"type": "string", "format": "date"},
        }}},
    }})  # fmt: skip
    def get_evidence(self, certificate: Certificate) -> dict[str, Any]:
        told = certificate.evidence
        return {
            "watched_s": told["watched_s"], "length_s": told["length_s"], "lessons": len(told["lessons"]),
            "quizzes": told.get("quizzes", []), "sha256": credential.digest(told),
        }  # fmt: skip


class AskCertificateSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=LONGEST_NAME, help_text="as it shall be printed; it cannot be changed")

    def validate_name(self, name: str) -> str:
        try:
            return cleaned_name(name)
        except ValidationError as error:
            raise serializers.ValidationError(error.messages) from error


class CertificateNameSerializer(serializers.Serializer):
    is_name_shown = serializers.BooleanField()


class RevokeCertificateSerializer(serializers.Serializer):
    cause = serializers.ChoiceField(CertificateRevocation.Cause.choices)
    reason = serializers.CharField(max_length=600)


class CredentialSerializer(serializers.Serializer):
    credential = serializers.CharField(help_text="an Open Badge 3.0 as a JSON Web Token (ES256)")


class Certificates(ListAPIView):
    """Your certificates, the newest first."""

    permission_classes = [permissions.IsAuthenticated]
    serializer_class = CertificateSerializer

    def get_queryset(self) -> QuerySet[Certificate]:
        return Certificate.objects.of(self.request.user).shown()


class AskCertificate(APIView):
    """Have the certificate of a course that you have completed issued. From then on nothing of its price comes back."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(request=AskCertificateSerializer, responses={201: CertificateSerializer, 409: REFUSED})
    def post(self, request: Request, slug: str) -> Response:
        asked = AskCertificateSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        live = Course.objects.filter(live_version__isnull=False).select_related("live_version")
        found = issuing.issue(request.user, get_object_or_404(live, slug=slug), asked.validated_data["name"])
        told = Certificate.objects.shown().get(pk=found.pk)
        return Response(CertificateSerializer(told, context={"request": request}).data, status=status.HTTP_201_CREATED)


class CheckCertificate(APIView):
    """Whether a certificate holds, for everybody who has its code. PATCH: its holder shows or hides her name."""

    permission_classes = [permissions.IsAuthenticatedOrReadOnly]

    @extend_schema(responses={200: CertificateSerializer})
    def get(self, request: Request, code: str) -> Response:
        found = get_object_or_404(Certificate.objects.coded(code))
        return Response(CertificateSerializer(found, context={"request": request}).data)

    @extend_schema(request=CertificateNameSerializer, responses={200: CertificateSerializer})
    def patch(self, request: Request, code: str) -> Response:
        found = get_object_or_404(Certificate.objects.coded(code).of(request.user))
        asked = CertificateNameSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        sharing.show_name(found, asked.validated_data["is_name_shown"])
        return Response(CertificateSerializer(found, context={"request": request}).data)


class RevokedSerializer(serializers.ModelSerializer):
    """Without names, and without what opens the page that has one."""

    code_end = serializers.CharField(
        source="certificate.code_end", read_only=True, help_text="the last five signs of its code"
    )
    title = serializers.CharField(source="certificate.version.title", read_only=True, help_text="of the course")

    class Meta:
        model = CertificateRevocation
        fields = ["code_end", "title", "at", "cause"]
        read_only_fields = fields


class RevokedCertificates(ListAPIView):
    """All certificates that were revoked, the newest first, for everybody."""

    permission_classes = [permissions.AllowAny]
    serializer_class = RevokedSerializer
    pagination_class = Cursor
    queryset = CertificateRevocation.objects.select_related("certificate__version")


class Credential(APIView):
    """Your certificate as a signed credential."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(responses={200: CredentialSerializer, 409: REFUSED})
    def get(self, request: Request, code: str) -> Response:
        found = get_object_or_404(Certificate.objects.coded(code).of(request.user))
        return Response({"credential": credential.signed(found)})


class RevokeCertificate(APIView):
    """For moderators: a certificate no longer holds, for good; its holder is told why."""

    permission_classes = [HasRole.of("moderator")]

    @extend_schema(request=RevokeCertificateSerializer, responses={204: None, 409: REFUSED})
    def post(self, request: Request, code: str) -> Response:
        found = get_object_or_404(Certificate.objects.coded(code))
        asked = RevokeCertificateSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        issuing.revoke(found, by=request.user, **asked.validated_data)
        return Response(status=status.HTTP_204_NO_CONTENT)


urlpatterns = [
    path("certificates/", Certificates.as_view(), name="api-certificates"),
    path("certificates/revoked/", RevokedCertificates.as_view(), name="api-certificates-revoked"),
    path("certificates/<slug:code>/", CheckCertificate.as_view(), name="api-certificate"),
    path("certificates/<slug:code>/credential/", Credential.as_view(), name="api-credential"),
    path("certificates/<slug:code>/revoke/", RevokeCertificate.as_view(), name="api-certificate-revoke"),
    path("courses/<slug:slug>/certificate/", AskCertificate.as_view(), name="api-course-certificate"),
]
