"""Suspending a creator: her courses leave the sale at once, and the history outlives the reversal."""

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from accounts.models.restraint import Restraint
from marketplace.lib.errors import DomainError, NotAllowed

from .creator import Creator


class AlreadySuspended(DomainError):
    code = "already_suspended"
    message = _("This creator is suspended already.")


class AlreadyReinstated(DomainError):
    code = "already_reinstated"
    message = _("This suspension is lifted already.")


class SuspensionQuerySet(models.QuerySet["Suspension"]):
    @transaction.atomic
    def suspend(
        self, *, creator: Creator, by: User, rule_code: str, reason: str, rule_version: int = 1
    ) -> "Suspension":  # fmt: skip
        """Raises AlreadySuspended, NotAllowed. `rule_code` names the rule that was broken."""
        if not by.has_role("moderator") or by.pk == creator.user_id:
            raise NotAllowed
        locked = Creator.objects.select_for_update(no_key=True).get(pk=creator.pk)
        if locked.suspended_at:
            raise AlreadySuspended
        row = self.create(
            creator=creator, suspended_by=by, rule_code=rule_code, rule_version=rule_version, reason=reason
        )  # fmt: skip
        creator.set_suspended(row.suspended_at)
        audit.record(by, "creator.suspend", creator, rule=rule_code, reason=reason)
        return row


class Suspension(Restraint):
    """A creator was kept from selling from `suspended_at` until `lifted_at`."""

    creator = models.ForeignKey(Creator, on_delete=models.PROTECT, related_name="suspensions")
    suspended_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    suspended_at = models.DateTimeField(default=timezone.now)
    rule_version = models.PositiveSmallIntegerField(default=1, db_default=1)

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
    def lift(self, *, by: User | None, reason: str) -> None:
        """She sells again; by nobody when its time has run out. Raises AlreadyReinstated, NotAllowed."""
        if by is not None and (not by.has_role("moderator") or by.pk == self.creator.user_id):
            raise NotAllowed
        Creator.objects.select_for_update(no_key=True).get(pk=self.creator_id)
        self.end(by=by, reason=reason, refusal=AlreadyReinstated)
        self.creator.set_suspended(None)
        audit.record(by, "creator.reinstate", self.creator, reason=reason)
