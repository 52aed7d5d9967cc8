"""The second pair of eyes on a large payout: who approved or declined it, when and why."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from marketplace.lib import clock

from .payout import Payout


class PayoutApprovalQuerySet(models.QuerySet["PayoutApproval"]):
    def note(self, payout: Payout, *, by: User, reason: str, approves: bool) -> "PayoutApproval":
        return self.create(payout=payout, by=by, reason=reason, approves=approves, at=clock.now())


class PayoutApproval(models.Model):
    """Somebody other than who started the run looked at a payout above the limit. Append-only; one a payout."""

    payout = models.OneToOneField(Payout, on_delete=models.PROTECT, related_name="approval")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    approves = models.BooleanField()
    reason = models.CharField(max_length=500, blank=True)

    objects = PayoutApprovalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(approves=True) | ~Q(reason=""), name="payout_declined_for_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.payout_id}: {'approved' if self.approves else 'declined'}"
