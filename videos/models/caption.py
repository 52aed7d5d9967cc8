"""Captions of a film, one text a language, kept as the WebVTT that we wrote ourselves."""

from typing import Any

from django.db import models

from .video import Video


class CaptionQuerySet(models.QuerySet["Caption"]):
    def put(self, *, video: Video, language: str, **text: Any) -> "Caption":
        """The captions of `language`, new or instead of the old ones."""
        caption, _is_new = self.update_or_create(video=video, language=language, defaults=text)
        return caption


class Caption(models.Model):
    """The cues of one film in one language."""

    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="captions")
    language = models.CharField(max_length=12)
    label = models.CharField(max_length=60)
    webvtt = models.TextField()
    cues_count = models.PositiveIntegerField()
    changed_at = models.DateTimeField(auto_now=True)

    objects = CaptionQuerySet.as_manager()

    class Meta:
        ordering = ["language"]
        constraints = [models.UniqueConstraint(fields=["video", "language"], name="one_caption_a_language")]

    def __str__(self) -> str:
        return self.label

    def remove(self) -> None:
        self.delete()
