"""Collections over the API for those who curate: with who changed what, written anew as one more edition."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from courses.models import Collection, CollectionEdition
from courses.models.collection import MOST_COURSES, WORDS, may_hold
from courses.models.course import CourseQuerySet

from .review import ModerationView


class WordsSerializer(serializers.ModelSerializer):
    class Meta:
        model = CollectionEdition
        fields = [*WORDS, "why"]


@extend_schema_field(serializers.SlugField())
class HeldField(serializers.SlugRelatedField):
    """A course by its slug: on sale, or in the `present` edition of the context."""

    def get_queryset(self) -> CourseQuerySet:
        return may_hold(self.context.get("present"))


class NewCollectionSerializer(WordsSerializer):
    """It is public from `starts_on` to the end of `ends_on`: a day that is over withdraws it, another one publishes it
    again.
    """

    courses = serializers.ListField(
        child=HeldField(slug_field="slug"), min_length=1, max_length=MOST_COURSES,
        help_text="By their slugs, in their order: courses on sale, and what the present edition holds already.",
    )  # fmt: skip

    class Meta(WordsSerializer.Meta):
        fields = [*WordsSerializer.Meta.fields, "courses"]


class WriteCollectionSerializer(NewCollectionSerializer):
    number = serializers.IntegerField(min_value=1, help_text="Of the edition that was looked at.")

    class Meta(NewCollectionSerializer.Meta):
        fields = [*NewCollectionSerializer.Meta.fields, "number"]


class CollectionEditionSerializer(WordsSerializer):
    by = serializers.CharField(source="by.__str__", read_only=True)

    class Meta(WordsSerializer.Meta):
        fields = ["number", *WordsSerializer.Meta.fields, "by", "at"]
        read_only_fields = fields


class CollectionRowSerializer(serializers.ModelSerializer):
    present = CollectionEditionSerializer(read_only=True)

    class Meta:
        model = Collection
        fields = ["slug", "present"]
        read_only_fields = fields


class CuratedSerializer(CollectionRowSerializer):
    courses = serializers.SerializerMethodField(help_text="All of them, by their slugs, in order.")
    not_listed = serializers.SerializerMethodField(
        help_text="Those of them that stand in no list now. They are shown again as soon as they may be."
    )
    editions = serializers.SerializerMethodField(help_text="the newest first")

    class Meta(CollectionRowSerializer.Meta):
        fields = [*CollectionRowSerializer.Meta.fields, "courses", "not_listed", "editions"]
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.SlugField()))
    def get_courses(self, found: Collection) -> list[str]:
        return [course.slug for course in found.present.held()]

    @extend_schema_field(serializers.ListField(child=serializers.SlugField()))
    def get_not_listed(self, found: Collection) -> list[str]:
        return [course.slug for course in found.present.held() if not course.is_listed]

    @extend_schema_field(CollectionEditionSerializer(many=True))
    def get_editions(self, found: Collection) -> list[dict[str, Any]]:
        return CollectionEditionSerializer(found.editions.select_related("by"), many=True).data


class Collections(ModerationView, generics.ListAPIView):
    """Every collection, past and coming ones too, the latest made first."""

    serializer_class = CollectionRowSerializer
    queryset = Collection.objects.exclude(present=None).select_related("present__by")

    @extend_schema(request=NewCollectionSerializer, responses={201: CuratedSerializer})
    def post(self, request: Request) -> Response:
        """Put a collection together. 400 where a course is not on sale or is named twice."""
        told = self.sent(NewCollectionSerializer)
        courses, why = told.pop("courses"), told.pop("why")
        made = Collection.objects.start(told, courses, by=request.user, why=why)  # type: ignore[misc]
        return Response(CuratedSerializer(made).data, status=status.HTTP_201_CREATED)


class OneCollection(ModerationView):
    @extend_schema(responses=CuratedSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """A collection as it stands, with who changed what, when and why."""
        return Response(CuratedSerializer(self.collection()).data)

    @extend_schema(request=WriteCollectionSerializer, responses=CuratedSerializer)
    def put(self, request: Request, slug: str) -> Response:
        """All of it anew, as one more edition. 409 `edited_elsewhere` when `number` is not the present one."""
        found = self.collection()
        told = self.sent(WriteCollectionSerializer, present=found.present)
        courses, why, seen = told.pop("courses"), told.pop("why"), told.pop("number")
        found.write(told, courses, by=request.user, why=why, seen=seen)  # type: ignore[arg-type]
        return Response(CuratedSerializer(found).data)

    def collection(self) -> Collection:
        rows = Collection.objects.exclude(present=None).select_related("present__by")
        return get_object_or_404(rows, slug=self.kwargs["slug"])
