"""A creator stops the conversion of her film: for a while, or until she asks for it anew."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class VideoHaltQuerySet(models.QuerySet[Any]):
    """Of films, and of conversions of many."""

    def standing(self) -> "VideoHaltQuerySet":
        return self.filter(ended_at=None)

    def end(self, by: Any) -> None:
        """Whatever halts the film ends now. Call inside the transaction that lets it go on."""
        self.standing().update(ended_at=timezone.now(), ended_by=by)


class VideoHalt(models.Model):
    """Who stopped the conversion of a film and when; `ended_at`: when somebody let it go on, or began it anew."""

    class Kind(models.TextChoices):
        PAUSE = "pause", _("Paused")
        CANCEL = "cancel", _("Cancelled")

    video = models.ForeignKey("videos.Video", on_delete=models.CASCADE, related_name="halts")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    objects = VideoHaltQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["video"], condition=Q(ended_at=None), name="one_standing_halt_a_video"),
            models.CheckConstraint(condition=Q(kind__in=["pause", "cancel"]), name="halt_kind_known"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False), name="ended_halt_has_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.video_id}: {self.kind}"
