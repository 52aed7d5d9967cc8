"""Work for a machine that listens: captions of one language, asked for by a film's owner."""

from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.lib.errors import DomainError, NotAllowed
from marketplace.lib.work import Work

from .caption import Caption
from .video import Video


class NothingToHear(DomainError):
    code = "nothing_to_hear"
    message = _("This film has no sound, or is not ready yet.")


class CaptionsThere(DomainError):
    code = "captions_there"
    message = _("There are captions in this language already. Remove them first, if the machine shall make new ones.")


class AlreadyAsked(DomainError):
    code = "already_asked"
    message = _("The machine is listening to this film already.")


class TranscriptionQuerySet(models.QuerySet["Transcription"]):
    def open(self) -> Self:
        return self.filter(finished_at=None, dead_at=None)

    @transaction.atomic
    def ask(self, *, video: Video, language: str, by: Any) -> "Transcription":
        """Raises NotAllowed, NothingToHear, CaptionsThere, AlreadyAsked."""
        if video.owner_id != by.pk:
            raise NotAllowed
        held = Video.objects.select_for_update(no_key=True).get(pk=video.pk)
        if not (held.is_ready and held.has_audio):
            raise NothingToHear
        if held.captions.filter(language=language).exists():
            raise CaptionsThere
        if held.transcriptions.open().exists():
            raise AlreadyAsked
        row = self.create(video=held, language=language, asked_by=by)
        row.ring()
        return row


class Transcription(Work):
    """Asked for, and carried out by a worker. What comes of it is a draft of captions, or nothing."""

    class Outcome(models.TextChoices):
        DRAFT = "draft", _("Captions made by machine, to be checked")
        NOTHING_SAID = "nothing_said", _("The machine heard no words")
        # While it listened, its owner sent captions of her own.
        NOT_NEEDED = "not_needed", _("Captions came from elsewhere meanwhile")
        FAILED = "failed", _("The machine could not do it")

    TASK = "videos.tasks.transcribe_film"
    LEASE = timedelta(minutes=10)

    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="transcriptions")
    language = models.CharField(max_length=12)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)

    objects = TranscriptionQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(finished_at=None, dead_at=None), name="transcription_due")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["video"], condition=Q(finished_at=None, dead_at=None), name="one_open_transcription_a_film"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", "draft", "nothing_said", "not_needed", "failed"]),
                name="transcription_outcome_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.video_id}: {self.language}"

    @property
    def is_open(self) -> bool:
        return self.finished_at is None and self.dead_at is None

    def conclude(self, webvtt: str, cues_count: int, label: str) -> bool:
        """Keep what was heard as a draft, unless captions came from elsewhere. Call inside `fenced()`; ends the work.

        Whether there is a draft now.
        """
        Video.objects.select_for_update(no_key=True).get(pk=self.video_id)
        if self.video.captions.filter(language=self.language).exists():
            outcome = self.Outcome.NOT_NEEDED
        elif not cues_count:
            outcome = self.Outcome.NOTHING_SAID
        else:
            outcome = self.Outcome.DRAFT
            Caption.objects.draft(
                video=self.video, language=self.language, label=label, webvtt=webvtt, cues_count=cues_count
            )
        self._settle(outcome=outcome, finished_at=Now(), lease_until=None, last_error="")
        return outcome == self.Outcome.DRAFT

    def on_dead(self) -> None:
        self._write(outcome=self.Outcome.FAILED)
