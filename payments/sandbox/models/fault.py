"""Knobs: make the next calls of an operation fail, before or after their effect."""

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

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

    def planned(self) -> "FaultQuerySet":
        return self.filter(remaining__gt=0).order_by("pk")


class SandboxFault(models.Model):
    """Somebody asked for failures of one operation."""

    class Mode(models.TextChoices):
        TIMEOUT_BEFORE = "timeout_before", _("The request is lost on its way")
        TIMEOUT_AFTER = "timeout_after", _("It takes effect, the answer is lost")
        SLOW_AFTER = "slow_after", _("It takes effect, the answer comes after we gave up")
        BROKEN_AFTER = "broken_after", _("It takes effect, the answer is not readable")
        ERROR_500_AFTER = "500_after", _("It takes effect, the answer is 500")
        # Until then the same key is answered 409; what only asks has no effect that could be late.
        LATE = "late", _("The answer is lost, it takes effect ten minutes later")
        # Nothing happens, and the 500 is replayed under the key.
        ERROR_500 = "500", _("500: nothing happens")
        CONFLICT_409 = "409", _("409: another request is under way")
        BUSY_429 = "429", _("429: too many requests")
        CARD_402 = "402", _("402: the card or the balance does not allow it")
        REFUSED_400 = "400", _("400: refused for good")

    operation = models.CharField(max_length=60)
    mode = models.CharField(max_length=20, choices=Mode.choices)
    remaining = models.PositiveIntegerField()
    planned_at = models.DateTimeField(default=clock.now)

    objects = FaultQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.operation}: {self.mode} × {self.remaining}"

    def remove(self) -> None:
        """It shall not happen after all."""
        type(self).objects.filter(pk=self.pk).update(remaining=0)
