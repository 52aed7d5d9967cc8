"""Who is looking at a reported thing: one moderator at a time, for a while, as with submissions."""

from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from marketplace.lib.errors import NotAllowed

from .case import Case, CaseClosed
from .claim import CLAIM_LASTS, ClaimedByAnother, clock_time


class CaseClaimQuerySet(models.QuerySet["CaseClaim"]):
    def open(self) -> "CaseClaimQuerySet":
        """Held now: not released and not run out."""
        return self.filter(released_at=None, expires_at__gt=timezone.now())

    @transaction.atomic
    def take(self, case: Case, by: User) -> "CaseClaim":
        """The case is `by`'s to decide on; asked again, her claim is renewed.

        Raises ClaimedByAnother, CaseClosed, or NotAllowed for the thing's own owner and for people without the role.
        """
        # Two moderators queue at the case's row: the second one finds the first one's claim and is told so.
        held = case.hold()
        if not by.has_role("moderator"):
            raise NotAllowed
        if held.owner_id == by.pk:
            raise NotAllowed(_("This is your own; another moderator decides on it."))
        if not held.is_open:
            raise CaseClosed
        present = self.select_related("moderator").filter(case=held, released_at=None).first()
        if present and present.moderator_id == by.pk:
            return present.renew()
        if present and present.is_open:
            raise _held_by(present)
        if present:
            present.release(by=by)
        claim = self.create(case=held, moderator=by, expires_at=timezone.now() + CLAIM_LASTS)
        audit.record(by, "case.claim", held)
        return claim

    def settle(self, case: Case, by: User) -> None:
        """`by` decides now: her claim ends. Raises ClaimedByAnother. The caller holds the case."""
        present = self.open().select_related("moderator").filter(case=case).first()
        if present and present.moderator_id != by.pk:
            raise _held_by(present)
        self.filter(case=case, released_at=None).update(released_at=timezone.now())


def _held_by(claim: "CaseClaim") -> ClaimedByAnother:
    facts: dict[str, Any] = {"name": claim.moderator, "time": clock_time(claim.expires_at)}
    return ClaimedByAnother(_("%(name)s is looking at this case until %(time)s.") % facts)


class CaseClaim(models.Model):
    """`moderator` looks at `case`. Released when she gives it back, has decided, or the time has run out."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="claims")
    moderator = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    objects = CaseClaimQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case"], condition=Q(released_at=None), name="one_claim_a_case")]
        indexes = [models.Index(fields=["moderator"], condition=Q(released_at=None), name="case_claim_held")]

    def __str__(self) -> str:
        return f"{self.moderator}: {self.case_id}"

    @property
    def is_open(self) -> bool:
        return self.released_at is None and self.expires_at > timezone.now()

    @transaction.atomic
    def renew(self) -> "CaseClaim":
        self.expires_at = timezone.now() + CLAIM_LASTS
        self.save(update_fields=["expires_at"])
        audit.record(self.moderator, "case.renew_claim", self.case)
        return self

    @transaction.atomic
    def release(self, *, by: User) -> None:
        """Give the case back. `by` is its moderator, or whoever takes it when its time is over."""
        self.released_at = timezone.now()
        self.save(update_fields=["released_at"])
        audit.record(by, "case.release", self.case)
