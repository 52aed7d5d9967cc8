"""What we answered to a bank: our evidence, or that the buyer may keep the money. Asked once, sent by a worker."""

from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.lib import clock
from marketplace.lib.errors import DomainError
from marketplace.lib.work import Work

from .dispute import Dispute


class AlreadyAnswered(DomainError):
    code = "dispute_answered"
    message = _("The bank has an answer already. It reads only one.")


class DisputeEvidenceQuerySet(models.QuerySet["DisputeEvidence"]):
    def answer(self, dispute: Dispute, *, by: Any, kind: str, fields: dict[str, str], reason: str) -> "DisputeEvidence":
        """Lay down the one answer to a dispute and ring for it. Raises AlreadyAnswered."""
        try:
            with transaction.atomic():
                row = self.create(
                    dispute=dispute, submitted_by=by, kind=kind, fields=fields, reason=reason[:300], at=clock.now()
                )
        except IntegrityError:
            raise AlreadyAnswered from None
        row.ring()
        return row

    def standing(self) -> Self:
        """Sent, or still to be sent: not refused."""
        return self.filter(refused_at=None)


class DisputeEvidence(Work):
    """A person's answer to a dispute. What was said and by whom never changes; as work it is the call that sends it."""

    class Kind(models.TextChoices):
        EVIDENCE = "evidence", _("Evidence")
        ACCEPTED = "accepted", _("Accepted: the buyer keeps the money")

    TASK = "payments.tasks.send_dispute_evidence"
    LEASE = timedelta(minutes=2)
    MAX_ATTEMPTS = 12

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="answers")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)
    fields = models.JSONField(default=dict)
    sent_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=300, blank=True)

    objects = DisputeEvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["dispute"], condition=Q(refused_at=None), name="one_answer_a_dispute")
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(finished_at=None, dead_at=None), name="dispute_answer_due")
        ]
        verbose_name_plural = "dispute evidence"

    def __str__(self) -> str:
        return f"{self.dispute_id}: {self.kind}"

    @property
    def name(self) -> str:
        """What it is called at the provider."""
        return f"{self.dispute.provider_dispute_id}:{self.pk}"

    @property
    def is_first_try(self) -> bool:
        """No worker has asked the provider for it before."""
        return self.attempts <= 1 and not self.rounds

    def mark_sent(self) -> None:
        type(self).objects.filter(pk=self.pk, sent_at=None).update(sent_at=clock.now())

    def mark_refused(self, why: str) -> None:
        """The provider will not take it; another answer may be given."""
        type(self).objects.filter(pk=self.pk, sent_at=None).update(refused_at=clock.now(), refusal=why[:300])

    def on_dead(self) -> None:
        self.dispute.order.flag(f"the answer to {self.dispute.provider_dispute_id} was not sent: {self.last_error}")
