"""What every measure of a moderator that lasts has in common: the rule, the reason, and how it ended."""

from django.db import models
from django.utils import timezone

from marketplace.lib.errors import DomainError

from .user import User


class Restraint(models.Model):
    """Stands until it is lifted, and its row stays. By nobody: its time had run out."""

    rule_code = models.CharField(max_length=40)
    rule_version = models.PositiveSmallIntegerField()
    reason = models.TextField(max_length=2000)
    lifted_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lift_reason = models.TextField(max_length=2000, blank=True)

    class Meta:
        abstract = True

    def end(self, *, by: User | None, reason: str, refusal: type[DomainError]) -> None:
        """Called by `lift` alone, with what is restrained held. Raises `refusal` when it has ended already."""
        self.refresh_from_db(fields=["lifted_at"])
        if self.lifted_at:
            raise refusal
        self.lifted_by, self.lifted_at, self.lift_reason = by, timezone.now(), reason
        self.save(update_fields=["lifted_by", "lifted_at", "lift_reason"])
