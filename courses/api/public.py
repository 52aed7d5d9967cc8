"""Courses and categories over the API. Their list, which can be searched, is discovery's."""

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import permissions
from rest_framework.generics import ListAPIView, RetrieveAPIView

from courses.models import Category, Course, PriceChange
from courses.models.course import CourseQuerySet
from courses.serializers import CategorySerializer, CourseDetailSerializer


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
