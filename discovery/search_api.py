"""Search over the API: what the page of results shows, from the same answer."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import permissions, serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from courses.filters import LABELS, OFFERED, told_of
from courses.models import Course
from courses.serializers import CourseSerializer
from discovery import results
from discovery.filters import SORTS, SearchFilter, words_of
from discovery.moments import Moment
from discovery.results import Results
from marketplace.lib import links


class SearchNameSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=["creator", "institution"])
    name = serializers.CharField()
    url = serializers.CharField()


class SearchPlaceSerializer(serializers.Serializer):
    """A lesson. What is said in it, and at which second, is told to whoever may watch it."""

    course_title = serializers.CharField()
    lesson_title = serializers.CharField()
    excerpt = serializers.CharField(allow_blank=True, help_text="The line that has the words; empty where not told.")
    start_s = serializers.IntegerField(allow_null=True)
    language = serializers.CharField(allow_blank=True, help_text="Of the captions.")
    url = serializers.SerializerMethodField(help_text="The lesson, at that second; or its course.")

    def get_url(self, place: Moment) -> str:
        return links.absolute(place.address)


class SearchChoiceSerializer(serializers.Serializer):
    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field that is named as their own word
    count = serializers.IntegerField(help_text="How many courses it would leave with the other filters as they are.")


class SearchFilterSerializer(serializers.Serializer):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field that is named as their own word
    is_least = serializers.BooleanField(help_text="Not all hits were counted: its numbers say “at least”.")
    choices = SearchChoiceSerializer(many=True)


class SearchResultsSerializer(serializers.Serializer):
    words = serializers.CharField()
    instead = serializers.CharField(
        allow_blank=True, help_text="Did you mean: other words, which were looked for too, since these found little."
    )
    is_loose = serializers.BooleanField(help_text="No course has all of the words; these have some.")
    total = serializers.IntegerField()
    has_more = serializers.BooleanField(help_text="There are more than the total.")
    sorted_among = serializers.IntegerField(
        help_text="So many of the most popular courses found were put in the order that was asked for; 0 for all."
    )
    courses = CourseSerializer(many=True)
    names = SearchNameSerializer(many=True, help_text="Creators and institutions called so.")
    lessons = SearchPlaceSerializer(many=True, help_text="Lessons called so.")
    moments = SearchPlaceSerializer(many=True, help_text="Lessons in which it is said.")
    filters = SearchFilterSerializer(many=True)
    before = serializers.CharField(allow_blank=True, help_text="Query string of the page before; empty at the ends.")
    after = serializers.CharField(allow_blank=True)


def _written(found: Results) -> dict[str, Any]:
    ids = [hit.course_id for hit in found.hits]
    courses = Course.objects.listed().filter(pk__in=ids).cards().in_bulk()
    told = told_of(found.chosen, found.shelves, found.tally)
    return {
        "words": found.words,
        "instead": found.instead,
        "is_loose": found.is_loose,
        "total": found.total,
        "has_more": found.has_more_than_counted,
        "sorted_among": found.sorted_among,
        "courses": [courses[pk] for pk in ids if pk in courses],
        "names": [{"kind": kind, "name": name, "url": links.absolute(path)} for kind, name, path in found.called],
        "lessons": found.lessons,
        "moments": found.moments,
        "filters": [
            {"name": name, "label": LABELS[name], "is_least": name in found.partly, "choices": choices}
            for name, each in told.items()
            if (choices := _choices(each, found.chosen.get(name)))
        ],
        "before": found.before,
        "after": found.after,
    }


def _choices(told: list[tuple[str, str, int]], chosen: str | None) -> list[dict[str, Any]]:
    return [
        {"value": value, "label": label, "count": count} for value, label, count in told if count or value == chosen
    ]


class Search(APIView):
    permission_classes = [permissions.AllowAny]

    @extend_schema(
        operation_id="search",
        summary="Look for words: courses, lessons, what is said in films, creators and institutions",
        description="As the page of results. Names, lessons and moments are told on the first page without filters.",
        parameters=[
            OpenApiParameter("q", str, required=True, description="Words to look for."),
            *(OpenApiParameter(name, str, enum=[key for key, _label in choices]) for name, choices in OFFERED.items()),
            *(
                OpenApiParameter(name, str, description="A slug.")
                for name in ("category", "skill", "institution", "creator")
            ),
            OpenApiParameter("sort", str, enum=[key for key, _label in SORTS]),
            OpenApiParameter("after", str, description="As `after` and `before` of an answer have it."),
            OpenApiParameter("before", str),
        ],
        responses=SearchResultsSerializer,
    )
    def get(self, request: Request) -> Response:
        asked = SearchFilter(request.query_params, Course.objects.none())
        if not asked.form.is_valid():
            raise ValidationError(asked.form.errors)
        if not words_of(request.query_params):
            raise ValidationError({"q": [_("Say which words to look for.")]})
        return Response(SearchResultsSerializer(_written(results.page(request))).data)
