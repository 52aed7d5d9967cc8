"""Sections and lessons over the API."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from courses import lesson_writing
from courses.models import Lesson, Section

from . import serializers as shapes
from .courses import StudioView


class CurriculumView(StudioView):
    def section(self) -> Section:
        mine = Section.objects.filter(version__course__creator__user=self.request.user)
        return get_object_or_404(mine.select_related("version__course__creator"), pk=self.kwargs["pk"])

    def lesson(self) -> Lesson:
        mine = Lesson.objects.filter(version__course__creator__user=self.request.user)
        return get_object_or_404(mine.select_related("version__course__creator", "video"), pk=self.kwargs["pk"])


class Sections(CurriculumView):
    @extend_schema(request=shapes.TitleSerializer, responses={201: shapes.DraftSectionSerializer})
    def post(self, request: Request, slug: str) -> Response:
        version = self.version()
        section = version.add_section(self.sent(shapes.TitleSerializer)["title"], by=request.user)
        return Response(shapes.DraftSectionSerializer(section).data, status=status.HTTP_201_CREATED)


class OneSection(CurriculumView):
    @extend_schema(request=shapes.TitleSerializer, responses=shapes.DraftSectionSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        section = self.section()
        section.rename(self.sent(shapes.TitleSerializer)["title"])
        return Response(shapes.DraftSectionSerializer(section).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """The section with its lessons; their films stay."""
        self.section().remove()
        return Response(status=status.HTTP_204_NO_CONTENT)


class Lessons(CurriculumView):
    @extend_schema(request=shapes.NewLessonSerializer, responses={201: shapes.DraftLessonSerializer})
    def post(self, request: Request, pk: int) -> Response:
        lesson = lesson_writing.add_lesson(self.section(), **self.sent(shapes.NewLessonSerializer))
        return Response(shapes.DraftLessonSerializer(lesson).data, status=status.HTTP_201_CREATED)


class Films(CurriculumView):
    @extend_schema(request=shapes.VideoIdSerializer, responses={201: shapes.DraftLessonSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """A film becomes a lesson at the end of the last section, named after its file."""
        version = self.version()
        lesson = lesson_writing.add_film(version, self.sent(shapes.VideoIdSerializer)["video"], by=request.user)
        return Response(shapes.DraftLessonSerializer(lesson).data, status=status.HTTP_201_CREATED)


class OneLesson(CurriculumView):
    @extend_schema(request=shapes.LessonChangesSerializer, responses=shapes.DraftLessonSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """409 `edited_elsewhere` when `revision` is sent and is not the present one."""
        lesson = lesson_writing.change_lesson(self.lesson(), self.sent(shapes.LessonChangesSerializer))
        return Response(shapes.DraftLessonSerializer(lesson).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        self.lesson().remove()
        return Response(status=status.HTTP_204_NO_CONTENT)


class LessonVideo(CurriculumView):
    @extend_schema(request=shapes.VideoIdSerializer, responses=shapes.DraftLessonSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Make a film this lesson's; it may still be on its way."""
        lesson = self.lesson()
        lesson.attach_video(self.sent(shapes.VideoIdSerializer)["video"])
        return Response(shapes.DraftLessonSerializer(lesson).data)


class Arrange(CurriculumView):
    @extend_schema(request=shapes.OrderSerializer, responses={204: None})
    def post(self, request: Request, slug: str) -> Response:
        """The whole order at once. 409 `edited_elsewhere` when it does not name exactly what is there."""
        version = self.version()
        order = self.sent(shapes.OrderSerializer)["order"]
        version.arrange([(each["section"], each["lessons"]) for each in order])
        return Response(status=status.HTTP_204_NO_CONTENT)
