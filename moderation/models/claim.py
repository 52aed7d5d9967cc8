"""Who is looking at a submission: one moderator at a time, for a while, so that nobody's reading is wasted."""

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from courses.models import Submission
from marketplace.lib.errors import DomainError, NotAllowed
from moderation import impartial

from .timed_claim import TimedClaim, TimedClaimQuerySet


class NotWaiting(DomainError):
    code = "not_waiting"
    message = _("This submission is no longer waiting for a decision.")


class ClaimLost(DomainError):
    code = "claim_lost"
    message = _("Your claim has run out and another moderator has taken this submission.")


class ClaimQuerySet(TimedClaimQuerySet["Claim"]):
    @transaction.atomic
    def take(self, submission: Submission, by: User) -> "Claim":
        """The submission is `by`'s to decide on; asked again, her claim is renewed.

        Raises ClaimedByAnother, NotWaiting, NotAllowed for people without the role, Partial for who makes the course.
        """
        # The lock on the course, taken first by every verb, makes two moderators queue here: the second finds the first
        # one's claim and is told so.
        submission.version.course.hold()
        held = Submission.objects.select_related("version__course__creator").get(pk=submission.pk)
        must_be_reviewable(held, by)
        return self.give(held, by)


class Claim(TimedClaim):
    """`moderator` looks at `submission`."""

    OF = "submission"
    HELD = _("%(name)s is looking at this submission until %(time)s.")

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="claims")
    moderator = models.ForeignKey(User, on_delete=models.PROTECT, related_name="claims")

    objects = ClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission"], condition=Q(released_at=None), name="one_claim_a_submission")
        ]
        indexes = [models.Index(fields=["moderator"], condition=Q(released_at=None), name="claim_held")]

    def __str__(self) -> str:
        return f"{self.moderator}: {self.submission_id}"


def must_be_reviewable(submission: Submission, by: User) -> None:
    """Raises NotAllowed, Partial or NotWaiting. Nobody judges a course that she earns from."""
    if not by.has_role("moderator"):
        raise NotAllowed
    impartial.must_be(by, impartial.of_submission(submission))
    if not submission.is_waiting:
        raise NotWaiting
