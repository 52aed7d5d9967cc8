"""Telling creators of a change of the rules before it holds."""

from datetime import timedelta

from django.db import models

from marketplace.lib.work import Work

from .rule import RuleVersion


class ChangeAnnouncementQuerySet(models.QuerySet["ChangeAnnouncement"]):
    def begin(self, rule: RuleVersion) -> "ChangeAnnouncement":
        row = self.create(rule=rule)
        row.ring()
        return row


class ChangeAnnouncement(Work):
    """Every creator is to be written of this wording. `through_creator_id`: up to here the mails are posted."""

    TASK = "moderation.tasks.announce_change"
    LEASE = timedelta(minutes=5)
    MAX_ATTEMPTS = 8

    rule = models.OneToOneField(RuleVersion, on_delete=models.PROTECT, related_name="announcement")
    through_creator_id = models.BigIntegerField(default=0)

    objects = ChangeAnnouncementQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(finished_at=None, dead_at=None), name="change_told_due")
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"announcement of {self.rule_id}"

    def reach(self, creator_id: int) -> None:
        """Mails up to this creator are posted; raises LeaseLost."""
        self.heartbeat()
        self.through_creator_id = creator_id
        self.save(update_fields=["through_creator_id"])
