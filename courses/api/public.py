"""The catalogue over the API: the same questions and the same answers as its pages."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import permissions
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.views import APIView

from courses.filters import ORDERS, CourseFilter
from courses.models import Category, Course, PriceChange
from courses.models.course import CourseQuerySet
from courses.serializers import CategorySerializer, CourseDetailSerializer, CourseSerializer
from marketplace.lib.rest import Cursor


class CatalogueCursor(Cursor):
    """Pages in the order that was asked for."""

    def get_ordering(self, request: Request, queryset: QuerySet, view: APIView) -> tuple[str, ...]:
        asked = CourseFilter(request.query_params, Course.objects.none())
        asked.is_valid()
        return ORDERS[asked.order]


@extend_schema_view(get=extend_schema(operation_id="courses_list", summary="Courses on sale: filters, words, order"))
class Courses(ListAPIView):
    permission_classes = [permissions.AllowAny]
    serializer_class = CourseSerializer
    filterset_class = CourseFilter
    pagination_class = CatalogueCursor

    def get_queryset(self) -> CourseQuerySet:
        return Course.objects.on_sale().cards()


@extend_schema_view(get=extend_schema(operation_id="courses_read", summary="One course on sale, with its curriculum"))
class CourseDetail(RetrieveAPIView):
    permission_classes = [permissions.AllowAny]
    serializer_class = CourseDetailSerializer
    lookup_field = "slug"
    filter_backends: list = []

    def get_queryset(self) -> CourseQuerySet:
        return (
            Course.objects.on_sale()
            .select_related("creator", "category", "live_version")
            .annotate(prices=PriceChange.objects.rows_of("pk"))
        )


@extend_schema_view(get=extend_schema(operation_id="categories_list", summary="The shelves of the catalogue"))
class Categories(ListAPIView):
    permission_classes = [permissions.AllowAny]
    serializer_class = CategorySerializer
    pagination_class = None
    filter_backends: list = []
    queryset = Category.objects.all()
