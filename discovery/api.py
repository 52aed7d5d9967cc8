"""Courses over the API: the same questions and the same answers as the catalogue and the search page."""

from typing import Any

from django.db.models import QuerySet
from django.urls import include, path
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import permissions, serializers
from rest_framework.exceptions import NotFound
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from courses import listing
from courses.filters import chosen_of
from courses.models import Course
from courses.models.course import CourseQuerySet
from courses.paging import Page, read_mark
from courses.serializers import CourseSerializer
from discovery import suggestions
from discovery.asking import MOST_TOLD
from discovery.filters import ORDERS, SearchFilter, order_of, words_of
from discovery.search_api import Search
from marketplace.lib.rest import Cursor


class CatalogueCursor(Cursor):
    """Pages in the order that was asked for; without words those of the catalogue, read as it reads them."""

    listed: Page | None = None

    def get_ordering(self, request: Request, queryset: QuerySet, view: APIView) -> tuple[str, ...]:
        return ORDERS[order_of(request.query_params)]

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        if words_of(request.query_params):
            return super().paginate_queryset(queryset, request, view)
        self.base_url = request.build_absolute_uri()
        chosen = {**chosen_of(request.query_params), "sort": order_of(request.query_params)}
        marks = self._marks(request.query_params.get("cursor", ""), chosen["sort"])
        most = self.get_page_size(request) or self.page_size
        self.listed = listing.page(queryset, listing.Wish(chosen, marks, most))
        return self.listed.rows

    def get_next_link(self) -> str | None:
        return self._link("after", self.listed.after) if self.listed else super().get_next_link()

    def get_previous_link(self) -> str | None:
        return self._link("before", self.listed.before) if self.listed else super().get_previous_link()

    def _link(self, name: str, mark: str) -> str | None:
        return replace_query_param(self.base_url, "cursor", f"{name}.{mark}") if mark else None

    def _marks(self, cursor: str, sort: str) -> dict[str, str]:
        if not cursor:
            return {}
        name, _dot, mark = cursor.partition(".")
        if name not in ("after", "before") or not read_mark(ORDERS[sort], **{name: mark})[0]:
            raise NotFound(self.invalid_cursor_message)
        return {name: mark}


@extend_schema_view(
    get=extend_schema(
        operation_id="courses_list",
        summary="Courses on sale: filters, words, order",
        description=f"With words: of more than {MOST_TOLD} courses found only the most popular are told.",
    )
)
class Courses(ListAPIView):
    permission_classes = [permissions.AllowAny]
    serializer_class = CourseSerializer
    filterset_class = SearchFilter
    pagination_class = CatalogueCursor

    def get_queryset(self) -> CourseQuerySet:
        return Course.objects.listed().cards()


class SuggestionSerializer(serializers.Serializer):
    text = serializers.CharField()
    kind = serializers.ChoiceField(choices=["words", "course", "skill", "creator", "institution"])
    url = serializers.CharField(help_text="Path of the page that answers it.")


class Suggestions(APIView):
    permission_classes = [permissions.AllowAny]

    @extend_schema(
        operation_id="search_suggestions",
        summary="What the beginning of a question may become",
        parameters=[OpenApiParameter("q", str, description="What was typed so far.")],
        responses=SuggestionSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        return Response(suggestions.asked(request))


urlpatterns = [
    path("courses/", Courses.as_view(), name="api-courses"),
    path("search/", Search.as_view(), name="api-search"),
    path("search/suggestions/", Suggestions.as_view(), name="api-suggestions"),
    path("", include("discovery.matching.api")),
    path("", include("discovery.clips.api")),
    path("", include("discovery.saved_api")),
    path("", include("discovery.demand_api")),
]
