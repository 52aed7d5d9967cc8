"""Telling creators of a change of the rules before it holds, and of one that does not come after all."""

from datetime import timedelta

from django.db import models

from marketplace.lib.work import Work

from .rule import RuleVersion


class RuleNewsQuerySet(models.QuerySet["RuleNews"]):
    def begin(self, rule: RuleVersion) -> bool:
        """Once a wording; False where it had begun before."""
        row, is_new = self.get_or_create(rule=rule)
        if is_new:
            row.ring()
        return is_new


class RuleNews(Work):
    """Creators are to be written of `rule`. `through_creator_id`: up to here the mails are posted."""

    LEASE = timedelta(minutes=5)
    MAX_ATTEMPTS = 8

    rule: models.OneToOneField[RuleVersion]
    through_creator_id = models.BigIntegerField(default=0)

    objects = RuleNewsQuerySet.as_manager()

    class Meta:
        abstract = True

    def reach(self, creator_id: int) -> None:
        """Mails up to this creator are posted; raises LeaseLost."""
        self.heartbeat()
        self.through_creator_id = creator_id
        self.save(update_fields=["through_creator_id"])


class ChangeAnnouncement(RuleNews):
    """Every creator is to be written of this wording."""

    TASK = "moderation.tasks.announce_change"

    rule = models.OneToOneField(RuleVersion, on_delete=models.PROTECT, related_name="announcement")

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(finished_at=None, dead_at=None), name="change_told_due")
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"announcement of {self.rule_id}"


class ChangeRecall(RuleNews):
    """Whoever was written of this wording is to be written that it does not come."""

    TASK = "moderation.tasks.recall_change"

    rule = models.OneToOneField(RuleVersion, on_delete=models.PROTECT, related_name="recall")

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(finished_at=None, dead_at=None), name="recall_due")
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"recall of {self.rule_id}"
