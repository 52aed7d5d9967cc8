"""A person's record as a file: asked for, made by a worker, there for a week. And that an account was deleted."""

import secrets
from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.lib.errors import DomainError
from marketplace.lib.work import Work

from .user import User

KEPT_FOR = timedelta(days=7)
# One making after the other, and not many a day: a record of years takes a worker a while.
ANOTHER_AFTER = timedelta(hours=1)


def fresh_name() -> str:
    return secrets.token_hex(16)


class RecordUnderWay(DomainError):
    code = "record_under_way"
    message = _("Your record is being made, or was made within the last hour. You get a mail when it is ready.")


class RecordExportQuerySet(models.QuerySet["RecordExport"]):
    def of(self, person: Any) -> "RecordExportQuerySet":
        return self.filter(person_id=person.pk) if person.pk else self.none()

    def ask(self, person: User) -> "RecordExport":
        """A worker makes the file. Raises RecordUnderWay."""
        User.objects.select_for_update(no_key=True).only("pk").get(pk=person.pk)
        recent = Q(asked_at__gt=timezone.now() - ANOTHER_AFTER) & Q(dead_at=None)
        if self.of(person).filter(recent).exists():
            raise RecordUnderWay
        export = self.create(person=person)
        export.ring()
        return export

    def expire(self) -> int:
        """Files whose time is over are deleted; how many."""
        count, _by_kind = self.filter(expires_at__lt=timezone.now()).delete()
        return count


class RecordExport(Work):
    """One wish for the whole record. `content` is a zip, in the database: every worker and web process reaches it, a
    backup's rules are the account's own, and deleting the row deletes the file.
    """

    TASK = "accounts.tasks.make_record"
    LEASE = timedelta(minutes=10)

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="record_exports")
    name = models.CharField(max_length=32, unique=True, default=fresh_name)
    asked_at = models.DateTimeField(default=timezone.now)
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    size = models.PositiveIntegerField(default=0)
    content = models.BinaryField(null=True)

    objects = RecordExportQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ready_at=None, content=None) | Q(ready_at__isnull=False, content__isnull=False),
                name="a_ready_record_has_its_file",
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(finished_at=None, dead_at=None), name="record_due"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.asked_at:%Y-%m-%d}"

    @property
    def is_ready(self) -> bool:
        return self.ready_at is not None and self.expires_at is not None and self.expires_at > timezone.now()

    def keep(self, content: bytes) -> None:
        """The file is there, for a week. Raises LeaseLost."""
        now = timezone.now()
        with self.fenced():
            self._write(content=content, size=len(content), ready_at=now, expires_at=now + KEPT_FOR)
            self.finish()


class AccountDeletion(models.Model):
    """Somebody deleted her account. The row of her account stays without anything of hers, since money and evidence
    hang on it; this says when, and nothing else. The database refuses changes to these rows.
    """

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="deletion")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.at:%Y-%m-%d}"
