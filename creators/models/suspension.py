"""Suspending a creator: her courses leave the sale at once, and the history outlives the reversal."""

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from marketplace.lib.errors import DomainError, NotAllowed

from .creator import Creator


class AlreadySuspended(DomainError):
    code = "already_suspended"
    message = _("This creator is suspended already.")


class SuspensionQuerySet(models.QuerySet["Suspension"]):
    @transaction.atomic
    def suspend(self, *, creator: Creator, by: User, rule_code: str, reason: str) -> "Suspension":
        """Raises AlreadySuspended, NotAllowed. `rule_code` names the rule that was broken."""
        if not by.has_role("moderator") or by.pk == creator.user_id:
            raise NotAllowed
        locked = Creator.objects.select_for_update(no_key=True).get(pk=creator.pk)
        if locked.suspended_at:
            raise AlreadySuspended
        row = self.create(creator=creator, suspended_by=by, rule_code=rule_code, reason=reason)
        creator.set_suspended(row.suspended_at)
        audit.record(by, "creator.suspend", creator, rule=rule_code, reason=reason)
        return row


class Suspension(models.Model):
    """A creator was kept from selling from `suspended_at` until `lifted_at`."""

    creator = models.ForeignKey(Creator, on_delete=models.PROTECT, related_name="suspensions")
    suspended_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    suspended_at = models.DateTimeField(default=timezone.now)
    rule_code = models.CharField(max_length=40)
    reason = models.TextField(max_length=2000)
    lifted_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lift_reason = models.TextField(max_length=2000, blank=True)

    objects = SuspensionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["creator"], condition=models.Q(lifted_at=None), name="one_open_suspension_a_creator"
            )
        ]

    def __str__(self) -> str:
        return f"{self.creator}: {self.rule_code}"

    @transaction.atomic
    def lift(self, *, by: User, reason: str) -> None:
        if not by.has_role("moderator"):
            raise NotAllowed
        self.lifted_by, self.lifted_at, self.lift_reason = by, timezone.now(), reason
        self.save(update_fields=["lifted_by", "lifted_at", "lift_reason"])
        self.creator.set_suspended(None)
        audit.record(by, "creator.reinstate", self.creator, reason=reason)
