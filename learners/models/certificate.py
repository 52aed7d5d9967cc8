"""Certificates: what somebody has learned and by which evidence; whose name it carries; that it was revoked."""

import secrets
import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from courses.models import Course, Version
from marketplace.lib.errors import DomainError, NotAllowed

from .enrollment import Enrollment

# Without I, L, O and U, which are read as something else. 20 signs of 32 are 100 bits: nobody finds one by trying.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH, GROUP = 20, 5
LONGEST_NAME = 80
_READ_AS = str.maketrans("ILO", "110")


class AlreadyRevoked(DomainError):
    code = "already_revoked"
    message = _("This certificate was revoked before.")


def fresh_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _sign in range(CODE_LENGTH))


def as_stored(written: str) -> str:
    """A code as people write it down: in small letters, with hyphens and spaces, O for 0."""
    signs = "".join(written[:60].upper().split()).replace("-", "")
    return signs.translate(_READ_AS)


@dataclass(frozen=True)
class PassedQuiz:
    """By which attempt, and with how many percent, a quiz was passed first."""

    title: str
    percent: int
    attempt: int
    passed_on: date


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def of(self, learner: Any) -> Self:
        return self.filter(learner_id=learner.pk) if learner.pk else self.none()

    def shown(self) -> Self:
        """With all that a page of one says."""
        return self.select_related("version", "course__creator", "holder", "revocation", "learner")

    def coded(self, written: str) -> Self:
        return self.shown().filter(code=as_stored(written))

    def issue(self, enrollment: Enrollment, version: Version, evidence: dict[str, Any], name: str) -> "Certificate":
        """Called by `certificates.issuing.issue` alone, which holds what the learner has watched."""
        certificate: Certificate = self.create(
            learner_id=enrollment.learner_id, course_id=enrollment.course_id, enrollment=enrollment, version=version,
            evidence=evidence,
        )  # fmt: skip
        certificate.holder = CertificateHolder.objects.create(certificate=certificate, name=cleaned_name(name))
        return certificate


class Certificate(models.Model):
    """Somebody has completed one version of a course. The database refuses changes to these rows.

    No name stands here: it can be hidden, and goes when its owner deletes her account. `subject` is what a credential
    calls her, different in every certificate.
    """

    code = models.CharField(max_length=CODE_LENGTH, unique=True, default=fresh_code)
    subject = models.UUIDField(default=uuid.uuid4, unique=True)
    learner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="certificates")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    enrollment = models.ForeignKey(Enrollment, on_delete=models.PROTECT, related_name="certificates")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(default=timezone.now)
    evidence = models.JSONField(help_text="what was watched, read and passed, lesson by lesson")

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["learner", "version"], name="one_certificate_a_version"),
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9A-HJKMNP-TV-Z]{20}$"), name="certificate_code_form"),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("learners:certificate", args=[self.code])

    @property
    def code_in_groups(self) -> str:
        return "-".join(self.code[at : at + GROUP] for at in range(0, CODE_LENGTH, GROUP))

    @property
    def code_end(self) -> str:
        """Enough to know it by for who has the code, and opens nothing for who has not."""
        return self.code[-GROUP:]

    @property
    def quizzes_passed(self) -> list[PassedQuiz]:
        """Nothing in certificates from before December 2026, which did not say it."""
        told = self.evidence.get("quizzes", [])
        return [
            PassedQuiz(one["title"], one["percent"], one["attempt"], date.fromisoformat(one["passed_on"]))
            for one in told
        ]

    @property
    def is_revoked(self) -> bool:
        return self.revocation_or_none is not None

    @property
    def revocation_or_none(self) -> "CertificateRevocation | None":
        return getattr(self, "revocation", None)

    @property
    def name(self) -> str:
        """As the public may read it: empty when it is hidden or was deleted."""
        holder = getattr(self, "holder", None)
        return "" if holder is None or holder.hidden_at else holder.name

    @property
    def is_name_hidden(self) -> bool:
        return not self.name

    def belongs_to(self, user: Any) -> bool:
        return user.pk is not None and user.pk == self.learner_id

    @transaction.atomic
    def revoke(self, *, by: User, cause: str, reason: str) -> "CertificateRevocation":
        """It no longer holds, for good. Raises NotAllowed, AlreadyRevoked, ValidationError."""
        if not by.has_role("moderator"):
            raise NotAllowed
        if not reason.strip():
            raise ValidationError({"reason": _("Say why: it stays on record.")})
        row, is_new = CertificateRevocation.objects.get_or_create(
            certificate=self,
            defaults={"by": by, "cause": CertificateRevocation.Cause(cause), "reason": reason.strip()[:600]},
        )
        if not is_new:
            raise AlreadyRevoked
        self.revocation = row
        audit.record(by, "certificate.revoke", self, cause=row.cause, reason=row.reason)
        return row


class CertificateHolder(models.Model):
    """The name on a certificate, as its owner wrote it. Hidden, it is shown to nobody else; deleted, to nobody."""

    certificate = models.OneToOneField(Certificate, primary_key=True, on_delete=models.PROTECT, related_name="holder")
    name = models.CharField(max_length=LONGEST_NAME)
    hidden_at = models.DateTimeField(null=True)

    objects = models.Manager()

    def __str__(self) -> str:
        return self.name

    def show(self, is_shown: bool) -> None:
        self.hidden_at = None if is_shown else timezone.now()
        self.save(update_fields=["hidden_at"])


class CertificateRevocation(models.Model):
    """A certificate no longer holds: who said so, when and why. The database refuses changes to these rows."""

    class Cause(models.TextChoices):
        EVIDENCE = "evidence", _("The evidence was not true")
        MISTAKE = "mistake", _("It was issued by mistake")
        HOLDER = "holder", _("Its holder asked for it")

    certificate = models.OneToOneField(Certificate, on_delete=models.PROTECT, related_name="revocation")
    cause = models.CharField(max_length=12, choices=Cause.choices)
    reason = models.CharField(max_length=600, help_text="for the holder and for the record; never public")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(cause__in=["evidence", "mistake", "holder"]), name="revocation_cause"),
            models.CheckConstraint(condition=~Q(reason=""), name="revocation_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id}: {self.cause}"

    @property
    def cause_text(self) -> str | Promise:
        return self.Cause(self.cause).label


def cleaned_name(name: str) -> str:
    """Raises ValidationError when nothing is left, or too much."""
    name = " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())
    if not name or len(name) > LONGEST_NAME:
        raise ValidationError(_("Write the name that the certificate shall carry, at most 80 characters."))
    return name
