"""The shapes of uploads and films in the API."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from . import failures, first_look, playback, steps
from .models import Rendition, Transcription, Upload, UploadPart, Video, VideoHalt

SUFFIXES = frozenset(failures.SUFFIXES.split())


class NewUploadSerializer(serializers.Serializer):
    """What is refused before any byte is sent."""

    name = serializers.CharField(max_length=200)
    size = serializers.IntegerField(help_text="bytes", max_value=2**62)
    type = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")

    def validate_size(self, size: int) -> int:
        if size < 1:
            raise serializers.ValidationError(_("The file is empty. Choose another one."), code="empty")
        if size > settings.UPLOAD_MAX_BYTES:
            raise serializers.ValidationError(failures.text_of("too_large"), code="too_large")
        return size

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        kind, suffix = asked["type"].lower(), asked["name"].rpartition(".")[2].lower()
        declared = not kind or kind.startswith(("video/", "audio/")) or kind == "application/octet-stream"
        if suffix not in SUFFIXES or not declared:
            field = "name" if declared else "type"
            raise ValidationError({field: [ValidationError(failures.text_of("not_a_film"), code="not_a_film")]})
        return asked


class SpaceSerializer(serializers.Serializer):
    """In bytes."""

    used = serializers.IntegerField()
    limit = serializers.IntegerField()
    left = serializers.IntegerField()


class SizeAskedSerializer(serializers.Serializer):
    size = serializers.IntegerField(help_text="bytes", min_value=1, max_value=2**62)


class SentFilmSerializer(serializers.ModelSerializer):
    state = serializers.CharField()

    class Meta:
        model = Video
        fields = ["id", "name", "state"]


class KnownFilmSerializer(serializers.ModelSerializer):
    """A film that was sent before. A file whose parts of that size have these checksums is the same file."""

    video = SentFilmSerializer()
    etags = serializers.SerializerMethodField(help_text="the MD5 of each part in hex, in their order")

    class Meta:
        model = Upload
        fields = ["video", "part_size", "etags"]

    def get_etags(self, upload: Upload) -> list[str]:
        return [part.etag for part in upload.parts.all()]


class PartSerializer(serializers.ModelSerializer):
    class Meta:
        model = UploadPart
        fields = ["number", "size", "etag"]


class SentPartSerializer(serializers.Serializer):
    number = serializers.IntegerField(min_value=1, max_value=10_000)
    etag = serializers.CharField(max_length=40)


class CompleteSerializer(serializers.Serializer):
    parts = SentPartSerializer(many=True, allow_empty=False, max_length=10_000)  # type: ignore[call-arg]  # of the list


class SignAskedSerializer(serializers.Serializer):
    """The checksum is for senders who can reckon it: a part that differs is then refused where it arrives."""

    md5 = serializers.RegexField(
        r"^[A-Za-z0-9+/]{22}==$", required=False, default="", help_text="of the part's bytes, in base64"
    )


class SignedPartSerializer(serializers.Serializer):
    url = serializers.URLField()
    method = serializers.CharField()
    headers = serializers.DictField(child=serializers.CharField())


class RenditionSerializer(serializers.ModelSerializer):
    class Meta:
        model = Rendition
        fields = ["name", "kind", "width", "height", "fps", "bitrate", "size", "state", "percent"]


class FailureSerializer(serializers.Serializer):
    code = serializers.CharField()
    text = serializers.CharField()


class HaltSerializer(serializers.ModelSerializer):
    """What stops the conversion, and since when."""

    class Meta:
        model = VideoHalt
        fields = ["kind", "at"]


class FilmStepSerializer(serializers.Serializer):
    code = serializers.CharField()
    label = serializers.CharField()
    state = serializers.ChoiceField(choices=["waiting", "active", "done", "failed"])
    percent = serializers.IntegerField()


class TrackSerializer(serializers.Serializer):
    language = serializers.CharField()
    label = serializers.CharField()
    url = serializers.CharField(required=False)
    is_draft = serializers.BooleanField(help_text="made by machine and not published: nobody else sees it")


class FilmChapterSerializer(serializers.Serializer):
    start_s = serializers.FloatField(min_value=0, max_value=24 * 3600)
    title = serializers.CharField(max_length=80)


class FilmChaptersSerializer(serializers.Serializer):
    chapters = FilmChapterSerializer(many=True, max_length=100)

    def as_told(self) -> list[tuple[int, str]]:
        """(start in ms, title) of each."""
        return [(round(one["start_s"] * 1000), one["title"]) for one in self.validated_data["chapters"]]


class PointSerializer(serializers.Serializer):
    """One thing that the machine noticed, with what to do about it; nothing of it forbids anything."""

    code = serializers.CharField()
    text = serializers.CharField(help_text="in the asker's language")
    about = serializers.ChoiceField(choices=["film", "captions"])
    start_s = serializers.FloatField(allow_null=True, help_text="null: about the whole film")
    end_s = serializers.FloatField(allow_null=True)


class VideoSerializer(serializers.ModelSerializer):
    """A film as its owner sees it. Addresses carry the asker's own token."""

    state_label = serializers.CharField(source="get_state_display", read_only=True, help_text="in the asker's language")
    failure = serializers.SerializerMethodField()
    renditions = RenditionSerializer(many=True, read_only=True)
    steps = serializers.SerializerMethodField()
    captions = serializers.SerializerMethodField()
    chapters = FilmChapterSerializer(many=True, read_only=True)
    poster_url = serializers.SerializerMethodField()
    posters = serializers.SerializerMethodField(help_text="the pictures to choose from, in their order")
    play_url = serializers.SerializerMethodField()
    halt = HaltSerializer(read_only=True, allow_null=True)
    look_url = serializers.SerializerMethodField(help_text="what is there of a film that is still being converted")

    class Meta:
        model = Video
        fields = [
            *("id", "asset", "name", "size", "state", "state_label", "percent"),
            *("failure", "can_retry", "can_pause", "can_resume", "can_cancel", "halt", "look_url"),
            *("duration_ms", "width", "height", "has_audio"),
            *("renditions", "steps", "captions", "chapters", "poster_url", "posters", "poster_number", "play_url"),
            *("created_at", "uploaded_at", "ready_at", "failed_at"),
        ]
        read_only_fields = fields

    @property
    def _viewer(self) -> str:
        return playback.viewer_of(self.context["request"].user)

    def get_look_url(self, video: Video) -> str | None:
        return first_look.address(video)

    @extend_schema_field(FailureSerializer(allow_null=True))
    def get_failure(self, video: Video) -> dict[str, str] | None:
        return {"code": video.failure_code, "text": str(video.failure_text)} if video.failure_code else None

    @extend_schema_field(FilmStepSerializer(many=True))
    def get_steps(self, video: Video) -> list[dict[str, Any]]:
        return [step.as_json() for step in steps.of(video)]

    @extend_schema_field(TrackSerializer(many=True))
    def get_captions(self, video: Video) -> list[dict[str, Any]]:
        urls = (
            {one["language"]: one["url"] for one in playback.caption_tracks(video, self._viewer)}
            if video.is_ready
            else {}
        )
        return [
            {"language": one.language, "label": one.label, "is_draft": one.is_draft}
            | ({"url": urls[one.language]} if one.language in urls else {})
            for one in video.captions.all()
        ]

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_poster_url(self, video: Video) -> str | None:
        return playback.poster_url(video, self._viewer)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_posters(self, video: Video) -> list[str]:
        return playback.posters(video, self._viewer)

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_play_url(self, video: Video) -> str | None:
        return playback.play_url(video, self._viewer) if video.is_ready else None


class PosterSerializer(serializers.Serializer):
    number = serializers.IntegerField(min_value=1, max_value=4)


class PlayAddressSerializer(serializers.Serializer):
    master_url = serializers.CharField()
    report_token = serializers.CharField(allow_null=True, help_text="null: this playback is not tracked")


class UploadSerializer(serializers.ModelSerializer):
    video = VideoSerializer(read_only=True)
    received = serializers.SerializerMethodField(help_text="bytes that have arrived in whole parts")

    class Meta:
        model = Upload
        fields = [
            *("id", "name", "size", "part_size", "parts_count", "received", "is_open"),
            *("created_at", "expires_at", "completed_at", "aborted_at", "video"),
        ]
        read_only_fields = fields

    def get_received(self, upload: Upload) -> int:
        return sum(part.size for part in upload.parts.all())


class CaptionUploadSerializer(serializers.Serializer):
    language = serializers.RegexField(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?$", max_length=12)
    label = serializers.CharField(max_length=60, required=False, default="")
    file = serializers.FileField(max_length=200, help_text="SRT, WebVTT or ASS, up to 2 MB")


class TranscriptionSerializer(serializers.ModelSerializer):
    """Captions that a machine is asked to write."""

    language = serializers.RegexField(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?$", max_length=12)

    class Meta:
        model = Transcription
        fields = ["language", "asked_at", "is_open", "outcome"]
        read_only_fields = ["asked_at", "is_open", "outcome"]


class RenameSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=200)
