"""Review: nothing becomes public without a recorded decision of somebody who is not its creator."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from marketplace.lib.errors import DomainError, NotAllowed

from .version import Version


class AlreadyDecided(DomainError):
    code = "already_decided"
    message = _("Somebody has decided on this submission already.")


class AlreadyWithdrawn(DomainError):
    code = "already_withdrawn"
    message = _("The creator has withdrawn this submission.")


# Not yet decided nor withdrawn: the partial indexes of the queue hold these rows alone.
WAITS = Q(decided_at=None, withdrawn_at=None)


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def waiting(self) -> "SubmissionQuerySet":
        """Not yet decided nor withdrawn, the longest waiting first."""
        return self.filter(WAITS).order_by("submitted_at", "id")

    def ask(self, version: Version, *, by: User, note: str) -> "Submission":
        """Called by Version.submit alone."""
        is_update = version.course.live_version_id is not None
        note = note.strip()[:2000]
        return self.create(version=version, submitted_by=by, note=note, language=version.language, is_update=is_update)


class Submission(models.Model):
    """A creator asked for review of one version. Asked again after a return, it is another row."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="submissions")
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(default=timezone.now)
    note = models.TextField(max_length=2000, blank=True)
    withdrawn_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    # What the queue is filtered by; a submitted version does not change, so these do not either.
    language = models.CharField(max_length=12, db_default="en")
    is_update = models.BooleanField(db_default=False)
    # How often its words led learners away to buy or to be reached, when it was submitted.
    lures_count = models.PositiveSmallIntegerField(default=0, db_default=0)
    # Follows the decision: the database writes it in the same statement.
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["submitted_at", "id"], condition=WAITS, name="submission_waits"),
            models.Index(fields=["language", "submitted_at", "id"], condition=WAITS, name="submission_waits_language"),
            models.Index(fields=["is_update", "submitted_at", "id"], condition=WAITS, name="submission_waits_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.version} ({self.submitted_at:%Y-%m-%d})"

    def note_lures(self, count: int) -> None:
        self.lures_count = min(count, 32_000)
        self.save(update_fields=["lures_count"])

    @property
    def is_waiting(self) -> bool:
        return Submission.objects.waiting().filter(pk=self.pk).exists()

    @transaction.atomic
    def withdraw(self, *, by: User) -> None:
        """The creator takes it back to edit it again. Raises AlreadyDecided, AlreadyWithdrawn, NotAllowed."""
        version = self.version
        if not version.course.belongs_to(by):
            raise NotAllowed
        version.hold()
        self._must_wait()
        self.withdrawn_by, self.withdrawn_at = by, timezone.now()
        self.save(update_fields=["withdrawn_by", "withdrawn_at"])
        version.reopen()
        audit.record(by, "submission.withdraw", self, course=version.course_id)

    @transaction.atomic
    def approve(self, *, by: User, reason: str = "", rubric_version: str) -> "Decision":
        """Publish the version.
        Raises AlreadyDecided, AlreadyWithdrawn, NotAllowed, NotReady (a film was replaced meanwhile).
        """
        version = self._held_for(by)
        version.must_be_ready()
        decision = self._decide(Decision.Verdict.APPROVE, by, reason, rubric_version)
        version.go_live()
        return decision

    @transaction.atomic
    def send_back(
        self, *, by: User, reason: str, findings: Iterable[dict[str, Any]] = (), rubric_version: str
    ) -> "Decision":
        """Back to the creator with findings: dicts of rule_code, text and perhaps lesson_key and at_second.
        Raises AlreadyDecided, AlreadyWithdrawn, NotAllowed, or ValidationError when nothing says what to mend.
        """
        findings = list(findings)
        if not reason.strip() and not findings:
            raise ValidationError({"reason": _("Say what the creator should mend.")})
        version = self._held_for(by)
        decision = self._decide(Decision.Verdict.RETURN, by, reason, rubric_version)
        Finding.objects.bulk_create(Finding.of(decision, found) for found in findings)
        version.go_back()
        return decision

    def _held_for(self, by: User) -> Version:
        version = self.version
        if not by.has_role("moderator") or version.course.belongs_to(by):
            raise NotAllowed(_("A course is decided on by a moderator who is not its creator."))
        version.hold()
        self._must_wait()
        return version

    def _must_wait(self) -> None:
        self.refresh_from_db(fields=["withdrawn_at"])
        if self.withdrawn_at:
            raise AlreadyWithdrawn
        if not self.is_waiting:
            raise AlreadyDecided

    def _decide(self, verdict: str, by: User, reason: str, rubric_version: str) -> "Decision":
        decision = Decision.objects.create(
            submission=self, verdict=verdict, decided_by=by, reason=reason.strip(), rubric_version=rubric_version
        )
        audit.record(by, f"submission.{verdict}", self, course=self.version.course_id, reason=reason)
        return decision


class Decision(models.Model):
    """What a moderator decided. The database refuses changes, and refuses a live version without one that approves."""

    class Verdict(models.TextChoices):
        APPROVE = "approve", _("Approved")
        RETURN = "return", _("Sent back")

    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="decision")
    verdict = models.CharField(max_length=16, choices=Verdict.choices)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)
    reason = models.TextField(max_length=4000, blank=True)
    rubric_version = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(verdict__in=["approve", "return"]), name="decision_verdict_is_known")
        ]

    def __str__(self) -> str:
        return f"{self.submission}: {self.verdict}"


class Finding(models.Model):
    """One thing to mend: which rule, in which lesson, at which second. Rows cannot be changed."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="findings")
    rule_code = models.CharField(max_length=40)
    # The rule's wording in the rule book; what was found before there were numbers was found by the first.
    rule_version = models.PositiveSmallIntegerField(default=1, db_default=1)
    lesson_key = models.UUIDField(null=True, blank=True)
    at_second = models.PositiveIntegerField(null=True, blank=True)
    text = models.TextField(max_length=2000)

    def __str__(self) -> str:
        return self.rule_code

    @classmethod
    def of(cls, decision: Decision, found: dict[str, Any]) -> "Finding":
        return cls(
            decision=decision,
            rule_code=found["rule_code"],
            rule_version=found.get("rule_version", 1),
            text=found.get("text", ""),
            lesson_key=found.get("lesson_key") or None,
            at_second=found.get("at_second"),
        )
