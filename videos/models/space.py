"""How many bytes of originals a creator may keep here: the setting, unless staff gave her another limit."""

from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from accounts import audit
from accounts.models import User
from marketplace.lib.errors import NotAllowed

GIGABYTE = 1024**3
MOST_GB = 100_000


class SpaceGrantQuerySet(models.QuerySet["SpaceGrant"]):
    def of(self, owner: Any) -> Self:
        return self.filter(owner=owner)

    def limit_of(self, owner: Any) -> int:
        """In bytes: what was granted last, else the setting's."""
        granted = self.of(owner).order_by("-granted_at", "-pk").values_list("limit_bytes", flat=True).first()
        return settings.UPLOAD_QUOTA_BYTES if granted is None else granted

    @transaction.atomic
    def grant(self, *, owner: Any, gigabytes: int, by: User, reason: str) -> "SpaceGrant":
        """From now on `owner` may keep so much; what she has beyond it stays. Raises NotAllowed."""
        if not by.has_role("admin") or by.pk == owner.pk:
            raise NotAllowed
        before = self.limit_of(owner)
        row = self.create(owner=owner, limit_bytes=gigabytes * GIGABYTE, granted_by=by, reason=reason)
        audit.record(by, "space.grant", row, owner=owner.pk, before=before, after=row.limit_bytes, reason=reason)
        return row


class SpaceGrant(models.Model):
    """Somebody of staff set a creator's limit, for a reason. Rows cannot be changed; the newest counts."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="space_grants")
    limit_bytes = models.PositiveBigIntegerField()
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(default=timezone.now)
    reason = models.TextField(max_length=2000)

    objects = SpaceGrantQuerySet.as_manager()

    class Meta:
        ordering = ["-granted_at", "-pk"]
        indexes = [models.Index(fields=["owner", "-granted_at"], name="space_of_owner")]
        constraints = [
            models.CheckConstraint(condition=Q(limit_bytes__gt=0), name="space_is_something"),
            models.CheckConstraint(condition=~Q(reason=""), name="space_is_granted_for_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id}: {self.limit_bytes}"
