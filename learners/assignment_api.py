"""Assignments over the API: what the pages do, by the same calls."""

import uuid

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import permissions, serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from courses.models import Lesson, Restriction
from creators.permissions import IsCreator

from . import assignment_shapes as shapes
from . import rights
from .assignments import appeals, assessing, handing_in, inbox, peers, standing
from .models import HandIn, HandInAppeal, PeerTurn

REFUSED = OpenApiResponse(description="application/problem+json with a stable code")


class WorkView(APIView):
    permission_classes = [permissions.IsAuthenticated]

    def lesson(self) -> Lesson:
        rows = Lesson.objects.live().filter(kind=Lesson.Kind.ASSIGNMENT).select_related("version__course__creator")
        lesson = get_object_or_404(rows, key=self.kwargs["key"])
        return lesson if rights.may_watch(self.request.user, lesson) else get_object_or_404(rows.none())

    def own_lesson(self) -> Lesson:
        """Of who does the assignment; refused before anything that was sent is looked at."""
        lesson = self.lesson()
        if not rights.may_learn(self.request.user, lesson.version.course_id):
            raise handing_in.NotYourAssignment
        return lesson

    def sent(self, shape: type[serializers.Serializer]) -> dict[str, object]:
        told = shape(data=self.request.data)
        told.is_valid(raise_exception=True)
        return told.validated_data

    def told(self, shape: type[serializers.Serializer], row: object) -> dict[str, object]:
        return shape(row, context={"request": self.request}).data


class OneAssignment(WorkView):
    @extend_schema(responses={200: shapes.StandingOfAssignmentSerializer})
    def get(self, request: Request, key: uuid.UUID) -> Response:
        """The task, its rules and rubric, and your works with what came of each."""
        return Response(shapes.standing_told(standing.of(request.user, self.lesson()), request))


class Draft(WorkView):
    @extend_schema(request=None, responses={200: shapes.HandInDraftSerializer, 403: REFUSED, 409: REFUSED})
    def post(self, request: Request, key: uuid.UUID) -> Response:
        """Your draft; a new one begins with what you handed in last. 409 `hand_in_closed`."""
        return Response(self.told(shapes.HandInDraftSerializer, handing_in.open_draft(request.user, self.lesson())))

    @extend_schema(
        request=shapes.DraftTextSerializer, responses={200: shapes.HandInDraftSerializer, 403: REFUSED, 409: REFUSED}
    )
    def patch(self, request: Request, key: uuid.UUID) -> Response:
        """Keep the text while it is written."""
        lesson, text = self.own_lesson(), str(self.sent(shapes.DraftTextSerializer)["text"])
        return Response(self.told(shapes.HandInDraftSerializer, handing_in.keep_text(request.user, lesson, text)))


class DraftFiles(WorkView):
    parser_classes = [MultiPartParser]

    @extend_schema(
        request={"multipart/form-data": shapes.HandInUploadSerializer},
        responses={201: shapes.HandInFileSerializer, 403: REFUSED, 409: REFUSED},
    )
    def post(self, request: Request, key: uuid.UUID) -> Response:
        """A file for your draft: multipart form data with it in `file`. Its kind is looked at, not only its name."""
        lesson = self.own_lesson()
        upload = self.sent(shapes.HandInUploadSerializer)["file"]
        row = handing_in.add_file(request.user, lesson, upload)
        return Response(self.told(shapes.HandInFileSerializer, row), status=status.HTTP_201_CREATED)


class DraftFile(WorkView):
    @extend_schema(responses={204: None, 403: REFUSED, 409: REFUSED})
    def delete(self, request: Request, key: uuid.UUID, file: uuid.UUID) -> Response:
        """Out of your draft; what you handed in before keeps it."""
        handing_in.remove_file(request.user, self.lesson(), file)
        return Response(status=status.HTTP_204_NO_CONTENT)


class HandIns(WorkView):
    @extend_schema(
        request=shapes.HandInTextSerializer, responses={201: shapes.HandInSerializer, 403: REFUSED, 409: REFUSED}
    )
    def post(self, request: Request, key: uuid.UUID) -> Response:
        """Hand in your draft. 409 `hand_in_closed` while a work is reviewed, after one has passed, and when none is
        left."""
        lesson, text = self.own_lesson(), self.sent(shapes.HandInTextSerializer).get("text")
        made = handing_in.hand_in(request.user, lesson, None if text is None else str(text))
        row = HandIn.objects.whole().get(pk=made.pk)
        return Response(self.told(shapes.HandInSerializer, row), status=status.HTTP_201_CREATED)


class Appeal(WorkView):
    @extend_schema(request=shapes.ObjectionSerializer, responses={201: shapes.HandInSerializer, 409: REFUSED})
    def post(self, request: Request, key: uuid.UUID, number: int) -> Response:
        """Say why the result is wrong: once, within 14 days. 409 `no_appeal_here`."""
        lesson, reason = self.own_lesson(), str(self.sent(shapes.ObjectionSerializer)["text"])
        made = appeals.appeal(request.user, lesson, number, reason)
        row = HandIn.objects.whole().get(pk=made.hand_in_id)
        return Response(self.told(shapes.HandInSerializer, row), status=status.HTTP_201_CREATED)


class Reviews(WorkView):
    @extend_schema(request=None, responses={201: shapes.PeerWorkSerializer, 403: REFUSED, 409: REFUSED})
    def post(self, request: Request, key: uuid.UUID) -> Response:
        """The work of another to review; while one is open, it is that one. 409 `nothing_to_review`,
        `hand_in_first`."""
        turn = peers.take(request.user, self.lesson())
        return Response(self.told(shapes.PeerWorkSerializer, turn), status=status.HTTP_201_CREATED)


class OneReview(WorkView):
    def turn(self) -> PeerTurn:
        rows = PeerTurn.objects.of(self.request.user).live().filter(due_at__gt=timezone.now())
        rows = rows.filter(hand_in__course__enrollments__in=self.request.user.enrollments.watchable())
        shown = rows.exclude(lesson_key__in=Restriction.objects.hidden_keys())
        return get_object_or_404(shown.select_related("hand_in__lesson__version"), pk=self.kwargs["pk"])

    @extend_schema(responses={200: shapes.PeerWorkSerializer})
    def get(self, request: Request, pk: int) -> Response:
        """The work that you have before you."""
        return Response(self.told(shapes.PeerWorkSerializer, self.turn()))

    @extend_schema(request=shapes.MarksSerializer, responses={201: shapes.GivenReviewSerializer, 409: REFUSED})
    def post(self, request: Request, pk: int) -> Response:
        """Your marks, and words for its maker. They are final. 409 `turn_over`."""
        turn, told = self.turn(), self.sent(shapes.MarksSerializer)
        given = assessing.assess(request.user, turn.pk, told["marks"], str(told["text"]))
        return Response(self.told(shapes.GivenReviewSerializer, given), status=status.HTTP_201_CREATED)


class Received(ListAPIView):
    """What learners handed in: `show=waiting` (yours to mark, appeals first), `peers` or `done`."""

    permission_classes = [IsCreator]
    serializer_class = shapes.ReceivedSerializer

    def get_queryset(self) -> QuerySet[HandIn]:
        return inbox.works(self.request.user, self.request.query_params.get("show", inbox.WAITING))


class ReceivedView(WorkView):
    permission_classes = [IsCreator]

    def work(self) -> HandIn:
        mine = HandIn.objects.reviewed_by(self.request.user).whole().select_related("learner")
        return get_object_or_404(mine, pk=self.kwargs["pk"])

    def answer(self, code: int = status.HTTP_200_OK) -> Response:
        return Response(self.told(shapes.ReceivedSerializer, self.work()), status=code)


class OneReceived(ReceivedView):
    @extend_schema(responses={200: shapes.ReceivedSerializer})
    def get(self, request: Request, pk: int) -> Response:
        return self.answer()


class Assess(ReceivedView):
    @extend_schema(request=shapes.MarksSerializer, responses={201: shapes.ReceivedSerializer, 409: REFUSED})
    def post(self, request: Request, pk: int) -> Response:
        """Mark a work that waits for you. 409 `already_settled`; 403 while it is with its peers."""
        work, told = self.work(), self.sent(shapes.MarksSerializer)
        assessing.assess_as_creator(request.user, work.pk, told["marks"], str(told["text"]))
        return self.answer(status.HTTP_201_CREATED)


class Rule(ReceivedView):
    @extend_schema(request=shapes.MarksSerializer, responses={201: shapes.ReceivedSerializer, 409: REFUSED})
    def post(self, request: Request, pk: int) -> Response:
        """Answer an appeal: your own marks, with reasons; final. 409 `appeal_answered`."""
        appeal = get_object_or_404(HandInAppeal, hand_in=self.work())
        told = self.sent(shapes.MarksSerializer)
        appeals.rule(request.user, appeal.pk, told["marks"], str(told["text"]))
        return self.answer(status.HTTP_201_CREATED)


urlpatterns = [
    path("lessons/<uuid:key>/assignment/", OneAssignment.as_view(), name="api-assignment"),
    path("lessons/<uuid:key>/draft/", Draft.as_view(), name="api-draft"),
    path("lessons/<uuid:key>/draft/files/", DraftFiles.as_view(), name="api-draft-files"),
    path("lessons/<uuid:key>/draft/files/<uuid:file>/", DraftFile.as_view(), name="api-draft-file"),
    path("lessons/<uuid:key>/hand-ins/", HandIns.as_view(), name="api-hand-ins"),
    path("lessons/<uuid:key>/hand-ins/<int:number>/appeal/", Appeal.as_view(), name="api-hand-in-appeal"),
    path("lessons/<uuid:key>/reviews/", Reviews.as_view(), name="api-peer-reviews"),
    path("peer-reviews/<int:pk>/", OneReview.as_view(), name="api-peer-review"),
    path("studio/hand-ins/", Received.as_view(), name="api-studio-hand-ins"),
    path("studio/hand-ins/<int:pk>/", OneReceived.as_view(), name="api-studio-hand-in"),
    path("studio/hand-ins/<int:pk>/assess/", Assess.as_view(), name="api-studio-assess"),
    path("studio/hand-ins/<int:pk>/rule/", Rule.as_view(), name="api-studio-rule"),
]
