"""Courses and categories over the API. Their list, which can be searched, is discovery's."""

from typing import Any

from django.shortcuts import get_object_or_404
from django_filters.utils import translate_validation
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import permissions
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from courses import filter_counts, history
from courses.filters import CourseFilter, chosen_of
from courses.models import Category, Collection, Course, PriceChange, Skill, SubjectCheck, TaughtSkill
from courses.models.collection import CollectionQuerySet, in_order
from courses.models.course import CourseQuerySet
from courses.serializers import (
    CategorySerializer,
    CollectionSerializer,
    CompareSerializer,
    CourseDetailSerializer,
    FiltersSerializer,
    PublishedVersionSerializer,
    SkillSerializer,
    VersionChangesSerializer,
)


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
            .annotate(
                prices=PriceChange.objects.rows_of("pk"),
                taught=TaughtSkill.objects.rows_of("live_version_id"),
                said=SubjectCheck.objects.rows_of("pk"),
            )
        )


@extend_schema_view(get=extend_schema(operation_id="categories_list", summary="The shelves of the catalogue"))
class Categories(ListAPIView):
    permission_classes = [permissions.AllowAny]
    serializer_class = CategorySerializer
    pagination_class = None
    filter_backends: list = []
    queryset = Category.objects.all()


class Filters(APIView):
    """What the catalogue's filters offer, and how many courses each choice would leave with the others as they are."""

    permission_classes = [permissions.AllowAny]

    @extend_schema(
        operation_id="filters_list",
        parameters=[OpenApiParameter(name, str) for name in CourseFilter.base_filters if name != "sort"],
        responses=FiltersSerializer,
        summary="Filters of the catalogue with their counts",
    )
    def get(self, request: Request) -> Response:
        asked = CourseFilter(request.query_params, Course.objects.listed())
        if not asked.is_valid():
            raise translate_validation(asked.errors)
        return Response(FiltersSerializer(filter_counts.of(chosen_of(request.query_params))).data)


@extend_schema_view(get=extend_schema(operation_id="skills_list", summary="What courses may teach, in order"))
class Skills(ListAPIView):
    permission_classes = [permissions.AllowAny]
    serializer_class = SkillSerializer
    pagination_class = None
    filter_backends: list = []
    queryset = Skill.objects.offered().select_related("category")


@extend_schema_view(
    get=extend_schema(operation_id="collections_list", summary="Collections of staff that are shown now")
)
class Collections(ListAPIView):
    permission_classes = [permissions.AllowAny]
    serializer_class = CollectionSerializer
    pagination_class = None
    filter_backends: list = []
    queryset = Collection.objects.none()

    def get_queryset(self) -> CollectionQuerySet:
        return Collection.objects.public()

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """All of them, as on their page; their courses are asked for once."""
        shown = list(self.get_queryset())
        held = in_order([one.present for one in shown if one.present])
        return Response(self.get_serializer_class()(shown, many=True, context={"request": request, "held": held}).data)


@extend_schema_view(get=extend_schema(operation_id="collections_read", summary="One collection that is shown now"))
class OneCollection(RetrieveAPIView):
    permission_classes = [permissions.AllowAny]
    serializer_class = CollectionSerializer
    lookup_field = "slug"
    filter_backends: list = []
    queryset = Collection.objects.none()

    def get_queryset(self) -> CollectionQuerySet:
        return Collection.objects.public()


class Versions(APIView):
    """The published versions of a course, the newest first, ten a page."""

    permission_classes = [permissions.AllowAny]

    @extend_schema(
        parameters=[OpenApiParameter("page", int)],
        responses=PublishedVersionSerializer(many=True),
        summary="The versions that a course had",
    )
    def get(self, request: Request, slug: str) -> Response:
        course = get_object_or_404(Course.objects.on_sale(), slug=slug)
        _page, published = history.page(course, request.query_params.get("page"))
        return Response(PublishedVersionSerializer(published, many=True).data)


class CompareVersions(APIView):
    permission_classes = [permissions.AllowAny]

    @extend_schema(
        parameters=[CompareSerializer], responses=VersionChangesSerializer, summary="What lies between two versions"
    )
    def get(self, request: Request, slug: str) -> Response:
        course = get_object_or_404(Course.objects.on_sale(), slug=slug)
        asked = CompareSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        _old, _new, changes = history.compared(course, **asked.validated_data)
        return Response(VersionChangesSerializer(changes).data)
