"""Questions under lessons over the API: for those who have the course, and those who made it."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import permissions, serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from courses.models import Course
from marketplace.lib.rest import Cursor

from . import asking, circle, desk, threads
from .models import Post, QuestionMailStop
from .models.post import PostQuerySet
from .question_shapes import (
    EDITED,
    AcceptanceSerializer,
    AnswerSerializer,
    AskSerializer,
    EditPostSerializer,
    FollowSerializer,
    LessonQuestionSerializer,
    SpeedSerializer,
    ThreadSerializer,
    UpSerializer,
    WantsSerializer,
    WholeQuestionSerializer,
    WritePostSerializer,
)

REFUSED = OpenApiResponse(description="application/problem+json with a stable code")
NOT_YOURS = OpenApiResponse(description="no course that you have, or made")


class Newest(Cursor):
    """What was asked last, first."""

    ordering: Any = threads.ORDERS["newest"]

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        rows = super().paginate_queryset(queryset, request, view)
        threads.place_all(rows or [])
        return rows


class BestFirst(Cursor):
    """Of a view that knows its reader's `place`."""

    ordering: Any = threads.ORDERS["votes"]

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        rows = super().paginate_queryset(queryset, request, view)
        threads.fill(rows or [], request.user, view.place)
        return rows


def _posts() -> PostQuerySet:
    return Post.objects.with_writers().select_related(
        "course__live_version", "question__course__creator", "accepted__author", "accepted__course__creator"
    )


def _seen(request: Request, pk: int, *kinds: str) -> Post:
    """A post that stands before whoever asks. Raises Http404."""
    return _seen_from(request, pk, *kinds)[0]


def _seen_from(request: Request, pk: int, *kinds: str) -> tuple[Post, circle.Place]:
    """The same, and where she stands."""
    post = get_object_or_404(_posts().filter(kind__in=kinds or Post.Kind.values), pk=pk)
    place = circle.of(request.user, post.course)
    if not circle.is_read_by(post, request.user, place):
        raise Http404
    return post, place


def _written_on(request: Any, pk: int, *kinds: str) -> Post:
    """A post under which whoever asks may write. Raises Http404, MayNotWrite, NotInTheCourse."""
    post = _seen(request, pk, *kinds)
    circle.must_write(request.user, post.course)
    return post


class Mine(APIView):
    permission_classes = [permissions.IsAuthenticated]

    @property
    def me(self) -> Any:
        return self.request.user

    def told(self, shape: type[serializers.Serializer], **more: Any) -> dict[str, Any]:
        told = shape(data=self.request.data, **more)
        told.is_valid(raise_exception=True)
        return told.validated_data


@extend_schema_view(
    get=extend_schema(
        parameters=[
            OpenApiParameter("lesson", uuid.UUID, description="of this lesson alone"),
            OpenApiParameter("q", str, description="words that title or text hold"),
            OpenApiParameter("unanswered", bool, description="1: those without an answer alone"),
            OpenApiParameter("hidden", bool, description="1: yours that a moderator has hidden, and no others"),
        ],
        responses={200: LessonQuestionSerializer(many=True), 404: NOT_YOURS},
    )
)
class Questions(Mine, ListAPIView):
    """Questions of a course that you have, or made, the newest first."""

    serializer_class = LessonQuestionSerializer
    pagination_class = Newest
    filter_backends: list[Any] = []

    def course(self) -> tuple[Course, circle.Place]:
        live = Course.objects.filter(live_version__isnull=False).select_related("creator", "live_version")
        course = get_object_or_404(live, slug=self.kwargs["slug"])
        place = circle.of(self.request.user, course)
        if not place.reads:
            raise Http404
        return course, place

    def get_queryset(self) -> QuerySet[Post]:
        course, place = self.course()
        asked = self.request.query_params
        if asked.get("hidden") in ("1", "true"):
            hidden = circle.hidden_from_others(course, self.me, place)
            return hidden.with_writers().select_related("course__live_version")
        lesson = _uuid(asked.get("lesson", ""))
        order = "unanswered" if asked.get("unanswered") in ("1", "true") else "newest"
        rows = threads.listed(course, place, lesson=lesson, words=asked.get("q", "")[:200], order=order)
        return rows.select_related("course__live_version")

    @extend_schema(request=AskSerializer, responses={201: LessonQuestionSerializer, 404: NOT_YOURS, 409: REFUSED})
    def post(self, request: Request, slug: str) -> Response:
        """Ask under a live lesson, at a second of its film if you like."""
        course, _place = self.course()
        circle.must_write(self.me, course)
        wish = self.told(AskSerializer)
        key, at_s = wish.pop("lesson"), wish.pop("at_s")
        post = asking.ask(self.me, course, key, wish, at_s=at_s)
        threads.place_all([post])
        shown = LessonQuestionSerializer(post, context={"request": request})
        return Response(shown.data, status=status.HTTP_201_CREATED)


class Question(Mine):
    @extend_schema(responses={200: ThreadSerializer, 404: NOT_YOURS})
    def get(self, request: Request, pk: int) -> Response:
        """One question with its comments, and where you stand with it."""
        thread = threads.of(_seen(request, pk, Post.Kind.QUESTION), request.user, {"after": "", "before": ""})
        if thread is None:
            raise Http404
        return Response(ThreadSerializer(thread, context={"request": request}).data)


class Answers(Mine, ListAPIView):
    """Answers to a question, the most voted first, each with its comments."""

    serializer_class = AnswerSerializer
    pagination_class = BestFirst
    filter_backends: list[Any] = []

    def get_queryset(self) -> QuerySet[Post]:
        asked, self.place = _seen_from(self.request, self.kwargs["pk"], Post.Kind.QUESTION)
        return threads.answers(asked, self.me, self.place)

    @extend_schema(request=WritePostSerializer, responses={201: AnswerSerializer, 404: NOT_YOURS, 409: REFUSED})
    def post(self, request: Request, pk: int) -> Response:
        """Answer it."""
        asked = _written_on(request, pk, Post.Kind.QUESTION)
        post = asking.answer(self.me, asked, self.told(WritePostSerializer))
        return _made(post, request)


class Comments(Mine):
    @extend_schema(request=WritePostSerializer, responses={201: AnswerSerializer, 404: NOT_YOURS, 409: REFUSED})
    def post(self, request: Request, pk: int) -> Response:
        """Comment on a question or an answer."""
        parent = _written_on(request, pk, Post.Kind.QUESTION, Post.Kind.ANSWER)
        return _made(asking.comment(self.me, parent, self.told(WritePostSerializer)), request)


class OnePost(Mine):
    @extend_schema(request=EditPostSerializer, responses={200: EDITED, 404: NOT_YOURS, 409: REFUSED})
    def patch(self, request: Request, pk: int) -> Response:
        """Say otherwise what you wrote; what it said before is kept."""
        post = _seen(request, pk)
        wish = self.told(EditPostSerializer)
        revision = wish.pop("revision", None)
        said = {"title": post.title, "text": post.text, **wish}
        return _made(asking.edit(post, said, by=self.me, revision=revision), request, status.HTTP_200_OK)


class Vote(Mine):
    @extend_schema(request=UpSerializer, responses={204: None, 404: NOT_YOURS, 409: REFUSED})
    def put(self, request: Request, pk: int) -> Response:
        """You want to know that too, or find that answer helpful; or (`up` false) not any more."""
        post = _seen(request, pk, Post.Kind.QUESTION, Post.Kind.ANSWER)
        asking.vote(post, by=self.me, **self.told(UpSerializer))
        return Response(status=status.HTTP_204_NO_CONTENT)


class Accepted(Mine):
    @extend_schema(request=AcceptanceSerializer, responses={200: AcceptanceSerializer, 404: NOT_YOURS, 409: REFUSED})
    def put(self, request: Request, pk: int) -> Response:
        """Who asked, or the course's creator, chooses the answer; `answer` null: none after all."""
        asked, wish = _seen(request, pk, Post.Kind.QUESTION), self.told(AcceptanceSerializer)
        chosen = get_object_or_404(_posts().answers(), pk=wish["answer"]) if wish["answer"] else None
        row = asking.accept(asked, chosen, by=self.me, number=wish.get("number"))
        return Response({"answer": row.answer_id, "number": row.number})


class Follow(Mine):
    @extend_schema(request=FollowSerializer, responses={204: None, 404: NOT_YOURS})
    def put(self, request: Request, pk: int) -> Response:
        """Hear of answers to it, or not any more."""
        asked = _seen(request, pk, Post.Kind.QUESTION)
        asking.follow(asked, by=self.me, **self.told(FollowSerializer))
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema_view(
    get=extend_schema(
        parameters=[OpenApiParameter("waiting", bool, description="1: those that wait for you alone")],
        responses={200: LessonQuestionSerializer(many=True)},
    )
)
class Desk(Mine, ListAPIView):
    """What learners asked under your courses, the newest first."""

    serializer_class = LessonQuestionSerializer
    pagination_class = Newest
    filter_backends: list[Any] = []

    def get_queryset(self) -> QuerySet[Post]:
        rows = desk.asked_of(self.me).with_writers().select_related("course__live_version")
        return rows.waiting() if self.request.query_params.get("waiting") in ("1", "true") else rows


class DeskFigures(Mine):
    @extend_schema(responses={200: SpeedSerializer})
    def get(self, request: Request) -> Response:
        """How fast you answer: of the questions of the last 90 days."""
        return Response(SpeedSerializer(desk.speed(request.user, timezone.now())).data)


class QuestionMails(Mine):
    @extend_schema(responses={200: WantsSerializer})
    def get(self, request: Request) -> Response:
        """Whether you hear of questions and answers by mail and notice."""
        return Response({"wants": QuestionMailStop.objects.wants(request.user)})

    @extend_schema(request=WantsSerializer, responses={200: WantsSerializer})
    def put(self, request: Request) -> Response:
        wish = self.told(WantsSerializer)
        QuestionMailStop.objects.choose(self.me, **wish)
        return Response(wish)


def _made(post: Post, request: Request, code: int = status.HTTP_201_CREATED) -> Response:
    threads.fill([post], request.user, circle.of(request.user, post.course))
    threads.place_all([post])
    shape = WholeQuestionSerializer if post.is_question else AnswerSerializer
    return Response(shape(post, context={"request": request}).data, status=code)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


urlpatterns = [
    path("courses/<slug:slug>/questions/", Questions.as_view(), name="api-questions"),
    path("questions/mails/", QuestionMails.as_view(), name="api-question-mails"),
    path("questions/<int:pk>/", Question.as_view(), name="api-question"),
    path("questions/<int:pk>/answers/", Answers.as_view(), name="api-answers"),
    path("questions/<int:pk>/accepted/", Accepted.as_view(), name="api-accepted"),
    path("questions/<int:pk>/follow/", Follow.as_view(), name="api-follow-question"),
    path("studio/questions/", Desk.as_view(), name="api-studio-questions-asked"),
    path("studio/questions/figures/", DeskFigures.as_view(), name="api-studio-question-figures"),
    path("posts/<int:pk>/", OnePost.as_view(), name="api-post"),
    path("posts/<int:pk>/comments/", Comments.as_view(), name="api-comments"),
    path("posts/<int:pk>/vote/", Vote.as_view(), name="api-vote"),
]
