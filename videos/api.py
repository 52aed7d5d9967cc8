"""Uploads and films over the API."""

import uuid

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import generics, permissions, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.lib.rest import Cursor

from . import chapters, halting, playback, space, transcribing, uploading
from .models import Upload, Video
from .precheck import points
from .serializers import (
    CompleteSerializer,
    FilmChaptersSerializer,
    KnownFilmSerializer,
    NewUploadSerializer,
    PartSerializer,
    PlayAddressSerializer,
    PointSerializer,
    PosterSerializer,
    RenameSerializer,
    SignAskedSerializer,
    SignedPartSerializer,
    SizeAskedSerializer,
    SpaceSerializer,
    TranscriptionSerializer,
    UploadSerializer,
    VideoSerializer,
)


class NewestFirst(Cursor):
    ordering = "-created_at"


RELATED = ("renditions", "captions", "chapters", "halts")


class Own(APIView):
    """What belongs to the asker; everything else is not found."""

    permission_classes = [permissions.IsAuthenticated]

    def uploads(self) -> QuerySet[Upload]:
        return (
            Upload.objects.owned_by(self.request.user)
            .select_related("video")
            .prefetch_related("parts", "video__renditions", "video__captions", "video__chapters", "video__halts")
        )

    def videos(self) -> QuerySet[Video]:
        return Video.objects.owned_by(self.request.user).kept().prefetch_related(*RELATED)

    def upload(self, pk: uuid.UUID) -> Upload:
        return get_object_or_404(self.uploads(), pk=pk)

    def video(self, pk: uuid.UUID) -> Video:
        return get_object_or_404(self.videos(), pk=pk)

    def show(self, video_id: uuid.UUID, code: int = status.HTTP_200_OK) -> Response:
        return Response(VideoSerializer(self.video(video_id), context={"request": self.request}).data, status=code)


class Uploads(Own, generics.ListAPIView):
    """Own open uploads, newest first; POST begins a new one."""

    serializer_class = UploadSerializer
    queryset = Upload.objects.none()
    pagination_class = NewestFirst

    def get_queryset(self) -> QuerySet[Upload]:
        return self.uploads().open()

    @extend_schema(request=NewUploadSerializer, responses={201: UploadSerializer})
    def post(self, request: Request) -> Response:
        asked = NewUploadSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        upload = uploading.begin(request.user, **asked.validated_data)
        shown = UploadSerializer(self.upload(upload.pk), context={"request": request})
        return Response(shown.data, status=status.HTTP_201_CREATED)


class UploadSpace(Own):
    @extend_schema(responses=SpaceSerializer)
    def get(self, request: Request) -> Response:
        """How many bytes of originals the asker keeps here, of how many."""
        return Response(SpaceSerializer(space.of(request.user)).data)


class KnownFilms(Own):
    @extend_schema(parameters=[SizeAskedSerializer], responses=KnownFilmSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Own films of that many bytes, to see before sending whether one of them is the file: three at most."""
        asked = SizeAskedSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        found = Upload.objects.owned_by(request.user).complete_of(asked.validated_data["size"])[:3]
        return Response(KnownFilmSerializer(found, many=True).data)


class OneUpload(Own):
    @extend_schema(responses=UploadSerializer)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        return Response(UploadSerializer(self.upload(pk), context={"request": request}).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: uuid.UUID) -> Response:
        """Take the upload back: what has arrived is removed."""
        uploading.abort(self.upload(pk))
        return Response(status=status.HTTP_204_NO_CONTENT)


class UploadParts(Own):
    @extend_schema(responses=PartSerializer(many=True))
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """The parts that have arrived whole: go on with the others."""
        return Response(PartSerializer(uploading.parts_here(self.upload(pk)), many=True).data)


class SignPart(Own):
    @extend_schema(request=SignAskedSerializer, responses=SignedPartSerializer)
    def post(self, request: Request, pk: uuid.UUID, number: int) -> Response:
        """An address to PUT part `number` to, with these headers; it needs no other credentials, for 6 hours."""
        asked = SignAskedSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        address, headers = uploading.part_address(self.upload(pk), number, asked.validated_data["md5"] or None)
        return Response({"url": request.build_absolute_uri(address), "method": "PUT", "headers": headers})


class CompleteUpload(Own):
    @extend_schema(request=CompleteSerializer, responses=VideoSerializer)
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """All parts are sent: the film goes to the workers. Repeating it is harmless."""
        upload = self.upload(pk)
        asked = CompleteSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return self.show(uploading.complete(upload, asked.validated_data["parts"]).pk)


class Videos(Own, generics.ListAPIView):
    """Own films, newest first."""

    serializer_class = VideoSerializer
    queryset = Video.objects.none()
    pagination_class = NewestFirst

    def get_queryset(self) -> QuerySet[Video]:
        return self.videos().shown()


class OneVideo(Own):
    @extend_schema(responses=VideoSerializer)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        return self.show(pk)

    @extend_schema(request=RenameSerializer, responses=VideoSerializer)
    def patch(self, request: Request, pk: uuid.UUID) -> Response:
        video = self.video(pk)
        asked = RenameSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        video.rename(asked.validated_data["name"])
        return self.show(pk)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: uuid.UUID) -> Response:
        """Remove a film that no lesson shows; its space is free again. What past versions show stays for them."""
        uploading.remove_film(self.video(pk), request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class RetryVideo(Own):
    @extend_schema(request=None, responses={202: VideoSerializer})
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Try a film again that failed for a reason that may pass."""
        halting.go_on(self.video(pk), request.user)
        return self.show(pk, status.HTTP_202_ACCEPTED)


class PauseVideo(Own):
    @extend_schema(request=None, responses=VideoSerializer)
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Stop the conversion for now; what is finished of a long film is kept."""
        self.video(pk).pause(request.user)
        return self.show(pk)


class ResumeVideo(Own):
    @extend_schema(request=None, responses={202: VideoSerializer})
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Go on with a conversion that was paused."""
        self.video(pk).resume(request.user)
        return self.show(pk, status.HTTP_202_ACCEPTED)


class CancelVideo(Own):
    @extend_schema(request=None, responses=VideoSerializer)
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """No conversion after all: the film can be removed, or tried anew."""
        halting.cancel(self.video(pk), request.user)
        return self.show(pk)


class Transcriptions(Own):
    @extend_schema(request=TranscriptionSerializer, responses={202: TranscriptionSerializer})
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Let the machine write captions: a draft that is yours to check. 404 `not_offered` where there is none."""
        video, asked = self.video(pk), TranscriptionSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        row = transcribing.ask(video, asked.validated_data["language"], request.user)
        return Response(TranscriptionSerializer(row).data, status=status.HTTP_202_ACCEPTED)


class Noticed(Own):
    @extend_schema(responses=PointSerializer(many=True))
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """What the machine noticed of a ready film and its captions."""
        film = get_object_or_404(self.videos().prefetch_related("findings"), pk=pk)
        return Response(PointSerializer(points.of(film), many=True).data)


class Poster(Own):
    @extend_schema(request=PosterSerializer, responses=VideoSerializer)
    def put(self, request: Request, pk: uuid.UUID) -> Response:
        """Choose another of the pictures that the film offers."""
        film, told = self.video(pk), PosterSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        film.choose_poster(told.validated_data["number"])
        return self.show(pk)


class OwnPlayback(Own):
    @extend_schema(responses=PlayAddressSerializer)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """A fresh address of an own film, for a player whose address has grown too old."""
        address = playback.play_url(self.video(pk), playback.viewer_of(request.user))
        return Response(PlayAddressSerializer({"master_url": address, "report_token": None}).data)


class Chapters(Own):
    @extend_schema(request=FilmChaptersSerializer, responses=VideoSerializer)
    def put(self, request: Request, pk: uuid.UUID) -> Response:
        """Replace the chapters of a film that is ready."""
        film, asked = self.video(pk), FilmChaptersSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        chapters.put(film, asked.as_told())
        return self.show(pk)


urlpatterns = [
    path("uploads/", Uploads.as_view(), name="api-uploads"),
    path("uploads/known/", KnownFilms.as_view(), name="api-uploads-known"),
    path("uploads/<uuid:pk>/", OneUpload.as_view(), name="api-upload"),
    path("uploads/<uuid:pk>/parts/", UploadParts.as_view(), name="api-upload-parts"),
    path("uploads/<uuid:pk>/parts/<int:number>/sign/", SignPart.as_view(), name="api-upload-sign"),
    path("uploads/<uuid:pk>/complete/", CompleteUpload.as_view(), name="api-upload-complete"),
    path("videos/", Videos.as_view(), name="api-videos"),
    path("videos/<uuid:pk>/", OneVideo.as_view(), name="api-video"),
    path("videos/<uuid:pk>/retry/", RetryVideo.as_view(), name="api-video-retry"),
    path("videos/<uuid:pk>/pause/", PauseVideo.as_view(), name="api-video-pause"),
    path("videos/<uuid:pk>/resume/", ResumeVideo.as_view(), name="api-video-resume"),
    path("videos/<uuid:pk>/cancel/", CancelVideo.as_view(), name="api-video-cancel"),
    path("uploads/space/", UploadSpace.as_view(), name="api-upload-space"),
    path("videos/<uuid:pk>/noticed/", Noticed.as_view(), name="api-video-noticed"),
    path("videos/<uuid:pk>/poster/", Poster.as_view(), name="api-video-poster"),
    path("videos/<uuid:pk>/playback/", OwnPlayback.as_view(), name="api-video-playback"),
    path("videos/<uuid:pk>/chapters/", Chapters.as_view(), name="api-video-chapters"),
    path("videos/<uuid:pk>/transcriptions/", Transcriptions.as_view(), name="api-video-transcriptions"),
]
