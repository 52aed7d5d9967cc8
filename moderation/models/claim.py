"""Who is looking at a submission: one moderator at a time, for a while, so that nobody's reading is wasted."""

from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from courses.models import Submission
from marketplace.lib.errors import DomainError, NotAllowed

# Long enough to watch a lesson without touching the page; opening the case again makes it whole again.
CLAIM_LASTS = timedelta(minutes=45)


class ClaimedByAnother(DomainError):
    code = "claimed_by_another"
    message = _("Another moderator is looking at this submission.")


class NotWaiting(DomainError):
    code = "not_waiting"
    message = _("This submission is no longer waiting for a decision.")


class ClaimLost(DomainError):
    code = "claim_lost"
    message = _("Your claim has run out and another moderator has taken this submission.")


class ClaimQuerySet(models.QuerySet["Claim"]):
    def open(self) -> "ClaimQuerySet":
        """Held now: not released and not run out."""
        return self.filter(released_at=None, expires_at__gt=timezone.now())

    @transaction.atomic
    def take(self, submission: Submission, by: User) -> "Claim":
        """The submission is `by`'s to decide on; asked again, her claim is renewed.

        Raises ClaimedByAnother, NotWaiting, or NotAllowed for the course's own creator and for people without the role.
        """
        # The lock on the course, taken first by every verb, makes two moderators queue here: the second finds the first
        # one's claim and is told so.
        submission.version.course.hold()
        held = Submission.objects.select_related("version__course__creator").get(pk=submission.pk)
        must_be_reviewable(held, by)
        present = self.select_related("moderator").filter(submission=held, released_at=None).first()
        if present and present.moderator_id == by.pk:
            return present.renew()
        if present and present.expires_at > timezone.now():
            raise ClaimedByAnother(
                _("%(name)s is looking at this submission until %(time)s.")
                % {"name": present.moderator, "time": clock_time(present.expires_at)}
            )
        if present:
            present.release(by=by)
        claim = self.create(submission=held, moderator=by, expires_at=timezone.now() + CLAIM_LASTS)
        audit.record(by, "submission.claim", held)
        return claim


class Claim(models.Model):
    """`moderator` looks at `submission`. Released when she gives it back, has decided, or the time has run out."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="claims")
    moderator = models.ForeignKey(User, on_delete=models.PROTECT, related_name="claims")
    claimed_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission"], condition=Q(released_at=None), name="one_claim_a_submission")
        ]
        indexes = [models.Index(fields=["moderator"], condition=Q(released_at=None), name="claim_held")]

    def __str__(self) -> str:
        return f"{self.moderator}: {self.submission_id}"

    @property
    def is_open(self) -> bool:
        return self.released_at is None and self.expires_at > timezone.now()

    @transaction.atomic
    def renew(self) -> "Claim":
        self.expires_at = timezone.now() + CLAIM_LASTS
        self.save(update_fields=["expires_at"])
        audit.record(self.moderator, "submission.renew_claim", self.submission)
        return self

    @transaction.atomic
    def release(self, *, by: User) -> None:
        """Give the submission back to the queue. `by` is its moderator, or whoever takes it when its time is over."""
        self.released_at = timezone.now()
        self.save(update_fields=["released_at"])
        audit.record(by, "submission.release", self.submission)


def must_be_reviewable(submission: Submission, by: User) -> None:
    """Raises NotAllowed or NotWaiting. Nobody judges her own course."""
    if not by.has_role("moderator"):
        raise NotAllowed
    if submission.version.course.belongs_to(by):
        raise NotAllowed(_("This is your own course; another moderator decides on it."))
    if not submission.is_waiting:
        raise NotWaiting


def clock_time(at: datetime) -> Any:
    return timezone.localtime(at).strftime("%H:%M")
