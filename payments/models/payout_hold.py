"""Holding a creator's payouts back: by a person of finance, or by a moderator for what is published; until lifted."""

from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from creators.models import Creator
from marketplace.lib.errors import DomainError, NotAllowed

from .payout import Payout


class AlreadyHeld(DomainError):
    code = "payouts_already_held"
    message = _("This creator's payouts are held back already.")


class HoldLifted(DomainError):
    code = "payout_hold_lifted"
    message = _("This hold has been lifted already.")


class PayoutHoldQuerySet(models.QuerySet["PayoutHold"]):
    def open(self) -> "PayoutHoldQuerySet":
        return self.filter(lifted_at=None)

    @transaction.atomic
    def place(self, *, creator: Creator, by: User, rule_code: str, reason: str) -> "PayoutHold":
        """Hold back all payouts of `creator` from now on. Raises NotAllowed, AlreadyHeld."""
        _may_hold(by, creator, rule_code)
        try:
            with transaction.atomic():
                hold = self.create(creator=creator, placed_by=by, rule_code=rule_code, reason=reason)
        except IntegrityError:
            raise AlreadyHeld from None
        audit.record(by, "payouts.hold", creator, rule=rule_code, reason=reason)
        return hold


class PayoutHold(models.Model):
    """A creator was paid nothing from `placed_at` until `lifted_at`; her money stayed hers meanwhile."""

    class Rule(models.TextChoices):
        RISK = "risk", _("Unusual sales")
        DISPUTES = "disputes", _("Many disputes")
        IDENTITY = "identity", _("Identity not clear")
        LEGAL = "legal", _("Order of an authority")
        CONTENT = "content", _("Content under review")

    creator = models.ForeignKey(Creator, on_delete=models.PROTECT, related_name="payout_holds")
    rule_code = models.CharField(_("rule"), max_length=24, choices=Rule.choices)
    reason = models.CharField(_("reason"), max_length=500)
    placed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(default=timezone.now)
    lifted_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lift_reason = models.CharField(max_length=500, blank=True)

    objects = PayoutHoldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["creator"], condition=Q(lifted_at=None), name="one_open_payout_hold")
        ]

    def __str__(self) -> str:
        return f"{self.creator}: {self.rule_code}"

    @transaction.atomic
    def lift(self, *, by: User | None, reason: str) -> None:
        """Let the creator be paid again: what was held back is sent now, the rest by the next run.

        By nobody: its time has run out. Raises NotAllowed, HoldLifted.
        """
        if by is not None:
            _may_hold(by, self.creator, self.rule_code)
        lifted_at = timezone.now()
        values = {"lifted_by": by, "lifted_at": lifted_at, "lift_reason": reason}
        if not PayoutHold.objects.open().filter(pk=self.pk).update(**values):
            raise HoldLifted
        self.refresh_from_db()
        Payout.objects.hurry(creator=self.creator)
        audit.record(by, "payouts.lift_hold", self.creator, reason=reason)


def _may_hold(by: User, creator: Creator, rule_code: str) -> None:
    # Nobody decides over money of her own.
    is_theirs = by.has_role("finance") or (rule_code == PayoutHold.Rule.CONTENT and by.has_role("moderator"))
    if not is_theirs or by.pk == creator.user_id:
        raise NotAllowed
