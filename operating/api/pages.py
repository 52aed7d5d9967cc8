"""The house's own pages over the API: for everybody what is shown, for administrators the writing of them."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import permissions, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import HasRole
from operating import periods
from operating.models import CustomPage, PageVersion
from operating.models.page import LONGEST_TEXT, MOST_PLACES, WORDS


class PageWordsSerializer(serializers.ModelSerializer):
    class Meta:
        model = PageVersion
        fields = ["number", *WORDS, "at"]
        read_only_fields = fields


class PeriodSerializer(serializers.Serializer):
    number = serializers.IntegerField(source="version.number")
    since = serializers.DateTimeField()
    until = serializers.DateTimeField(allow_null=True)
    why = serializers.CharField()


class ShownPageSerializer(serializers.Serializer):
    slug = serializers.CharField()
    in_foot = serializers.BooleanField(source="present.in_foot")
    shown = PageWordsSerializer()
    shown_since = serializers.DateTimeField(source="present.at")


class OnePageSerializer(serializers.Serializer):
    slug = serializers.CharField()
    shown = PageWordsSerializer(allow_null=True, help_text="Null: it is withdrawn.")
    periods = PeriodSerializer(many=True, help_text="What it said before, the newest first.")


class OwnPageSerializer(serializers.Serializer):
    """A page as its writers see it."""

    slug = serializers.CharField()
    shown_number = serializers.IntegerField(source="shown.number", default=None, allow_null=True)
    newest = PageWordsSerializer()
    showing = serializers.IntegerField(source="present_id", allow_null=True)


class WriteVersionSerializer(serializers.Serializer):
    title_en = serializers.CharField(max_length=100, required=False, allow_blank=True)
    title_zh = serializers.CharField(max_length=100, required=False, allow_blank=True)
    text_en = serializers.CharField(max_length=LONGEST_TEXT, required=False, allow_blank=True)
    text_zh = serializers.CharField(max_length=LONGEST_TEXT, required=False, allow_blank=True)
    why = serializers.CharField(max_length=300)

    @property
    def words(self) -> dict[str, str]:
        return {name: self.validated_data.get(name, "") for name in WORDS}


class StartPageSerializer(WriteVersionSerializer):
    slug = serializers.CharField(max_length=60)


class NextVersionSerializer(WriteVersionSerializer):
    seen = serializers.IntegerField(min_value=1, help_text="The number of the version that this one follows.")


class PublishPageSerializer(serializers.Serializer):
    number = serializers.IntegerField(min_value=1)
    seen = serializers.IntegerField(min_value=0, help_text="The page's `showing` when this was decided; 0: none.")
    in_foot = serializers.BooleanField(default=False)
    place = serializers.IntegerField(min_value=0, max_value=MOST_PLACES, default=0)
    why = serializers.CharField(max_length=300)


class WithdrawPageSerializer(serializers.Serializer):
    seen = serializers.IntegerField(min_value=0)
    why = serializers.CharField(max_length=300)


def _asked(kind: type[serializers.Serializer], request: Request) -> Any:
    sent = kind(data=request.data)
    sent.is_valid(raise_exception=True)
    return sent


class Pages(APIView):
    permission_classes = [permissions.AllowAny]

    @extend_schema(operation_id="pages_list", responses=ShownPageSerializer(many=True), summary="The site's own pages")
    def get(self, request: Request) -> Response:
        rows = CustomPage.objects.public().order_by("present__place", "slug")
        return Response(ShownPageSerializer(rows, many=True).data)


class OnePage(APIView):
    permission_classes = [permissions.AllowAny]

    @extend_schema(operation_id="pages_read", responses=OnePageSerializer, summary="One page, with what it said before")
    def get(self, request: Request, slug: str) -> Response:
        page, shown = periods.found_or_404(slug)
        return Response(OnePageSerializer({"slug": page.slug, "shown": page.shown, "periods": shown}).data)


class PageAtVersion(APIView):
    permission_classes = [permissions.AllowAny]

    @extend_schema(operation_id="pages_version", responses=PageWordsSerializer, summary="What a page said once")
    def get(self, request: Request, slug: str, number: int) -> Response:
        _page, shown = periods.found_or_404(slug)
        return Response(PageWordsSerializer(periods.of_number_or_404(shown, number)[0].version).data)


class StaffPages(APIView):
    permission_classes = [HasRole.of("admin")]

    @extend_schema(operation_id="staff_pages_list", responses=OwnPageSerializer(many=True), summary="Drafts too")
    def get(self, request: Request) -> Response:
        rows = CustomPage.objects.select_related("present__version").prefetch_related("versions")
        return Response(OwnPageSerializer(rows, many=True).data)

    @extend_schema(operation_id="staff_pages_start", request=StartPageSerializer, responses={201: OwnPageSerializer})
    def post(self, request: Request) -> Response:
        """A new page, not published yet. 409 `page_taken`."""
        sent = _asked(StartPageSerializer, request)
        told = sent.validated_data
        page = CustomPage.objects.start(told["slug"], sent.words, by=request.user, why=told["why"])
        return Response(OwnPageSerializer(page).data, status=status.HTTP_201_CREATED)


class StaffPage(APIView):
    permission_classes = [HasRole.of("admin")]

    @extend_schema(
        operation_id="staff_pages_read", responses=OwnPageSerializer, summary="A page with its newest version"
    )
    def get(self, request: Request, slug: str) -> Response:
        return Response(OwnPageSerializer(get_object_or_404(CustomPage, slug=slug)).data)

    @extend_schema(operation_id="staff_pages_write", request=NextVersionSerializer, responses=PageWordsSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """The next version, all of it, not published yet. 409 `page_edited_elsewhere`."""
        page, sent = get_object_or_404(CustomPage, slug=slug), _asked(NextVersionSerializer, request)
        told = sent.validated_data
        row = page.write(sent.words, by=request.user, why=told["why"], seen=told["seen"])
        return Response(PageWordsSerializer(row).data)


class PublishPage(APIView):
    permission_classes = [HasRole.of("admin", confirmed=True)]

    @extend_schema(operation_id="staff_pages_publish", request=PublishPageSerializer, responses=OnePageSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """The page shows this version from now on. 403 `confirmation_needed`."""
        page, told = get_object_or_404(CustomPage, slug=slug), _asked(PublishPageSerializer, request).validated_data
        get_object_or_404(page.versions, number=told["number"])
        page.publish(**told, by=request.user)
        return _one(page)


class WithdrawPage(APIView):
    permission_classes = [HasRole.of("admin", confirmed=True)]

    @extend_schema(operation_id="staff_pages_withdraw", request=WithdrawPageSerializer, responses=OnePageSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """The page shows nothing any more. 403 `confirmation_needed`, 409 `page_not_shown`."""
        page, told = get_object_or_404(CustomPage, slug=slug), _asked(WithdrawPageSerializer, request).validated_data
        page.withdraw(**told, by=request.user)
        return _one(page)


def _one(page: CustomPage) -> Response:
    return Response(OnePageSerializer({"slug": page.slug, "shown": page.shown, "periods": periods.of(page)}).data)


urlpatterns = [
    path("pages/", Pages.as_view(), name="api-pages"),
    path("pages/<slug:slug>/", OnePage.as_view(), name="api-page"),
    path("pages/<slug:slug>/versions/<int:number>/", PageAtVersion.as_view(), name="api-page-version"),
    path("staff/pages/", StaffPages.as_view(), name="api-staff-pages"),
    path("staff/pages/<slug:slug>/", StaffPage.as_view(), name="api-staff-page"),
    path("staff/pages/<slug:slug>/publish/", PublishPage.as_view(), name="api-staff-page-publish"),
    path("staff/pages/<slug:slug>/withdraw/", WithdrawPage.as_view(), name="api-staff-page-withdraw"),
]
