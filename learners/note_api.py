"""Notes over the API: one's own, in lessons that one may watch."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import permissions, serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from . import notes
from .models import Note
from .models.note import LAST_SECOND, LONGEST_TEXT

REFUSED = OpenApiResponse(description="application/problem+json with a stable code")


class LessonNoteSerializer(serializers.Serializer):
    id = serializers.IntegerField(read_only=True)
    course = serializers.SlugField(source="course.slug", read_only=True)
    lesson = serializers.UUIDField(source="lesson_key")
    at_s = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=0,
        max_value=LAST_SECOND,
        help_text="second of the film",
    )
    text = serializers.CharField(
        max_length=LONGEST_TEXT, allow_blank=True, default="", trim_whitespace=False, help_text="empty: a bookmark"
    )
    is_old_film = serializers.BooleanField(
        read_only=True, help_text="its second is of a film before the present one: `at_s` is the nearest place"
    )
    revision = serializers.IntegerField(read_only=True)
    written_at = serializers.DateTimeField(read_only=True)
    edited_at = serializers.DateTimeField(read_only=True)
    url = serializers.SerializerMethodField()

    def get_url(self, note: Note) -> str:
        return self.context["request"].build_absolute_uri(notes.address(note.course, note))

    def to_representation(self, note: Note) -> dict[str, Any]:
        return {**super().to_representation(note), "at_s": note.place_s}


class EditLessonNoteSerializer(serializers.Serializer):
    text = serializers.CharField(max_length=LONGEST_TEXT, allow_blank=True, trim_whitespace=False)
    revision = serializers.IntegerField(
        required=False, min_value=0, max_value=2**31 - 1, help_text="the one that you saw; left out, you overwrite"
    )


@extend_schema_view(
    get=extend_schema(parameters=[OpenApiParameter("course", str), OpenApiParameter("q", str, description="words")])
)
class Notes(ListAPIView):
    """Your notes, the newest first."""

    permission_classes = [permissions.IsAuthenticated]
    serializer_class = LessonNoteSerializer
    filter_backends: list[Any] = []

    def get_queryset(self) -> QuerySet[Note]:
        rows = Note.objects.of(self.request.user).select_related("course")
        asked = self.request.query_params
        if asked.get("course"):
            rows = rows.filter(course__slug=asked["course"].replace("\x00", "")[:100])
        return rows.holding(asked.get("q", "").replace("\x00", ""))

    def paginate_queryset(self, queryset: Any) -> Any:
        return notes.placed(super().paginate_queryset(queryset) or [])

    @extend_schema(request=LessonNoteSerializer, responses={201: LessonNoteSerializer, 403: REFUSED, 409: REFUSED})
    def post(self, request: Request) -> Response:
        """A note at a second of a lesson's film, or beside an article. Without text it is a bookmark."""
        told = LessonNoteSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        wish = told.validated_data
        note = notes.add(request.user, wish["lesson_key"], text=wish["text"], at_s=wish["at_s"])
        return Response(LessonNoteSerializer(note, context={"request": request}).data, status=status.HTTP_201_CREATED)


class NoteOf(APIView):
    """One of your notes."""

    permission_classes = [permissions.IsAuthenticated]

    def get_object(self) -> Note:
        found: Note = get_object_or_404(
            Note.objects.of(self.request.user).select_related("course"), pk=self.kwargs["pk"]
        )
        return notes.placed([found])[0]

    @extend_schema(responses={200: LessonNoteSerializer})
    def get(self, request: Request, pk: int) -> Response:
        return Response(LessonNoteSerializer(self.get_object(), context={"request": request}).data)

    @extend_schema(request=EditLessonNoteSerializer, responses={200: LessonNoteSerializer, 409: REFUSED})
    def patch(self, request: Request, pk: int) -> Response:
        note = self.get_object()
        told = EditLessonNoteSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        note.edit(**told.validated_data)
        return Response(LessonNoteSerializer(note, context={"request": request}).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        self.get_object().remove()
        return Response(status=status.HTTP_204_NO_CONTENT)


urlpatterns = [
    path("notes/", Notes.as_view(), name="api-notes"),
    path("notes/<int:pk>/", NoteOf.as_view(), name="api-note"),
]
