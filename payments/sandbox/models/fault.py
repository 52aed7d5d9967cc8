"""Knobs: make the next calls of an operation fail, before or after their effect."""

from django.db import models, transaction

from marketplace.lib import clock


class FaultQuerySet(models.QuerySet["SandboxFault"]):
    def plan(self, operation: str, mode: str, times: int = 1) -> "SandboxFault":
        """The next `times` calls of `operation` (for example "transfers.create", or "*") go wrong in this way."""
        return self.create(operation=operation, mode=SandboxFault.Mode(mode), remaining=times)

    def take(self, operation: str) -> str:
        """The mode in which this call must go wrong, or an empty string. Each call uses one up."""
        due = self.filter(operation__in=(operation, "*"), remaining__gt=0).order_by("pk")
        if not due.exists():
            return ""
        with transaction.atomic():
            fault = due.select_for_update().first()
            if fault is None:
                return ""
            self.filter(pk=fault.pk).update(remaining=models.F("remaining") - 1)
            return fault.mode


class SandboxFault(models.Model):
    """Somebody asked for failures of one operation."""

    class Mode(models.TextChoices):
        TIMEOUT_BEFORE = "timeout_before"  # the request never arrived
        TIMEOUT_AFTER = "timeout_after"  # it took effect, the answer was lost
        BROKEN_AFTER = "broken_after"  # it took effect, the answer is not JSON
        ERROR_500 = "500"  # nothing happened, and the 500 is replayed under the key
        CONFLICT_409 = "409"
        BUSY_429 = "429"
        REFUSED_400 = "400"  # a definitive refusal

    operation = models.CharField(max_length=60)
    mode = models.CharField(max_length=20, choices=Mode.choices)
    remaining = models.PositiveIntegerField()
    planned_at = models.DateTimeField(default=clock.now)

    objects = FaultQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.operation}: {self.mode} × {self.remaining}"
