"""Learning over the API: the library, playback, reports of watching, progress, free enrollments."""

import uuid

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import permissions, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from courses.models import Course, Lesson
from videos import seats

from . import completion, door, quiz_api, shelf, showing, way
from .assignment_api import urlpatterns as assignments
from .audience_api import CourseAudience
from .certificate_api import urlpatterns as certificates
from .change_api import urlpatterns as changes
from .goal_api import urlpatterns as goal
from .models import Enrollment
from .note_api import urlpatterns as notes
from .path_api import urlpatterns as paths
from .said_api import urlpatterns as said
from .serializers import (
    EnrollmentSerializer,
    EnrollSerializer,
    PlaybackSerializer,
    ProgressSerializer,
    ReceiptSerializer,
    ReportSerializer,
    StandingAnswerSerializer,
    StandingQuestionSerializer,
)

REFUSED = OpenApiResponse(description="application/problem+json with a stable code")


class Library(ListAPIView):
    """Your courses with how far you are: what to go on with first, finished ones last."""

    permission_classes = [permissions.IsAuthenticated]
    serializer_class = EnrollmentSerializer

    def get_queryset(self) -> QuerySet[Enrollment]:
        return shelf.enrollments_of(self.request.user)


class Enrollments(APIView):
    """Start a free course."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(request=EnrollSerializer, responses={201: EnrollmentSerializer, 409: REFUSED})
    def post(self, request: Request) -> Response:
        asked = EnrollSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        courses = Course.objects.on_sale().select_related("creator")
        course = get_object_or_404(courses, slug=asked.validated_data["course"])
        enrollment = Enrollment.objects.enroll_free(learner=request.user, course=course)
        return Response(EnrollmentSerializer(enrollment).data, status=status.HTTP_201_CREATED)


class Playback(APIView):
    """Where the film of a lesson can be played, for a few hours. Previews are open to everyone."""

    permission_classes = [permissions.AllowAny]

    @extend_schema(responses={200: PlaybackSerializer, 403: REFUSED})
    def get(self, request: Request, key: uuid.UUID) -> Response:
        shown = showing.by_key(key, request.user, seats.device_of(request))
        return Response(PlaybackSerializer(shown, context={"request": request}).data)


class Reports(APIView):
    """Report what was played. The token is the whole authority: no session, no CSRF token; JSON, also as text/plain.

    Every report tells all intervals of its session, so it may be repeated, late or lost. It waits for a moment (202),
    and reports are settled in the order of arrival: seconds are believed up to the wall time from the session's begin
    until its report came in, times the speed (at most 3), over all your sessions together. `watch/standing/` says what
    came of it. When reports cannot be taken (503), or come too often (429), wait for `Retry-After` seconds and send
    this one again, or the next one, which tells the same and more.
    """

    permission_classes = [permissions.AllowAny]
    authentication_classes: list = []

    @extend_schema(
        request=ReportSerializer,
        responses={202: ReceiptSerializer, 400: REFUSED, 403: REFUSED, 429: REFUSED, 503: REFUSED},
    )
    def post(self, request: Request) -> HttpResponse:
        return door.take(request._request)


class WatchStanding(APIView):
    """What came of a playback's reports. The token is the whole authority.

    `received` names the last report that is settled: ask again, a second later, until it is yours.
    """

    permission_classes = [permissions.AllowAny]
    authentication_classes: list = []

    @extend_schema(
        request=StandingQuestionSerializer, responses={200: StandingAnswerSerializer, 403: REFUSED, 503: REFUSED}
    )
    def post(self, request: Request) -> HttpResponse:
        return door.tell(request._request)


class Progress(APIView):
    """How far you are in a course, lesson by lesson."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(responses={200: ProgressSerializer})
    def get(self, request: Request, slug: str) -> Response:
        course = get_object_or_404(Course.objects.filter(live_version__isnull=False), slug=slug)
        return Response(ProgressSerializer(way.through(course, request.user).with_places()).data)


class Read(APIView):
    """Mark an article as read (POST) or unread (DELETE)."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, key: uuid.UUID) -> Response:
        return self._mark(request, key, undo=False)

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, key: uuid.UUID) -> Response:
        return self._mark(request, key, undo=True)

    def _mark(self, request: Request, key: uuid.UUID, *, undo: bool) -> Response:
        articles = Lesson.objects.live().filter(kind=Lesson.Kind.ARTICLE).select_related("version__course")
        lesson = get_object_or_404(articles, key=key)
        completion.mark_read(request.user, lesson.version.course, lesson, undo=undo)
        return Response(status=status.HTTP_204_NO_CONTENT)


urlpatterns = [
    *quiz_api.urlpatterns,
    path("library/", Library.as_view(), name="api-library"),
    path("enrollments/", Enrollments.as_view(), name="api-enrollments"),
    path("lessons/<uuid:key>/playback/", Playback.as_view(), name="api-lesson-playback"),
    path("lessons/<uuid:key>/read/", Read.as_view(), name="api-lesson-read"),
    path("watch/reports/", Reports.as_view(), name="api-watch-reports"),
    path("watch/standing/", WatchStanding.as_view(), name="api-watch-standing"),
    path("studio/courses/<slug:slug>/audience/", CourseAudience.as_view(), name="api-studio-audience"),
    path("courses/<slug:slug>/progress/", Progress.as_view(), name="api-course-progress"),
    *assignments,
    *certificates,
    *changes,
    *notes,
    *paths,
    *goal,
    *said,
]
