"""Quizzes, files and pictures of a lesson over the API."""

import uuid

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from courses import quiz_writing
from courses.models import Attachment, Lesson, Picture

from . import quiz_shapes as shapes
from .curriculum import CurriculumView


class QuizView(CurriculumView):
    def quiz(self) -> Lesson:
        quizzes = Lesson.objects.filter(version__course__creator__user=self.request.user, kind=Lesson.Kind.QUIZ)
        return get_object_or_404(quizzes.select_related("version__course__creator"), pk=self.kwargs["pk"])


class QuizOfLesson(QuizView):
    @extend_schema(responses=shapes.QuizSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """The whole quiz, right answers included: for its creator alone."""
        return Response(shapes.QuizSerializer(self.quiz()).data)

    @extend_schema(request=shapes.QuizRulesSerializer, responses=shapes.QuizSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Change rules. 409 `edited_elsewhere` when `revision` is sent and is not the present one."""
        lesson = self.quiz()
        told = self.sent(shapes.QuizRulesSerializer)
        quiz_writing.change_rules(lesson, told, told.get("revision"))
        return Response(shapes.QuizSerializer(lesson).data)


class Questions(QuizView):
    @extend_schema(request=shapes.NewQuestionSerializer, responses={201: shapes.SavedQuestionSerializer})
    def post(self, request: Request, pk: int) -> Response:
        lesson = self.quiz()
        told = self.sent(shapes.NewQuestionSerializer)
        question = quiz_writing.add_question(lesson, told["kind"], told)
        return Response(shapes.question_told(question, lesson.revision), status=status.HTTP_201_CREATED)


class OneQuestion(QuizView):
    @extend_schema(request=shapes.QuestionChangesSerializer, responses=shapes.SavedQuestionSerializer)
    def patch(self, request: Request, pk: int, question: uuid.UUID) -> Response:
        """409 `edited_elsewhere` when `revision` is sent and is not the lesson's present one."""
        lesson = self.quiz()
        told = self.sent(shapes.QuestionChangesSerializer)
        changed = quiz_writing.change_question(lesson, str(question), told, told.get("revision"))
        return Response(shapes.question_told(changed, lesson.revision))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int, question: uuid.UUID) -> Response:
        quiz_writing.remove_question(self.quiz(), str(question))
        return Response(status=status.HTTP_204_NO_CONTENT)


class MoveQuestion(QuizView):
    @extend_schema(request=shapes.DirectionSerializer, responses={204: None})
    def post(self, request: Request, pk: int, question: uuid.UUID) -> Response:
        """One place up or down."""
        quiz_writing.move_question(self.quiz(), str(question), self.sent(shapes.DirectionSerializer)["direction"])
        return Response(status=status.HTTP_204_NO_CONTENT)


class Files(CurriculumView):
    parser_classes = [MultiPartParser]

    @extend_schema(responses=shapes.AttachmentSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        return Response(shapes.AttachmentSerializer(self.lesson().files.all(), many=True).data)

    @extend_schema(
        request={"multipart/form-data": shapes.FileUploadSerializer}, responses={201: shapes.AttachmentSerializer}
    )
    def post(self, request: Request, pk: int) -> Response:
        """A file for a lesson of files: multipart form data with it in `file`, at most 100 MB."""
        row = Attachment.add(self.lesson(), self.sent(shapes.FileUploadSerializer)["file"])
        return Response(shapes.AttachmentSerializer(row).data, status=status.HTTP_201_CREATED)


class OneFile(CurriculumView):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Take a file out of the draft; what is live keeps it."""
        mine = Attachment.objects.filter(version__course__creator__user=request.user)
        row = get_object_or_404(mine.select_related("version__course", "lesson__version__course"), pk=pk)
        row.remove()
        return Response(status=status.HTTP_204_NO_CONTENT)


class Pictures(CurriculumView):
    parser_classes = [MultiPartParser]

    @extend_schema(responses=shapes.PictureSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        rows = Picture.objects.filter(lesson_key=self.lesson().key)
        return Response(shapes.PictureSerializer(rows, many=True).data)

    @extend_schema(
        request={"multipart/form-data": shapes.PictureUploadSerializer}, responses={201: shapes.PictureSerializer}
    )
    def post(self, request: Request, pk: int) -> Response:
        """A picture for the lesson's texts: multipart form data with it in `picture`. It is written anew as WebP."""
        lesson = self.lesson()
        row = Picture.add(lesson, self.sent(shapes.PictureUploadSerializer)["picture"], by=request.user)
        return Response(shapes.PictureSerializer(row).data, status=status.HTTP_201_CREATED)
