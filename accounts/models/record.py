"""A person's record as a file: asked for, made by a worker, there for a week. And that an account was deleted."""

import secrets
from datetime import timedelta
from typing import Any

from django.core.files.base import File
from django.core.files.storage import storages
from django.db import models, transaction
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


def private_files() -> Any:
    return storages["private"]


def path_of_record(record: "RecordExport", _name: str) -> str:
    """Always the same one: what a killed worker left there is written anew by the next, and goes with the row."""
    return f"records/{record.name}.zip"


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
        """Files whose time is over are deleted; how many. So is what was left of those that could not be made."""
        now = timezone.now()
        return self.filter(Q(expires_at__lt=now) | Q(dead_at__lt=now - KEPT_FOR)).remove()

    @transaction.atomic
    def remove(self) -> int:
        """Rows and files, ready or begun; how many."""
        paths = [path_of_record(record, "") for record in self.only("name")]
        self.delete()
        for path in paths:
            transaction.on_commit(lambda path=path: private_files().delete(path), robust=True)
        return len(paths)


class RecordExport(Work):
    """One wish for the whole record. `file` is a zip in the private storage, where it may be as large as her works are;
    `remove` takes it out together with the row.
    """

    TASK = "accounts.tasks.make_record"
    LEASE = timedelta(minutes=10)

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="record_exports")
    name = models.CharField(max_length=32, unique=True, default=fresh_name)
    asked_at = models.DateTimeField(default=timezone.now)
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    size = models.PositiveBigIntegerField(default=0)
    file = models.FileField(storage=private_files, upload_to=path_of_record, max_length=60, blank=True)

    objects = RecordExportQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ready_at=None, file="") | (Q(ready_at__isnull=False) & ~Q(file="")),
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

    def keep(self, packed: File) -> None:
        """The file is there, for a week. The row is held while it is stored: one worker writes. Raises LeaseLost."""
        now = timezone.now()
        with self.fenced():
            path = path_of_record(self, "")
            private_files().delete(path)
            private_files().save(path, packed)
            self._write(file=path, size=packed.size, ready_at=now, expires_at=now + KEPT_FOR)
            self.finish()


class AccountDeletion(models.Model):
    """Somebody deleted her account. The row of her account stays without anything of hers, since money and evidence
    hang on it; this says when, and nothing else. The database refuses changes to these rows.
    """

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="deletion")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.at:%Y-%m-%d}"
