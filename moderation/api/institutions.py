"""Institutions before moderators over the API: which are verified, by what, and the next decision."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from creators.institution_api import MemberSerializer
from creators.models import Institution, Verification
from marketplace.lib.rest import Cursor

from .review import ModerationView


class InstitutionRowSerializer(serializers.ModelSerializer):
    class Meta:
        model = Institution
        fields = ["slug", "name", "domain", "kind", "is_verified", "started_at"]
        read_only_fields = fields


class VerificationSerializer(serializers.ModelSerializer):
    """`checked`: what was looked at, or why it holds no more; `link`: the proof, asked for where it is verified."""

    by = serializers.CharField(source="by.__str__", read_only=True)

    class Meta:
        model = Verification
        fields = ["verdict", "checked", "link", "by", "at"]
        read_only_fields = ["at"]


class JudgedInstitutionSerializer(InstitutionRowSerializer):
    members = serializers.SerializerMethodField()
    verifications = serializers.SerializerMethodField(help_text="the newest first")

    class Meta(InstitutionRowSerializer.Meta):
        fields = [*InstitutionRowSerializer.Meta.fields, "about", "members", "verifications"]
        read_only_fields = fields

    @extend_schema_field(MemberSerializer(many=True))
    def get_members(self, found: Institution) -> list[dict[str, Any]]:
        return MemberSerializer(found.members.active().select_related("user"), many=True).data

    @extend_schema_field(VerificationSerializer(many=True))
    def get_verifications(self, found: Institution) -> list[dict[str, Any]]:
        return VerificationSerializer(found.verifications.select_related("by"), many=True).data


class LongestWaiting(Cursor):
    ordering = ("started_at", "id")


@extend_schema_view(get=extend_schema(parameters=[OpenApiParameter("is_verified", bool)]))
class Institutions(ModerationView, generics.ListAPIView):
    """Institutions, the oldest first; `?is_verified=false` for those without a badge."""

    serializer_class = InstitutionRowSerializer
    pagination_class = LongestWaiting
    queryset = Institution.objects.order_by("started_at", "id")

    def get_queryset(self) -> QuerySet[Institution]:
        asked = {"true": True, "false": False}.get(self.request.query_params.get("is_verified", ""))
        rows = super().get_queryset()
        return rows if asked is None else rows.filter(is_verified=asked)


class InstitutionView(ModerationView):
    def institution(self) -> Institution:
        return get_object_or_404(Institution, slug=self.kwargs["slug"])


class JudgedInstitution(InstitutionView):
    @extend_schema(responses=JudgedInstitutionSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """One institution with its members and everything that was decided of it."""
        found = self.institution()
        return Response(JudgedInstitutionSerializer(found).data)


class VerifyInstitution(InstitutionView):
    @extend_schema(request=VerificationSerializer, responses={201: VerificationSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Verify it, or withdraw that; its owners are told. 400 without a proof, 403 for one of its members."""
        told = self.sent(VerificationSerializer)
        made = Verification.objects.decide(self.institution(), by=request.user, **told)  # type: ignore[misc]
        return Response(VerificationSerializer(made).data, status=status.HTTP_201_CREATED)
