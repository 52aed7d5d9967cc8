"""A film and its renditions: the states it goes through, and who may turn which."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.lib.errors import DomainError

from .. import emails, events, failures
from ..ladder import RULES
from .anew import MadeAnew
from .making import Making
from .rendition import Rendition
from .video_set import VideoQuerySet


class NotRetryable(DomainError):
    code = "not_retryable"
    message = _("Another try helps only where a film failed for a passing reason. Send this one anew.")


class VideoInUse(DomainError):
    code = "video_in_use"
    message = _("A lesson shows this film. Take it out of the lesson first.")


class VideoNotSettled(DomainError):
    code = "video_not_settled"
    message = _("This film is still on its way. Wait until it is ready or has failed.")


class NoSuchPoster(DomainError):
    code = "no_such_poster"
    message = _("This film offers no such picture. Reload the page and choose again.")


class Video(MadeAnew, Making):
    """One film of one owner, from its first byte to its renditions.

    The row is durable work from the moment that the whole file is here. `asset` is the name under which the film is
    played; it is random and says nothing. `output` names the folder of the attempt whose renditions were adopted: what
    a killed worker left in another attempt's folder is never looked at.
    """

    class State(models.TextChoices):
        UPLOADING = "uploading", _("Uploading")
        UPLOADED = "uploaded", _("Waiting")
        PROBING = "probing", _("Checking")
        TRANSCODING = "transcoding", _("Converting")
        PAUSED = "paused", _("Paused")
        CANCELLED = "cancelled", _("Cancelled")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    TASK = "videos.tasks.transcode_video"
    LEASE = timedelta(minutes=1)
    MAX_ATTEMPTS = 3

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asset = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="videos")
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField(help_text="bytes of the original")
    state = models.CharField(max_length=12, choices=State.choices, default=State.UPLOADING)
    percent = models.PositiveSmallIntegerField(default=0)
    failure_code = models.CharField(max_length=24, blank=True)
    failure_detail = models.TextField(blank=True, help_text="for the operator; the creator reads failure_text")
    duration_ms = models.PositiveBigIntegerField(null=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    has_audio = models.BooleanField(default=False)
    has_video = models.BooleanField(default=False)
    output = models.CharField(max_length=80, blank=True)
    has_poster = models.BooleanField(default=False)
    # Of the frames that a conversion offers, the one that is shown.
    posters_count = models.PositiveSmallIntegerField(default=0)
    poster_number = models.PositiveSmallIntegerField(default=1)
    has_storyboard = models.BooleanField(default=False)
    # As it was sent, and by how much we raised or lowered it; null without sound, or before it was measured.
    loudness_lufs = models.FloatField(null=True)
    peak_db = models.FloatField(null=True)
    gain_db = models.FloatField(null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    uploaded_at = models.DateTimeField(null=True, editable=False)
    ready_at = models.DateTimeField(null=True, editable=False)
    failed_at = models.DateTimeField(null=True, editable=False)

    objects = VideoQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["owner", "-created_at"], name="video_of_owner"),
            models.Index(fields=["due_at"], condition=Q(finished_at=None, dead_at=None), name="video_due"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=["uploading", "uploaded", "probing", "transcoding"]
                    + ["paused", "cancelled", "ready", "failed"]
                ),
                name="video_state_known",
            ),
            models.CheckConstraint(condition=Q(percent__lte=100), name="video_percent_up_to_100"),
            models.CheckConstraint(
                condition=~Q(state="ready")
                | Q(ready_at__isnull=False, duration_ms__gt=0, percent=100) & ~Q(output="") & Q(failure_code=""),
                name="ready_video_can_be_played",
            ),
            models.CheckConstraint(
                condition=Q(state="failed", failed_at__isnull=False) & ~Q(failure_code="")
                | ~Q(state="failed") & Q(failure_code=""),
                name="failed_video_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def open_work(cls) -> models.QuerySet["Video"]:
        # Bytes that are still on their way are not work yet, and a film that its creator stopped is none for now.
        return super().open_work().exclude(state__in=[cls.State.UPLOADING, cls.State.PAUSED])

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY

    @property
    def is_settled(self) -> bool:
        return self.state in (self.State.READY, self.State.FAILED, self.State.CANCELLED)

    @property
    def can_retry(self) -> bool:
        failed_in_passing = self.state == self.State.FAILED and self.failure_code in failures.RETRYABLE
        return failed_in_passing or self.state == self.State.CANCELLED

    @property
    def has_failed_for_good(self) -> bool:
        return self.state == self.State.FAILED and not self.can_retry

    @property
    def kept_until(self) -> datetime | None:
        """Until when the file of a film that failed in passing, or was stopped, waits for another try."""
        since = self.finished_at if self.state == self.State.CANCELLED else self.failed_at
        return since + timedelta(days=settings.FAILED_FILM_DAYS) if self.can_retry and since else None

    @property
    def failure_text(self) -> str | Promise:
        if self.state == self.State.FAILED and (until := self.kept_until):
            return failures.text_until(self.failure_code, until)
        return failures.text_of(self.failure_code)

    @property
    def duration_s(self) -> float | None:
        return None if self.duration_ms is None else self.duration_ms / 1000

    def rename(self, name: str) -> None:
        self.name = name.strip()[:200] or self.name
        self.save(update_fields=["name"])

    def choose_poster(self, number: int) -> None:
        """Show another of the frames that were offered. Raises NoSuchPoster."""
        if not 1 <= number <= self.posters_count:
            raise NoSuchPoster
        self.poster_number = number
        self.save(update_fields=["poster_number"])

    def accept_upload(self) -> None:
        """All bytes are here: the workers may begin."""
        self._write(state=self.State.UPLOADED, uploaded_at=Now(), due_at=Now())
        self.refresh_from_db()
        self.ring()

    def begin_transcoding(
        self, facts: dict[str, Any], rungs: list[dict[str, Any]], chunks: Iterable[dict[str, Any]] = ()
    ) -> None:
        """What the probe found (duration_ms, width, height, has_audio, has_video, plan), and what to make of it."""
        with self.fenced():
            self._settle(state=self.State.TRANSCODING, percent=0, look_s=0, **facts)
            self.renditions.all().delete()
            Rendition.objects.bulk_create(Rendition(video=self, position=at, **rung) for at, rung in enumerate(rungs))
            self.chunks.put(self, chunks)
        self.refresh_from_db()

    def adopt(self, *, output: str, duration_ms: int, bytes_by_rung: dict[str, int], **facts: Any) -> None:
        """The renditions in the folder `output` are the film. Call inside `fenced()`; ends the work.

        `facts`: has_poster, posters_count, has_storyboard, loudness_lufs, peak_db, gain_db.
        """
        for name, size in bytes_by_rung.items():
            self.renditions.filter(name=name).update(percent=100, state=Rendition.State.READY, size=size)
        self._settle(
            state=self.State.READY,
            percent=100,
            rules=RULES,
            output=output,
            duration_ms=duration_ms,
            ready_at=Now(),
            finished_at=Now(),
            lease_until=None,
            last_error="",
            # A picture that was chosen stays chosen, where there are still so many.
            poster_number=self.poster_number if self.poster_number <= facts.get("posters_count", 0) else 1,
            **facts,
        )
        self.chunks.all().delete()
        self._announce()

    def fail(self, code: str, detail: str = "") -> None:
        """The film cannot be made ready: `code` of failures.CODES. No further try is made unless a person asks."""
        with transaction.atomic():
            self._settle(finished_at=Now(), lease_until=None, **self._failed(code, detail))
            self._announce()

    def on_dead(self) -> None:
        self._write(**self._failed("encoder_failed", self.last_error))
        self._announce()

    def retry(self, by: Any = None) -> None:
        """The owner asks for another try, or for one after all. Raises NotRetryable when the film was at fault."""
        with transaction.atomic():
            locked = type(self).objects.select_for_update().get(pk=self.pk)
            if not locked.can_retry:
                raise NotRetryable
            self._write(
                state=self.State.UPLOADED,
                percent=0,
                plan=None,
                look_s=0,  # chunks of the plan that goes
                failure_code="",
                failure_detail="",
                failed_at=None,
            )
            self.renditions.all().delete()
            self.chunks.all().delete()
            self.halts.end(by)
            self.reopen()

    def give_up(self) -> None:
        """Nobody asked for another try in time: its original goes. Not where somebody just did."""
        with transaction.atomic():
            waiting = type(self).objects.out_of_time().select_for_update(no_key=True)
            if held := waiting.filter(pk=self.pk).first():
                code = "stopped_expired" if held.state == self.State.CANCELLED else "original_expired"
                self._write(**self._failed(code, self.failure_detail))
                self._announce()

    def remove(self) -> None:
        """Take the row away, and its uploads, renditions and captions. Raises VideoInUse, VideoNotSettled."""
        if not self.is_settled:
            raise VideoNotSettled
        try:
            with transaction.atomic():
                self.delete()
        except models.ProtectedError:
            raise VideoInUse from None

    def _failed(self, code: str, detail: str) -> dict[str, Any]:
        if code not in failures.CODES:
            raise ValueError(code)
        return {
            "state": self.State.FAILED,
            "failure_code": code,
            "failure_detail": detail[:4000],
            "failed_at": Now(),
        }

    def _announce(self) -> None:
        self.refresh_from_db()
        if self.made_for_id:  # who looks after it hears of it, and nobody else
            self.made_for.remakings.wake()
            return
        emails.outcome(self)
        events.settled(self)
