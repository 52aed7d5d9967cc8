"""Who is looking at a reported thing: one moderator at a time, for a while, as with submissions."""

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from marketplace.lib.errors import NotAllowed
from moderation import impartial

from .case import Case, CaseClosed
from .timed_claim import TimedClaim, TimedClaimQuerySet


class CaseClaimQuerySet(TimedClaimQuerySet["CaseClaim"]):
    @transaction.atomic
    def take(self, case: Case, by: User) -> "CaseClaim":
        """The case is `by`'s to decide on; asked again, her claim is renewed.

        Raises ClaimedByAnother, CaseClosed, NotAllowed for people without the role, Partial for a party.
        """
        # Two moderators queue at the case's row: the second one finds the first one's claim and is told so.
        held = case.hold()
        if not by.has_role("moderator"):
            raise NotAllowed
        impartial.must_be(by, impartial.of_case(held))
        if not held.is_open:
            raise CaseClosed
        return self.give(held, by)

    def settle(self, case: Case, by: User) -> None:
        """`by` decides now: her claim ends. Raises ClaimedByAnother. The caller holds the case."""
        present = self.open().select_related("moderator").filter(case=case).first()
        if present and present.moderator_id != by.pk:
            raise present.refusal()
        self.filter(case=case, released_at=None).update(released_at=timezone.now())


class CaseClaim(TimedClaim):
    """`moderator` looks at `case`."""

    OF = "case"
    HELD = _("%(name)s is looking at this case until %(time)s.")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="claims")
    moderator = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = CaseClaimQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case"], condition=Q(released_at=None), name="one_claim_a_case")]
        indexes = [models.Index(fields=["moderator"], condition=Q(released_at=None), name="case_claim_held")]

    def __str__(self) -> str:
        return f"{self.moderator}: {self.case_id}"
