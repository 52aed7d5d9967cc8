"""Tokens with which programs act for a person. Only a digest is kept, so a copy of the table opens nothing."""

import hashlib
import secrets

from django.db import models
from django.utils import timezone

from .user import User


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def issue(self, user: User, label: str) -> str:
        """A new token for `user`; the answer is the only time that it is seen."""
        plain = "kz_" + secrets.token_urlsafe(32)
        known = user.has_second_factor
        self.create(user=user, label=label[:80], digest=_digest(plain), by_second_factor=known)
        return plain

    def holder_of(self, plain: str) -> "ApiToken | None":
        return self.select_related("user").filter(digest=_digest(plain), revoked_at=None, user__is_active=True).first()


class ApiToken(models.Model):
    """One program's right to act for one person."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    label = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    # Whoever has a second factor has shown it before she gets a token. Without it a token opens nothing of staff.
    by_second_factor = models.BooleanField(default=False)
    issued_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    def __str__(self) -> str:
        return self.label

    def revoke(self) -> None:
        self.revoked_at = timezone.now()
        self.save(update_fields=["revoked_at"])


def _digest(plain: str) -> str:
    return hashlib.sha256(plain.encode()).hexdigest()
