"""Clips in the API: as everybody sees them, and as their creator does."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.lib import links

from . import clip_shown
from .clip_forms import FITS, SHAPES
from .models import Clip
from .models.clip import LINE_LENGTH, TITLE_LENGTH
from .models.course import Language

MOST_MS = 24 * 3600 * 1000


class ClipFileSerializer(serializers.Serializer):
    lines = serializers.IntegerField(help_text="pixels of the shorter side")
    url = serializers.CharField(help_text="MP4; the address lives for some hours")


class ClipCaptionSerializer(serializers.Serializer):
    language = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field that is named as their own word
    url = serializers.CharField()


class PlayingSerializer(serializers.Serializer):
    sources = ClipFileSerializer(many=True, help_text="From small to large.")
    poster_url = serializers.CharField()
    captions = ClipCaptionSerializer(many=True)
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    seconds = serializers.FloatField()


class ClipSerializer(serializers.ModelSerializer):
    """A clip as everybody sees it. Rows of `cards()`."""

    course = serializers.SlugField(source="course.slug")
    lesson = serializers.UUIDField(source="lesson_key")
    shape = serializers.CharField(source="excerpt.shape", default="", help_text="vertical or horizontal")
    playing = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()

    class Meta:
        model = Clip
        fields = ["key", "course", "lesson", "title", "language", "line", "shape", "published_at", "playing", "url"]

    @extend_schema_field(PlayingSerializer(allow_null=True))
    def get_playing(self, clip: Clip) -> dict[str, Any] | None:
        shown = clip_shown.playing(clip, self.context["request"].user)
        return dict(PlayingSerializer(shown).data) if shown else None

    def get_url(self, clip: Clip) -> str:
        return links.absolute(clip.get_absolute_url())


class ClipFailureSerializer(serializers.Serializer):
    code = serializers.CharField(source="failure_code")
    text = serializers.CharField(source="failure_text")


class MyClipSerializer(ClipSerializer):
    """And how far it is. Rows of `with_standing()` too."""

    state = serializers.CharField(
        source="excerpt.state", default="", help_text="waiting, cutting, ready, failed, cancelled"
    )
    state_label = serializers.CharField(source="excerpt.get_state_display", default="")
    is_settled = serializers.BooleanField(source="excerpt.is_settled", default=True)
    percent = serializers.IntegerField(source="excerpt.percent", default=0)
    start_ms = serializers.IntegerField(source="excerpt.start_ms", default=0)
    end_ms = serializers.IntegerField(source="excerpt.end_ms", default=0)
    failure = serializers.SerializerMethodField()
    is_hidden = serializers.BooleanField(help_text="A moderator has hidden it.")
    is_following = serializers.BooleanField(help_text="Its lesson is on sale and shows the film that it was cut from.")

    class Meta(ClipSerializer.Meta):
        fields = [
            *ClipSerializer.Meta.fields, "state", "state_label", "is_settled", "percent", "start_ms", "end_ms",
            "failure", "is_hidden", "is_following", "made_at",
        ]  # fmt: skip

    @extend_schema_field(ClipFailureSerializer(allow_null=True))
    def get_failure(self, clip: Clip) -> dict[str, Any] | None:
        cut = clip.excerpt
        return dict(ClipFailureSerializer(cut).data) if cut and cut.failure_code else None


class ClipWordsSerializer(serializers.Serializer):
    title = serializers.CharField(max_length=TITLE_LENGTH)
    language = serializers.ChoiceField(choices=Language.choices)
    line = serializers.CharField(max_length=LINE_LENGTH, required=False, allow_blank=True, default="")


class NewClipSerializer(ClipWordsSerializer):
    lesson = serializers.UUIDField(help_text="key of a lesson of the live version")
    film = serializers.UUIDField(help_text="asset of the film that you saw; another one in its place is refused")
    start_ms = serializers.IntegerField(min_value=0, max_value=MOST_MS)
    end_ms = serializers.IntegerField(min_value=0, max_value=MOST_MS, help_text="15 to 90 seconds later")
    shape = serializers.ChoiceField(choices=SHAPES)
    fit = serializers.ChoiceField(choices=FITS)
    center = serializers.IntegerField(min_value=0, max_value=1000, default=500)
