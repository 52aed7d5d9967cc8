"""What the machine watches by itself: the last result of each check of the books, and things to ask about once more."""

from datetime import timedelta

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .asked import Asked


class BookCheckQuerySet(models.QuerySet["BookCheck"]):
    def keep(self, name: str, found: list[str]) -> None:
        """The result of a check that ran now."""
        facts = {"ran_at": timezone.now(), "breaks": len(found), "sample": "\n".join(found[:5])[:2000]}
        self.update_or_create(name=name, defaults=facts)


class BookCheck(models.Model):
    """A check of the books, when it last ran and what it found. Metrics and the finance page read it."""

    name = models.CharField(max_length=40, unique=True)
    ran_at = models.DateTimeField()
    breaks = models.PositiveIntegerField()
    sample = models.TextField(blank=True)

    objects = BookCheckQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name}: {self.breaks}"


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    def raise_for(self, subject: str, keys: "list[str]") -> int:
        """Have each of these asked about once more. One that is waiting or was given up is left as it is: of silence
        none is given up.
        """
        standing = {row.key: row for row in self.filter(subject=subject, key__in=keys)}
        self.bulk_create(
            [Inquiry(subject=subject, key=key) for key in keys if key not in standing], ignore_conflicts=True
        )
        raised = 0
        for row in self.filter(subject=subject, key__in=keys, dead_at=None):
            raised += 1
            if row.finished_at is None:
                row.ring()
            else:
                row.reopen()
        return raised

    @transaction.atomic
    def raise_anew(self, subject: str, key: str) -> bool:
        """Have this asked about now, whatever became of it before: given up, too, or waiting out a silence. Whether
        anything was begun: nothing is while a worker is at it, or is about to be.
        """
        _row, is_new = self.get_or_create(subject=subject, key=key)
        row = self.select_for_update(no_key=True).get(subject=subject, key=key)
        if row.is_under_way and not is_new:
            row.ring()
            return False
        row.reopen()
        return True


class Inquiry(Asked):
    """Something a sweep found waiting for too long: the provider is asked about it, each by itself.

    So the failure of one is recorded on its row and stops none of the others.
    """

    class Subject(models.TextChoices):
        ORDER = "order", _("An order that is open for long")
        REFUND = "refund", _("A refund that the provider left pending")
        CHARGE = "charge", _("A charge without its fee")
        DISPUTE = "dispute", _("A dispute of which nothing was heard")
        BOOKS = "books", _("Our books and the provider's")

    TASK = "payments.tasks.look_again"
    LEASE = timedelta(minutes=2)
    MAX_ATTEMPTS = 8

    subject = models.CharField(max_length=8, choices=Subject.choices)
    key = models.CharField(max_length=80)

    objects = InquiryQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "key"], name="one_inquiry_a_thing")]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(finished_at=None, dead_at=None), name="inquiry_due")
        ]  # fmt: skip
        verbose_name_plural = "inquiries"

    def __str__(self) -> str:
        return f"{self.subject} {self.key}"

    @property
    def is_under_way(self) -> bool:
        """A worker has it, or is to take it now."""
        is_open = self.finished_at is None and self.dead_at is None
        return is_open and (self.due_at <= timezone.now() or self._is_held)

    @property
    def _is_held(self) -> bool:
        return self.lease_until is not None and self.lease_until > timezone.now()
