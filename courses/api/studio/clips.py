"""Clips over the API: cutting one, seeing how far it is, publishing and withdrawing it."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from courses.clip_shapes import ClipWordsSerializer, MyClipSerializer, NewClipSerializer
from courses.models import Clip, clippable

from .courses import StudioView


class ClipView(StudioView):
    def clip(self) -> Clip:
        mine = Clip.objects.editable_by(self.request.user).with_standing().cards()
        return get_object_or_404(mine, key=self.kwargs["key"])

    def shown(self, code: int = status.HTTP_200_OK) -> Response:
        """The clip as it is now."""
        return Response(MyClipSerializer(self.clip(), context={"request": self.request}).data, status=code)


class Clips(ClipView):
    @extend_schema(operation_id="studio_clips_list", responses=MyClipSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """The clips of a course, the newest first."""
        rows = Clip.objects.standing().filter(course=self.course()).with_standing().cards()
        return Response(MyClipSerializer(rows, many=True, context={"request": request}).data)

    @extend_schema(operation_id="studio_clips_create", request=NewClipSerializer, responses={201: MyClipSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Cut a clip. The same cut once more is the same clip, and 200."""
        course, sent = self.course(), self.sent(NewClipSerializer)
        lessons = clippable(course).select_related("version__course__creator")
        lesson = get_object_or_404(lessons, key=sent.pop("lesson"))
        clip, is_new = Clip.objects.cut(lesson, by=request.user, **sent)
        self.kwargs["key"] = clip.key
        return self.shown(status.HTTP_201_CREATED if is_new else status.HTTP_200_OK)


class OneClip(ClipView):
    @extend_schema(operation_id="studio_clip_read", responses=MyClipSerializer)
    def get(self, request: Request, key: Any) -> Response:
        """How far it is."""
        return self.shown()

    @extend_schema(operation_id="studio_clip_edit", request=ClipWordsSerializer, responses=MyClipSerializer)
    def put(self, request: Request, key: Any) -> Response:
        """Other words."""
        self.clip().edit(request.user, **self.sent(ClipWordsSerializer))
        return self.shown()

    @extend_schema(operation_id="studio_clip_remove", responses={204: None})
    def delete(self, request: Request, key: Any) -> Response:
        """For good, with its files."""
        self.clip().remove(request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class PublishClip(ClipView):
    @extend_schema(request=None, responses=MyClipSerializer)
    def post(self, request: Request, key: Any) -> Response:
        """Everybody may see it."""
        self.clip().publish(request.user)
        return self.shown()


class WithdrawClip(ClipView):
    @extend_schema(request=None, responses=MyClipSerializer)
    def post(self, request: Request, key: Any) -> Response:
        """Nobody but you sees it."""
        self.clip().withdraw(request.user)
        return self.shown()


class StopClip(ClipView):
    @extend_schema(request=None, responses=MyClipSerializer)
    def post(self, request: Request, key: Any) -> Response:
        """No more cutting, until you ask anew."""
        self.clip().stop(request.user)
        return self.shown()


class RetryClip(ClipView):
    @extend_schema(request=None, responses=MyClipSerializer)
    def post(self, request: Request, key: Any) -> Response:
        """Cut it once more: after a failure, or after you stopped it."""
        self.clip().retry(request.user)
        return self.shown()
