"""A piece of a film as a short film of its own: asked for by its owner, made by a worker, played by its own address."""

import uuid
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.lib.errors import DomainError, NotAllowed
from marketplace.lib.work import Work

from .. import emails, failures
from ..framing import Fit, Framing, Shape
from .video import Video


class NothingToCut(DomainError):
    code = "nothing_to_cut"
    message = _("This film has no pictures, or is not ready yet.")


class NotBeingCut(DomainError):
    code = "not_being_cut"
    message = _("This clip is not being cut just now. Reload the page to see how it stands.")


class CannotRetryCut(DomainError):
    code = "cannot_retry_cut"
    message = _("Only a clip whose cutting failed or was stopped can be tried again.")


class ExcerptQuerySet(models.QuerySet["Excerpt"]):
    def ready(self) -> Self:
        return self.filter(state=Excerpt.State.READY)

    @transaction.atomic
    def ask(self, *, video: Video, key: str, by: Any, **facts: Any) -> "tuple[Excerpt, bool]":
        """The excerpt of this key, and whether it is new. `facts`: name, page, start_ms, end_ms, shape, fit, center.

        Raises NotAllowed, NothingToCut. Who checks the bounds is who asks; the database holds them.
        """
        if video.owner_id != by.pk:
            raise NotAllowed
        if not (video.is_ready and video.has_video):
            raise NothingToCut
        row, is_new = self.get_or_create(video=video, key=key, defaults={**facts, "asked_by": by})
        if is_new:
            row.ring()
        return row, is_new


class Excerpt(Work):
    """From `start_ms` to `end_ms` of a film, framed. The same `key` of the same film is the same excerpt.

    `name` and `page` are its asker's: what she calls it, and the path where she looks after it; mails say both.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        CUTTING = "cutting", _("Being cut")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Stopped")

    TASK = "videos.tasks.cut_excerpt"
    LEASE = timedelta(minutes=1)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asset = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="excerpts")
    key = models.CharField(max_length=120)
    name = models.CharField(max_length=120)
    page = models.CharField(max_length=200)
    start_ms = models.PositiveBigIntegerField()
    end_ms = models.PositiveBigIntegerField()
    shape = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Shape])
    fit = models.CharField(max_length=4, choices=[(one.value, one.value) for one in Fit])
    center = models.PositiveSmallIntegerField(default=500)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    percent = models.PositiveSmallIntegerField(default=0)
    output = models.CharField(max_length=80, blank=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    # The lines of its files, from small to large: 360 is v360.mp4.
    rungs = ArrayField(models.PositiveSmallIntegerField(), default=list)
    has_sound = models.BooleanField(default=False)
    failure_code = models.CharField(max_length=24, blank=True)
    failure_detail = models.TextField(blank=True, help_text="for the operator; the creator reads failure_text")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    ready_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)

    objects = ExcerptQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        indexes = [models.Index(fields=["due_at"], condition=Q(finished_at=None, dead_at=None), name="excerpt_due")]
        constraints = [
            models.UniqueConstraint(fields=["video", "key"], name="one_excerpt_a_key"),
            models.CheckConstraint(condition=Q(end_ms__gt=F("start_ms")), name="excerpt_has_a_length"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "cutting", "ready", "failed", "cancelled"]),
                name="excerpt_state_known",
            ),
            models.CheckConstraint(
                condition=Q(shape__in=["vertical", "horizontal"], fit__in=["crop", "bars"], center__lte=1000),
                name="excerpt_framing_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(ready_at__isnull=False, width__gt=0, percent=100) & ~Q(output=""),
                name="ready_excerpt_can_be_played",
            ),
            models.CheckConstraint(
                condition=Q(state="failed", failed_at__isnull=False) & ~Q(failure_code="")
                | ~Q(state="failed") & Q(failure_code=""),
                name="failed_excerpt_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def framing(self) -> Framing:
        return Framing(Shape(self.shape), Fit(self.fit), self.center)

    @property
    def duration_ms(self) -> int:
        return self.end_ms - self.start_ms

    @property
    def start_s(self) -> float:
        return self.start_ms / 1000

    @property
    def end_s(self) -> float:
        return self.end_ms / 1000

    @property
    def length_s(self) -> float:
        return self.duration_ms / 1000

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY

    @property
    def can_cancel(self) -> bool:
        return self.state in (self.State.WAITING, self.State.CUTTING)

    @property
    def is_settled(self) -> bool:
        return not self.can_cancel

    @property
    def can_retry(self) -> bool:
        return self.state in (self.State.FAILED, self.State.CANCELLED)

    @property
    def failure_text(self) -> str | Promise:
        return failures.text_of(self.failure_code)

    def note_progress(self, percent: int) -> None:
        """Keep the lease and show how far it is. Raises LeaseLost when another took over, or its owner stopped it."""
        self._settle(state=self.State.CUTTING, percent=min(percent, 99), lease_until=Now() + self.LEASE)

    def adopt(self, **made: Any) -> None:
        """The files in the folder `output` are the excerpt. Call inside `fenced()`; ends the work.

        `made`: output, width, height, rungs, has_sound.
        """
        self._settle(
            state=self.State.READY, percent=100, ready_at=Now(), finished_at=Now(), lease_until=None, last_error="",
            **made,
        )  # fmt: skip
        self._announce()

    def fail(self, code: str, detail: str = "") -> None:
        """It cannot be cut: `code` of failures.CODES. No further try is made unless a person asks."""
        with transaction.atomic():
            self._settle(finished_at=Now(), lease_until=None, **_failed(code, detail))
            self._announce()

    def on_dead(self) -> None:
        self._write(**_failed("cut_failed", self.last_error))
        self._announce()

    @transaction.atomic
    def cancel(self, by: Any) -> None:
        """No worker makes it any more, unless somebody asks anew (`retry`). Raises NotBeingCut."""
        held = Excerpt.objects.select_for_update(no_key=True, of=("self",)).get(pk=self.pk)
        if not held.can_cancel:
            raise NotBeingCut
        # A new round: whoever works on it has lost it.
        self._write(state=self.State.CANCELLED, finished_at=Now(), rounds=F("rounds") + 1, lease_until=None)
        self.halts.create(by=by)
        self.refresh_from_db()

    @transaction.atomic
    def retry(self, by: Any) -> None:
        """Another try for what failed or was stopped. Raises CannotRetryCut."""
        held = Excerpt.objects.select_for_update(no_key=True, of=("self",)).get(pk=self.pk)
        if not held.can_retry:
            raise CannotRetryCut
        self._write(
            state=self.State.WAITING, percent=0, failure_code="", failure_detail="", failed_at=None,
            asked_at=timezone.now(),
        )  # fmt: skip
        self.halts.filter(ended_at=None).update(ended_at=timezone.now(), ended_by=by)
        self.reopen()

    def _announce(self) -> None:
        self.refresh_from_db()
        emails.excerpt_outcome(self)


class ExcerptHalt(models.Model):
    """Who stopped the cutting and when; `ended_at`: when somebody asked for it anew."""

    excerpt = models.ForeignKey(Excerpt, on_delete=models.CASCADE, related_name="halts")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["excerpt"], condition=Q(ended_at=None), name="one_standing_halt_an_excerpt")
        ]

    def __str__(self) -> str:
        return f"{self.excerpt_id}: stopped"


def _failed(code: str, detail: str) -> dict[str, Any]:
    if code not in failures.CODES:
        raise ValueError(code)
    return {
        "state": Excerpt.State.FAILED, "failure_code": code, "failure_detail": detail[:4000],
        "failed_at": timezone.now(),
    }  # fmt: skip
