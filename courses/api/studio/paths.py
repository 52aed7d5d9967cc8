"""Paths over the API: made by creators, and by moderators for the house."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, permissions, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from courses.models import Course, Path, PathClosure, PathEdition
from courses.models.course import Language
from courses.models.path_edition import Stage

from .courses import StudioView
from .serializers import NoteSerializer


class StageSerializer(serializers.Serializer):
    title = serializers.CharField(max_length=80)
    words = serializers.CharField(max_length=400, required=False, allow_blank=True, default="")
    courses = serializers.SlugRelatedField(slug_field="slug", many=True, queryset=Course.objects.on_sale())


class StartPathSerializer(serializers.Serializer):
    title = serializers.CharField(max_length=120)
    language = serializers.ChoiceField(choices=Language.choices)


class MissingSerializer(serializers.Serializer):
    code = serializers.CharField()
    label = serializers.CharField()


class EditionSerializer(serializers.ModelSerializer):
    """The edition that is worked on, or the public one while nothing is."""

    slug = serializers.SlugField(source="path.slug", read_only=True)
    stages = StageSerializer(many=True, max_length=8)
    missing = MissingSerializer(many=True, read_only=True, help_text="what is still to do before review")

    class Meta:
        model = PathEdition
        fields = ["slug", "number", "state", "revision", "title", "promise", "about", "language", "stages", "missing"]
        read_only_fields = ["number", "state"]
        extra_kwargs = {"revision": {"read_only": False, "required": True}}


class ClosePathSerializer(serializers.Serializer):
    is_closed = serializers.BooleanField(help_text="false puts it back into the lists")
    reason = serializers.CharField(max_length=600)


class PathClosureSerializer(serializers.ModelSerializer):
    class Meta:
        model = PathClosure
        fields = ["is_closed", "reason", "at"]
        read_only_fields = fields


class PathRowSerializer(serializers.Serializer):
    """A path in the list of one's own."""

    slug = serializers.SlugField()
    title = serializers.CharField(source="edition.title")
    number = serializers.IntegerField(source="edition.number")
    state = serializers.CharField(source="edition.state")


def described(path: Path) -> dict[str, Any]:
    edition = path.shown_edition
    names = ("number", "state", "revision", "title", "promise", "about", "language")
    told = {name: getattr(edition, name) for name in names}
    missing = edition.missing() if edition.is_editable else []
    return EditionSerializer({**told, "path": path, "stages": edition.ordered(), "missing": missing}).data


class PathView(StudioView):
    permission_classes = [permissions.IsAuthenticated]

    def path(self) -> Path:
        mine = Path.objects.editable_by(self.request.user).select_related("creator", "live_edition")
        return get_object_or_404(mine, slug=self.kwargs["slug"])


class MyPaths(PathView, generics.GenericAPIView):
    serializer_class = EditionSerializer
    queryset = Path.objects.none()

    @extend_schema(responses=PathRowSerializer(many=True), operation_id="studio_paths_list")
    def get(self, request: Request) -> Response:
        mine = Path.objects.editable_by(request.user).with_working().order_by("-id")
        rows = [{"slug": path.slug, "edition": path.shown_edition} for path in mine[:100]]
        return Response(PathRowSerializer(rows, many=True).data)

    @extend_schema(request=StartPathSerializer, responses={201: EditionSerializer})
    def post(self, request: Request) -> Response:
        """Start a path: a moderator's is the house's own. 403 for who is neither creator nor moderator."""
        house = request.user.has_role("moderator")
        told = self.sent(StartPathSerializer)
        path = Path.objects.start(**told, by=request.user, creator=None if house else self.creator())
        return Response(described(path), status=status.HTTP_201_CREATED)


class MyPath(PathView):
    @extend_schema(responses=EditionSerializer)
    def get(self, request: Request, slug: str) -> Response:
        return Response(described(self.path()))

    @extend_schema(request=EditionSerializer, responses=EditionSerializer)
    def put(self, request: Request, slug: str) -> Response:
        """The draft anew, all of it. 409 `edited_elsewhere` when `revision` is not the present one."""
        path, told = self.path(), self.sent(EditionSerializer)
        stages = [Stage(one["title"], one["words"], tuple(one["courses"])) for one in told.pop("stages")]
        revision = told.pop("revision")
        path.shown_edition.write(told, stages, by=request.user, revision=revision)
        return Response(described(path))


class SubmitPath(PathView):
    @extend_schema(request=NoteSerializer, responses=EditionSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Ask for review. 409 `not_ready` names what is missing."""
        path = self.path()
        path.shown_edition.submit(by=request.user, note=self.sent(NoteSerializer)["note"])
        return Response(described(path))


class WithdrawPath(PathView):
    @extend_schema(request=None, responses=EditionSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Take the waiting edition back to edit it again."""
        path = self.path()
        waiting = path.shown_edition.waiting
        if waiting:
            waiting.withdraw(by=request.user)
        return Response(described(path))


class ClosePath(PathView):
    @extend_schema(request=ClosePathSerializer, responses={201: PathClosureSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Take it out of the lists, or put it back; who follows it keeps it."""
        row = self.path().close(**self.sent(ClosePathSerializer), by=request.user)
        return Response(PathClosureSerializer(row).data, status=status.HTTP_201_CREATED)


class PathDraft(PathView):
    @extend_schema(request=None, responses={201: EditionSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Open a new edition of a public path, which stays as it is."""
        path = self.path()
        path.open_draft(by=request.user)
        return Response(described(path), status=status.HTTP_201_CREATED)
