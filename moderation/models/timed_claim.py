"""What every claim of a moderator is: she alone holds a thing, for a while, so that nobody's reading is wasted."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Self, TypeVar

from django.db import models, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from marketplace.lib.errors import DomainError

# Long enough to watch a lesson without touching the page; opening the case again makes it whole again.
CLAIM_LASTS = timedelta(minutes=45)

T = TypeVar("T", bound="TimedClaim")


class ClaimedByAnother(DomainError):
    code = "claimed_by_another"
    message = _("Another moderator is looking at this submission.")


class TimedClaimQuerySet(models.QuerySet[T]):
    def open(self) -> Self:
        """Held now: not released and not run out."""
        return self.filter(released_at=None, expires_at__gt=timezone.now())

    def give(self, thing: Any, by: User) -> T:
        """`by`'s claim on `thing`: renewed, or a new one where nobody's stands or the last has run out.

        The caller holds `thing`, so two moderators queue there, and has looked whether `by` may. Raises
        ClaimedByAnother.
        """
        name = self.model.OF
        present = self.select_related("moderator").filter(**{name: thing}, released_at=None).first()
        if present and present.moderator_id == by.pk:
            return present.renew()
        if present and present.is_open:
            raise present.refusal()
        if present:
            present.release(by=by)
        claim = self.create(**{name: thing}, moderator=by, expires_at=timezone.now() + CLAIM_LASTS)
        audit.record(by, f"{name}.claim", thing)
        return claim


class TimedClaim(models.Model):
    """`moderator` looks at the thing. Released when she gives it back, has decided, or the time has run out."""

    # The field with the thing, and the sentence for who comes second.
    OF: ClassVar[str]
    HELD: ClassVar[str | Promise]

    moderator: "models.ForeignKey[User, User]"
    moderator_id: int
    claimed_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        return self.released_at is None and self.expires_at > timezone.now()

    def refusal(self) -> ClaimedByAnother:
        """What is said to another moderator."""
        return ClaimedByAnother(self.HELD % {"name": self.moderator, "time": _clock_time(self.expires_at)})

    @transaction.atomic
    def renew(self) -> Self:
        self.expires_at = timezone.now() + CLAIM_LASTS
        self.save(update_fields=["expires_at"])
        audit.record(self.moderator, f"{self.OF}.renew_claim", getattr(self, self.OF))
        return self

    @transaction.atomic
    def release(self, *, by: User) -> None:
        """Give the thing back. `by` is its moderator, or whoever takes it when its time is over."""
        self.released_at = timezone.now()
        self.save(update_fields=["released_at"])
        audit.record(by, f"{self.OF}.release", getattr(self, self.OF))


def _clock_time(at: datetime) -> str:
    return timezone.localtime(at).strftime("%H:%M")
