"""Files, quizzes and review over the API: what the pages do, by the same calls."""

import uuid

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import permissions, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from courses.models import Attachment, Lesson, Restriction
from courses.quizzes import grading

from . import attempts, item_figures, reviewing, rights
from . import quiz_shapes as shapes
from .models import Enrollment, QuizAttempt, ReviewCard

REFUSED = OpenApiResponse(description="application/problem+json with a stable code")


class LessonFiles(APIView):
    """The files of a lesson, for who may see it. An address gives the file and, to a learner, counts as opened."""

    permission_classes = [permissions.AllowAny]

    @extend_schema(responses={200: shapes.LessonFileSerializer(many=True)})
    def get(self, request: Request, key: uuid.UUID) -> Response:
        lessons = Lesson.objects.filter(key=key, kind=Lesson.Kind.FILE)
        lesson = rights.seen_version(request.user, lessons)
        if lesson is None:
            raise Http404
        files = Attachment.objects.filter(lesson=lesson).select_related("lesson")
        return Response(shapes.LessonFileSerializer(files, many=True, context={"request": request}).data)


class QuizView(APIView):
    permission_classes = [permissions.IsAuthenticated]

    def quiz(self) -> Lesson:
        quizzes = Lesson.objects.live().filter(kind=Lesson.Kind.QUIZ).select_related("version__course__creator")
        lesson = get_object_or_404(quizzes, key=self.kwargs["key"])
        if not rights.may_watch(self.request.user, lesson):
            raise Http404
        return lesson

    def attempt(self, *, looks_back: bool = False) -> QuizAttempt:
        """Of who may learn the course now; who looks back may also while her right is paused. After a refund its
        questions are gone, and while the quiz is hidden.
        """
        mine = QuizAttempt.objects.of(self.request.user).select_related("lesson__version__course", "answers", "result")
        held = Enrollment.objects.active() if looks_back else Enrollment.objects.watchable()
        theirs = held.of(self.request.user).values("course")
        shown = mine.filter(course__in=theirs).exclude(lesson_key__in=Restriction.objects.hidden_keys())
        return get_object_or_404(shown, pk=self.kwargs["pk"])

    def answers(self) -> dict[str, object]:
        sent = shapes.AnswersSerializer(data=self.request.data)
        sent.is_valid(raise_exception=True)
        return sent.validated_data["answers"]


class Quiz(QuizView):
    @extend_schema(responses={200: shapes.StandingOfQuizSerializer})
    def get(self, request: Request, key: uuid.UUID) -> Response:
        """The rules of a quiz, and your attempts at it."""
        return Response(shapes.standing_told(attempts.standing(request.user, self.quiz())))


class Attempts(QuizView):
    @extend_schema(request=None, responses={201: shapes.AttemptSerializer, 403: REFUSED, 409: REFUSED})
    def post(self, request: Request, key: uuid.UUID) -> Response:
        """Start an attempt; while one is open, it is that one. What it asks is drawn once."""
        begun = attempts.start(request.user, self.quiz())
        return Response(shapes.AttemptSerializer(begun).data, status=status.HTTP_201_CREATED)


class OneAttempt(QuizView):
    @extend_schema(responses={200: shapes.AttemptDetailSerializer})
    def get(self, request: Request, pk: int) -> Response:
        """An attempt of yours; what was right is in `key` once it may be seen. While your right is paused: what is
        closed alone.
        """
        standing = attempts.standing(request.user, self.attempt(looks_back=True).lesson)
        found = next(each for each in standing.attempts if each.pk == pk)
        if found.is_open and not rights.may_learn(request.user, found.course_id):
            raise Http404
        return Response(shapes.AttemptDetailSerializer(found, context={"standing": standing}).data)


class Answers(QuizView):
    @extend_schema(request=shapes.AnswersSerializer, responses={200: shapes.SavedSerializer, 409: REFUSED})
    def patch(self, request: Request, pk: int) -> Response:
        """Keep answers while they are given. 409 `attempt_closed` after the attempt's end."""
        return Response(shapes.saved(attempts.keep(request.user, self.attempt().pk, self.answers())))


class Submit(QuizView):
    @extend_schema(request=shapes.AnswersSerializer, responses={200: shapes.ResultSerializer, 403: REFUSED})
    def post(self, request: Request, pk: int) -> Response:
        """Hand in, with last answers. Repeated, it answers what the first time did."""
        result = attempts.submit(request.user, self.attempt().pk, self.answers())
        return Response(shapes.ResultSerializer(result).data)


class Review(APIView):
    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(responses={200: shapes.DueSerializer(many=True)})
    def get(self, request: Request) -> Response:
        """Questions of your quizzes that are due today, in your own time zone; the longest due first."""
        return Response(shapes.DueSerializer(reviewing.due(request.user), many=True).data)

    @extend_schema(request=shapes.ReviewAnswerSerializer, responses={200: shapes.ReviewedSerializer, 409: REFUSED})
    def post(self, request: Request) -> Response:
        """Answer one of them. 409 `not_due` when it was answered already."""
        sent = shapes.ReviewAnswerSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        told = sent.validated_data
        given = reviewing.answer(request.user, told["card"], told["answer"], answers_seen=told["answers_seen"])
        question = given.lesson.questions.question(str(given.question))
        item = grading.grade([question] if question else [], {str(given.question): given.given}).items[0]
        card = ReviewCard.objects.of(request.user).get(pk=told["card"])
        return Response(shapes.reviewed(item, card.due_at))


class ItemFigures(APIView):
    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(responses={200: shapes.ItemFiguresSerializer(many=True)})
    def get(self, request: Request, key: uuid.UUID) -> Response:
        """How each question of your quiz does: first attempts, from five people on; shares from five right."""
        mine = Lesson.objects.filter(version__course__creator__user=request.user, kind=Lesson.Kind.QUIZ, key=key)
        lesson = get_object_or_404(mine.order_by("-version__number")[:1])
        figures = item_figures.of_quiz(key)
        told = [
            {"question": each.id, **vars(figures[(each.id, each.fingerprint)])}
            for each in lesson.questions.questions
            if (each.id, each.fingerprint) in figures
        ]
        return Response(shapes.ItemFiguresSerializer(told, many=True).data)


urlpatterns = [
    path("lessons/<uuid:key>/files/", LessonFiles.as_view(), name="api-lesson-files"),
    path("lessons/<uuid:key>/quiz/", Quiz.as_view(), name="api-lesson-quiz"),
    path("lessons/<uuid:key>/attempts/", Attempts.as_view(), name="api-attempts"),
    path("lessons/<uuid:key>/item-figures/", ItemFigures.as_view(), name="api-item-figures"),
    path("attempts/<int:pk>/", OneAttempt.as_view(), name="api-attempt"),
    path("attempts/<int:pk>/answers/", Answers.as_view(), name="api-attempt-answers"),
    path("attempts/<int:pk>/submit/", Submit.as_view(), name="api-attempt-submit"),
    path("review/", Review.as_view(), name="api-review"),
]
