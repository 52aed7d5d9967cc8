"""What is still to be done for a refund once its money is back."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from marketplace.lib.work import Work

if TYPE_CHECKING:
    from .refund import Refund


class AfterRefundQuerySet(models.QuerySet["AfterRefund"]):
    def begin(self, refund: "Refund") -> None:
        """Written with the refund's end, so that a crash forgets none."""
        self.create(refund=refund).ring()


class AfterRefund(Work):
    """A refund that is done and whose credit note waits: its number is of a series for which others wait as well."""

    TASK = "payments.tasks.follow_refund"
    LEASE = timedelta(minutes=2)
    MAX_ATTEMPTS = 10

    refund = models.OneToOneField(
        "payments.Refund", primary_key=True, on_delete=models.PROTECT, related_name="after_refund"
    )

    objects = AfterRefundQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(finished_at=None, dead_at=None), name="after_refund_due")
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"after refund {self.refund_id}"
