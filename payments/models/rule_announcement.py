"""Telling creators of a new rule of sharing before it holds."""

from datetime import timedelta

from django.db import models

from marketplace.lib.work import Work

from .revenue_rule import RevenueRule


class RuleAnnouncementQuerySet(models.QuerySet["RuleAnnouncement"]):
    def begin(self, rule: RevenueRule) -> "RuleAnnouncement":
        row = self.create(rule=rule)
        row.ring()
        return row


class RuleAnnouncement(Work):
    """Every creator is to be written of this rule. `through_creator_id`: those up to here have their mail posted."""

    TASK = "payments.tasks.announce_rule"
    LEASE = timedelta(minutes=5)
    MAX_ATTEMPTS = 8

    rule = models.OneToOneField(RevenueRule, on_delete=models.PROTECT, related_name="announcement")
    through_creator_id = models.BigIntegerField(default=0)

    objects = RuleAnnouncementQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(finished_at=None, dead_at=None), name="announcement_due")
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"announcement of {self.rule_id}"

    def reach(self, creator_id: int) -> None:
        """Mails up to this creator are posted; raises LeaseLost."""
        self.heartbeat()
        self.through_creator_id = creator_id
        self.save(update_fields=["through_creator_id"])
