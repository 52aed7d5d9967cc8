"""Name and look over the API: for everybody what they are, for administrators their change."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import permissions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import HasRole
from marketplace.lib import links
from operating import look
from operating.models import Look
from operating.models.look import WORDS


class SiteSerializer(serializers.Serializer):
    name_en = serializers.CharField()
    name_zh = serializers.CharField()
    tagline_en = serializers.CharField()
    tagline_zh = serializers.CharField()
    accent = serializers.CharField(help_text='"#c2361d", or "" for the one that Kezhan comes with.')
    language = serializers.CharField(help_text="For browsers that ask for neither English nor Chinese.")
    logo = serializers.URLField(allow_null=True)
    logo_dark = serializers.URLField(allow_null=True)
    icon = serializers.URLField(allow_null=True)


class LookSerializer(serializers.ModelSerializer):
    by = serializers.CharField(source="by.email")

    class Meta:
        model = Look
        fields = ["number", *WORDS, "by", "at", "why"]
        read_only_fields = fields


class ChangeLookSerializer(serializers.ModelSerializer):
    """What is not sent stays as it is, and so do pictures: they are sent on the page."""

    accent = serializers.CharField(max_length=7, allow_blank=True, required=False)
    language = serializers.CharField(max_length=12, required=False, help_text="en or zh-hans.")
    seen = serializers.IntegerField(
        min_value=0, help_text="The number of the look that this one follows; 0: the first."
    )

    class Meta:
        model = Look
        fields = [*WORDS, "why", "seen"]


class AgainSerializer(serializers.Serializer):
    seen = serializers.IntegerField(min_value=0)
    why = serializers.CharField(max_length=300)


class Site(APIView):
    permission_classes = [permissions.AllowAny]

    @extend_schema(operation_id="site_read", responses=SiteSerializer, summary="What the site is called and looks like")
    def get(self, request: Request) -> Response:
        known = look.now()
        told: dict[str, Any] = {name: known.get(name, "") for name in ("tagline_en", "tagline_zh", "accent")}
        told |= {"name_en": look.name("en"), "name_zh": look.name("zh"), "language": look.default_language()}
        for name in ("logo", "logo_dark", "icon"):
            picture = known.get(name)
            told[name] = links.absolute(picture["url"]) if picture else None
        return Response(SiteSerializer(told).data)


class Looks(APIView):
    permission_classes = [HasRole.of("admin", confirmed=True)]

    @extend_schema(
        operation_id="staff_looks_list", responses=LookSerializer(many=True), summary="All looks, newest first"
    )
    def get(self, request: Request) -> Response:
        return Response(LookSerializer(Look.objects.select_related("by")[:100], many=True).data)

    @extend_schema(operation_id="staff_looks_change", request=ChangeLookSerializer, responses=LookSerializer)
    def post(self, request: Request) -> Response:
        """The next look. 403 `confirmation_needed`, 409 `look_edited_elsewhere`; 400 for an accent without contrast,
        which names the nearest that has it.
        """
        sent = ChangeLookSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        told = dict(sent.validated_data)
        seen, why = told.pop("seen"), told.pop("why")
        row = Look.objects.change(told, {}, by=request.user, why=why, seen=seen)
        return Response(LookSerializer(row).data)


class LookAgain(APIView):
    permission_classes = [HasRole.of("admin", confirmed=True)]

    @extend_schema(operation_id="staff_looks_again", request=AgainSerializer, responses=LookSerializer)
    def post(self, request: Request, number: int) -> Response:
        """An earlier look is the present one again. 403 `confirmation_needed`, 409 `look_edited_elsewhere`."""
        get_object_or_404(Look, number=number)
        sent = AgainSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        return Response(LookSerializer(Look.objects.again(number, **sent.validated_data, by=request.user)).data)


urlpatterns = [
    path("site/", Site.as_view(), name="api-site"),
    path("staff/looks/", Looks.as_view(), name="api-looks"),
    path("staff/looks/<int:number>/again/", LookAgain.as_view(), name="api-look-again"),
]
