"""Captions of a film, one text a language, kept as the WebVTT that we wrote ourselves."""

from django.db import models

from .video import Video


class Caption(models.Model):
    """The cues of one film in one language."""

    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="captions")
    language = models.CharField(max_length=12)
    label = models.CharField(max_length=60)
    webvtt = models.TextField()
    cues_count = models.PositiveIntegerField()
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["language"]
        constraints = [models.UniqueConstraint(fields=["video", "language"], name="one_caption_a_language")]

    def __str__(self) -> str:
        return self.label
