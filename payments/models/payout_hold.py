"""Holding a creator's payouts back: by a person of finance, or by a moderator for what is published; until lifted."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from creators.models import Creator
from marketplace.lib.errors import DomainError, NotAllowed
from marketplace.lib.money import Money

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

    def standing(self, creator: Creator) -> "PayoutHold | None":
        """The one that holds this creator's payouts now."""
        return self.open().filter(creator=creator).first()

    @transaction.atomic
    def place(self, *, creator: Creator, by: User, rule_code: str, reason: str) -> "PayoutHold":
        """Hold back all payouts of `creator` from now on. Raises NotAllowed, AlreadyHeld."""
        _may_hold(by, creator, rule_code)
        # Content is for moderators to judge: the creator is told that she can appeal against their measure.
        if rule_code == PayoutHold.Rule.CONTENT and not by.has_role("moderator"):
            raise NotAllowed
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

    @classmethod
    def of_finance(cls) -> list[tuple[str, Any]]:
        """The rules that finance may hold by."""
        return [(value, label) for value, label in cls.Rule.choices if value != cls.Rule.CONTENT]

    @property
    def is_of_measure(self) -> bool:
        """A moderator's decision, of an app above this one, stands or falls with it: the public log tells of both."""
        return getattr(self, "measure", None) is not None

    @property
    def until(self) -> datetime | None:
        """When it ends by itself; None where a person must lift it."""
        measure = getattr(self, "measure", None)  # the moderator's, of an app above this one
        return measure.ends_at if measure is not None else None

    @property
    def cause(self) -> str:
        """For the creator: since when, by whom and why, what ends it, and what she can do. No word of the reason that
        was written for the house alone.
        """
        end = gettext("It ends on %(until)s at the latest.") % {"until": _day(self.until)} if self.until else ""
        return f"{_cause(self.rule_code) % {'day': _day(self.placed_at)}} {end}".strip()

    def words(self, available: Money) -> str:
        """The cause beside what she has."""
        stays = gettext("Your %(available)s stays yours.") % {"available": available.format()}
        return f"{self.cause} {stays}"

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


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "DATE_FORMAT")


def _cause(rule_code: str) -> str:
    """Of a rule that is on the list no more: that there is a hold."""
    rules = PayoutHold.Rule
    known: dict[str, str] = {
        rules.RISK: gettext(
            "Our finance team has held your payouts since %(day)s: sales of yours look unusual and are being checked. "
            "If you can explain them, write to us."
        ),
        rules.DISPUTES: gettext(
            "Our finance team has held your payouts since %(day)s: many of your buyers' banks dispute their payments. "
            "It ends when these are settled; what you know of them helps us to answer."
        ),
        rules.IDENTITY: gettext(
            "Our finance team has held your payouts since %(day)s: it is not clear who you are. Look whether name and "
            "country of your profile are right, and send us proof of them."
        ),
        rules.LEGAL: gettext(
            "Our finance team has held your payouts since %(day)s: an authority has ordered it. It ends with that "
            "order, about which you ask the authority."
        ),
        rules.CONTENT: gettext(
            "A moderator has held your payouts since %(day)s: what you publish is under review. The decision stands "
            "among your notices, where you can appeal against it."
        ),
    }
    unknown = gettext("Our finance team has held your payouts since %(day)s. Write to us to ask why.")
    return known.get(rule_code, unknown)


def _may_hold(by: User, creator: Creator, rule_code: str) -> None:
    # Nobody decides over money of her own.
    is_theirs = by.has_role("finance") or (rule_code == PayoutHold.Rule.CONTENT and by.has_role("moderator"))
    if not is_theirs or by.pk == creator.user_id:
        raise NotAllowed
