"""Review of paths: none becomes public without a recorded decision of somebody of staff who did not make it."""

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from marketplace.lib.errors import NotAllowed

from .path_edition import PathEdition
from .review import AlreadyDecided, AlreadyWithdrawn
from .version import NotReady


class PathSubmissionQuerySet(models.QuerySet["PathSubmission"]):
    def waiting(self) -> Self:
        return self.filter(decision=None, withdrawn_at=None).order_by("submitted_at", "id")


class PathSubmission(models.Model):
    """Somebody asked for review of an edition."""

    edition = models.ForeignKey(PathEdition, on_delete=models.PROTECT, related_name="submissions")
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(default=timezone.now)
    note = models.TextField(max_length=2000, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = PathSubmissionQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.edition} ({self.submitted_at:%Y-%m-%d})"

    @transaction.atomic
    def withdraw(self, *, by: User) -> None:
        """Taken back to edit it again. Raises AlreadyDecided, AlreadyWithdrawn, NotAllowed."""
        if not self.edition.path.belongs_to(by):
            raise NotAllowed
        self._hold_waiting()
        self.withdrawn_by, self.withdrawn_at = by, timezone.now()
        self.save(update_fields=["withdrawn_by", "withdrawn_at"])
        self.edition.turn(PathEdition.State.DRAFT)

    @transaction.atomic
    def approve(self, *, by: User, reason: str = "") -> "PathDecision":
        """Publish it. Raises AlreadyDecided, AlreadyWithdrawn, NotAllowed, NotReady (a course left the sale)."""
        self._must_not_be_own(by)
        self._hold_waiting()
        if missing := self.edition.missing():
            raise NotReady(missing=missing)
        decision = self._decide(PathDecision.Verdict.APPROVE, by, reason)
        for old in self.edition.path.editions.filter(state=PathEdition.State.LIVE):
            old.turn(PathEdition.State.SUPERSEDED)
        self.edition.turn(PathEdition.State.LIVE)
        self.edition.path.publish(self.edition)
        return decision

    @transaction.atomic
    def send_back(self, *, by: User, reason: str) -> "PathDecision":
        """Raises AlreadyDecided, AlreadyWithdrawn, NotAllowed, ValidationError when nothing says what to mend."""
        self._must_not_be_own(by)
        if not reason.strip():
            raise ValidationError({"reason": _("Say what should be mended.")})
        self._hold_waiting()
        decision = self._decide(PathDecision.Verdict.RETURN, by, reason)
        self.edition.turn(PathEdition.State.RETURNED)
        return decision

    def _must_not_be_own(self, by: User) -> None:
        owner = self.edition.path.creator
        if not by.has_role("moderator") or by.pk in (self.submitted_by_id, owner.user_id if owner else None):
            raise NotAllowed(_("A path is decided on by a moderator who did not make it."))

    def _hold_waiting(self) -> None:
        self.edition.path = self.edition.path.hold()
        self.edition.refresh_from_db(fields=["state"])
        self.refresh_from_db(fields=["withdrawn_at"])
        if self.withdrawn_at:
            raise AlreadyWithdrawn
        if PathDecision.objects.filter(submission=self).exists():
            raise AlreadyDecided

    def _decide(self, verdict: str, by: User, reason: str) -> "PathDecision":
        row = PathDecision.objects.create(submission=self, verdict=verdict, decided_by=by, reason=reason.strip()[:2000])
        audit.record(by, f"path.{verdict}", self.edition.path, reason=row.reason, edition=self.edition.number)
        return row


class PathDecision(models.Model):
    """What staff decided. The database refuses changes, and refuses a live edition without one that approves."""

    class Verdict(models.TextChoices):
        APPROVE = "approve", _("Approved")
        RETURN = "return", _("Sent back")

    submission = models.OneToOneField(PathSubmission, on_delete=models.PROTECT, related_name="decision")
    verdict = models.CharField(max_length=16, choices=Verdict.choices)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)
    reason = models.TextField(max_length=2000, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(verdict__in=["approve", "return"]), name="path_verdict_is_known")
        ]

    def __str__(self) -> str:
        return f"{self.submission}: {self.verdict}"
