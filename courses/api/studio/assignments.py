"""An assignment with its rubric over the API."""

import uuid

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from courses import assignment_writing
from courses.models import Lesson

from . import assignment_shapes as shapes
from .curriculum import CurriculumView
from .quiz_shapes import DirectionSerializer


class AssignmentView(CurriculumView):
    def assignment(self) -> Lesson:
        mine = Lesson.objects.filter(version__course__creator__user=self.request.user, kind=Lesson.Kind.ASSIGNMENT)
        return get_object_or_404(mine.select_related("version__course__creator"), pk=self.kwargs["pk"])


class AssignmentOfLesson(AssignmentView):
    @extend_schema(responses=shapes.AssignmentSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """The whole assignment: rules, rubric, and what it still lacks."""
        return Response(shapes.AssignmentSerializer(self.assignment()).data)

    @extend_schema(request=shapes.AssignmentRulesSerializer, responses=shapes.AssignmentSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Change task and rules. 409 `edited_elsewhere` when `revision` is sent and is not the present one."""
        lesson = self.assignment()
        told = self.sent(shapes.AssignmentRulesSerializer)
        assignment_writing.change_rules(lesson, told, told.get("revision"))
        return Response(shapes.AssignmentSerializer(lesson).data)


class Criteria(AssignmentView):
    @extend_schema(request=shapes.CriterionChangesSerializer, responses={201: shapes.SavedCriterionSerializer})
    def post(self, request: Request, pk: int) -> Response:
        lesson = self.assignment()
        criterion = assignment_writing.add_criterion(lesson, self.sent(shapes.CriterionChangesSerializer))
        return Response(shapes.criterion_told(criterion, lesson.revision), status=status.HTTP_201_CREATED)


class OneCriterion(AssignmentView):
    @extend_schema(request=shapes.CriterionChangesSerializer, responses=shapes.SavedCriterionSerializer)
    def patch(self, request: Request, pk: int, criterion: uuid.UUID) -> Response:
        """409 `edited_elsewhere` when `revision` is sent and is not the lesson's present one."""
        lesson = self.assignment()
        told = self.sent(shapes.CriterionChangesSerializer)
        changed = assignment_writing.change_criterion(lesson, str(criterion), told, told.get("revision"))
        return Response(shapes.criterion_told(changed, lesson.revision))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int, criterion: uuid.UUID) -> Response:
        assignment_writing.remove_criterion(self.assignment(), str(criterion))
        return Response(status=status.HTTP_204_NO_CONTENT)


class MoveCriterion(AssignmentView):
    @extend_schema(request=DirectionSerializer, responses={204: None})
    def post(self, request: Request, pk: int, criterion: uuid.UUID) -> Response:
        """One place up or down."""
        lesson, direction = self.assignment(), self.sent(DirectionSerializer)["direction"]
        assignment_writing.move_criterion(lesson, str(criterion), direction)
        return Response(status=status.HTTP_204_NO_CONTENT)
