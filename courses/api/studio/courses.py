"""A creator's courses over the API: start, read, edit, price, submit."""

from typing import Any

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from courses import noticed, resubmitting
from courses.models import Course, Submission, Version
from creators.models import Creator
from creators.permissions import IsCreator
from marketplace.lib.errors import NotAllowed

from . import serializers as shapes


class StudioView(APIView):
    """The person's own courses; others' are not there (404)."""

    permission_classes = [IsCreator]

    def creator(self) -> Creator:
        if (creator := self.request.user.creator_or_none) is None:
            raise NotAllowed
        return creator

    def course(self) -> Course:
        mine = Course.objects.editable_by(self.request.user).select_related("creator", "live_version")
        return get_object_or_404(mine, slug=self.kwargs["slug"])

    def version(self) -> Version:
        """What is worked on, or what is live when nothing is."""
        course = self.course()
        version = course.working_version or course.live_version
        version.course = course
        return version

    def sent(self, shape: type[serializers.Serializer]) -> dict[str, Any]:
        serializer = shape(data=self.request.data, context={"request": self.request})
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data


def described(course: Course) -> dict[str, Any]:
    """The course with the tree of the version that is worked on and its reviews; a constant number of queries."""
    versions = course.versions.select_related("category").prefetch_related("sections__lessons")
    course.shown = versions.working().first() or versions.get(pk=course.live_version_id)
    submissions = Submission.objects.filter(version__course=course).select_related("version", "decision")
    course.history = submissions.prefetch_related("decision__findings").order_by("-submitted_at", "-id")
    return shapes.MyCourseSerializer(course).data


class MyCourses(StudioView, generics.ListAPIView):
    """The person's courses, newest first; POST starts one."""

    serializer_class = shapes.MyCourseListSerializer
    queryset = Course.objects.none()

    def get_queryset(self) -> Any:
        working = Prefetch("versions", queryset=Version.objects.working(), to_attr="working")
        return Course.objects.editable_by(self.request.user).prefetch_related(working)

    @extend_schema(request=shapes.StartSerializer, responses={201: shapes.MyCourseSerializer})
    def post(self, request: Request) -> Response:
        course = Course.objects.start(creator=self.creator(), title=self.sent(shapes.StartSerializer)["title"])
        return Response(described(course), status=status.HTTP_201_CREATED)


class MyCourse(StudioView):
    @extend_schema(responses=shapes.MyCourseSerializer)
    def get(self, request: Request, slug: str) -> Response:
        return Response(described(self.course()))

    @extend_schema(request=shapes.ChangesSerializer, responses=shapes.RevisionSerializer)
    def patch(self, request: Request, slug: str) -> Response:
        """Edit the draft. 409 `edited_elsewhere` when `revision` is not the present one: read it again first."""
        version = self.version()
        changes = self.sent(shapes.ChangesSerializer)
        revision = changes.pop("revision")
        version.edit(changes, by=request.user, revision=revision)
        return Response({"revision": version.revision})


class Draft(StudioView):
    @extend_schema(request=None, responses={201: shapes.MyCourseSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Open a new version of a course that is live; it stays on sale as it is."""
        course = self.course()
        course.open_draft(by=request.user)
        return Response(described(course), status=status.HTTP_201_CREATED)


class Cover(StudioView):
    parser_classes = [MultiPartParser]

    @extend_schema(request={"multipart/form-data": shapes.CoverSerializer}, responses=shapes.RevisionSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """A new cover: multipart form data with the picture in `cover`."""
        version = self.version()
        version.change_cover(self.sent(shapes.CoverSerializer)["cover"], by=request.user)
        return Response({"revision": version.revision})


class Price(StudioView):
    @extend_schema(request=shapes.PriceSerializer, responses=shapes.PriceSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Zero, or from the least to the greatest charge of the currency. With `suggested`, buyers name the price."""
        course = self.course()
        sent = self.sent(shapes.PriceSerializer)
        course.set_price(sent["amount"], by=request.user, suggested=sent.get("suggested"))
        course.refresh_from_db(fields=["price_minor", "suggested_minor", "currency"])
        return Response(shapes.PriceSerializer({"amount": course.price, "suggested": course.suggested}).data)


class Readiness(StudioView):
    @extend_schema(responses=shapes.ReadinessSerializer)
    def get(self, request: Request, slug: str) -> Response:
        items = self.version().readiness()
        return Response(
            {
                "done": sum(item.done for item in items),
                "total": len(items),
                "is_ready": all(item.done for item in items if item.required),
                "items": [item.as_json() for item in items],
            }
        )


class Noticed(StudioView):
    @extend_schema(responses=shapes.NotedSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """What the machine noticed of films, captions and links, lesson by lesson: hints, which forbid nothing."""
        return Response([note.as_json() for note in noticed.of(self.version())])


class Submit(StudioView):
    @extend_schema(request=shapes.NoteSerializer, responses={201: shapes.SubmissionSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Ask for review, with an answer to each finding. 409 `not_ready` names what is missing."""
        version = self.version()
        submission = resubmitting.submit(version, request.user, **self.sent(shapes.NoteSerializer))
        return Response(shapes.SubmissionSerializer(submission).data, status=status.HTTP_201_CREATED)


class Withdraw(StudioView):
    @extend_schema(request=None, responses=shapes.SubmissionSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Take the waiting submission back to edit again."""
        submission = get_object_or_404(Submission.objects.waiting(), version=self.version())
        submission.withdraw(by=request.user)
        return Response(shapes.SubmissionSerializer(submission).data)
