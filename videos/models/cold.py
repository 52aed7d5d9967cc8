"""An original on its way to the cold place, or in it."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from marketplace.lib.work import Work

from .upload import Upload
from .video import Video

BEAT_S = 15.0


class ColdOriginalQuerySet(models.QuerySet["ColdOriginal"]):
    def ask_for_old(self, ready_before: datetime, most: int = 200) -> int:
        """Have the originals moved whose films have been ready since before then, the oldest first; how many."""
        kept = Upload.objects.filter(completed_at__isnull=False, video__put_away=None)
        old = kept.filter(video__state=Video.State.READY, video__ready_at__lt=ready_before)
        # A row that is at work, or that was given up (an alert was sent), is left to itself.
        idle = Q(cold=None) | Q(cold__moved_at=None, cold__finished_at__isnull=False)
        asked = list(old.filter(idle).order_by("video__ready_at")[:most])
        for upload in asked:
            original, is_new = self.get_or_create(upload=upload)
            original.ring() if is_new else original.reopen()
        return len(asked)

    def note_back(self, upload: Upload) -> None:
        """Somebody needed it: it lies in the warm place again."""
        self.filter(upload=upload).update(moved_at=None, brought_back_at=timezone.now())


class ColdOriginal(Work):
    """`copied_at`: a whole copy lies in the cold place. `moved_at`: and nowhere else."""

    TASK = "videos.tasks.move_original"
    LEASE = timedelta(minutes=2)

    upload = models.OneToOneField(Upload, on_delete=models.CASCADE, related_name="cold")
    sha256 = models.CharField(max_length=64, blank=True)
    copied_at = models.DateTimeField(null=True)
    moved_at = models.DateTimeField(null=True)
    brought_back_at = models.DateTimeField(null=True)

    objects = ColdOriginalQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(finished_at=None, dead_at=None), name="cold_original_due"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(copied_at=None) | ~Q(sha256=""), name="cold_copy_was_read_back"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"original of {self.upload_id}"

    def beat(self) -> Callable[[float], None]:
        """Keeps the lease while bytes move."""
        told_at = time.monotonic()

        def beat(_done: float) -> None:
            nonlocal told_at
            if time.monotonic() - told_at > BEAT_S:
                self.heartbeat()
                told_at = time.monotonic()

        return beat

    def note_copied(self, sha256: str) -> None:
        self._settle(copied_at=Now(), sha256=sha256)
        self.refresh_from_db()

    def let_go(self, remove_warm: Callable[[Upload], None]) -> None:
        """Remove the warm copy, unless somebody makes the film anew; ends the work.

        The film's row is held meanwhile: a conversion begins with a write to it, and finds the original or its lack.
        """
        with transaction.atomic():
            films = Video.objects.ready().select_for_update(no_key=True)
            is_idle = films.filter(pk=self.upload.video_id).exists()
            with self.fenced() as held:
                if is_idle:
                    remove_warm(self.upload)
                    held._settle(moved_at=Now(), finished_at=Now(), lease_until=None, last_error="")
                else:
                    held.finish()
