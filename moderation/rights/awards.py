"""What an upheld claim awards, and what its claimant has still to do so that she is paid."""

from dataclasses import dataclass
from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from creators.models import Creator
from marketplace.lib import sweeps
from marketplace.lib.emails import Mail
from marketplace.lib.money import Money
from moderation.models import RightsClaim
from payments.models import CourseEscrow, EscrowedShare, PayoutAccount

from . import mails


class Stage(models.TextChoices):
    """The next thing that it waits for; the first that is not done."""

    PROFILE = "profile", _("Make a creator's profile")
    ACCOUNT = "account", _("Say where payouts go")
    VERDICT = "verdict", _("The verdict becomes final")
    HOLD = "hold", _("Buyers' time to ask for their money ends")
    PAID = "paid", _("It is in your balance")
    NOTHING = "nothing", _("Nothing is left: the buyers have their money back")


@dataclass(frozen=True)
class Award:
    """`awarded` is hers and not in her balance yet, `held` becomes hers sale by sale, `paid` is in her balance."""

    awarded: list[Money]
    held: list[Money]
    paid: list[Money]
    has_profile: bool
    has_account: bool
    is_final: bool
    final_at: datetime | None

    @property
    def stage(self) -> Stage:
        if not (self.awarded or self.held or self.paid):
            return Stage.NOTHING
        if not self.has_profile:
            return Stage.PROFILE
        if not self.has_account:
            return Stage.ACCOUNT
        if not self.is_final:
            return Stage.VERDICT
        return Stage.HOLD if self.held or self.awarded else Stage.PAID


def of(claim: RightsClaim) -> Award | None:
    """None where nothing was awarded, or the award was taken back."""
    verdict = claim.verdict
    if claim.escrow is None or claim.escrow.outcome != CourseEscrow.Outcome.AWARD or verdict is None:
        return None
    shares = EscrowedShare.objects.filter(escrow=claim.escrow_id)
    payee = Creator.objects.filter(user=claim.claimant_id).first()
    account = PayoutAccount.objects.of(payee) if payee else None
    return Award(
        shares.awarded().filter(paid_at=None).sums(), shares.kept().sums(),
        shares.awarded().filter(paid_at__isnull=False).sums(), payee is not None,
        account is not None and account.is_active, verdict.is_final,
        verdict.measure.appeal_until if verdict.measure else None,
    )  # fmt: skip


def remind() -> int:
    """Who was awarded income by a verdict that is final now, and has no profile to be paid by, is told so once."""
    rows = RightsClaim.objects.unclaimed().select_related("claimant", "escrow")
    return sum(sweeps.each("awards_that_wait", rows, _remind))


@transaction.atomic
def _remind(claim: RightsClaim) -> bool:
    verdict = claim.verdict
    if verdict is None or not verdict.is_final:
        return False
    # The mail stays; the notice beside it goes some months after it was read.
    if Mail.objects.filter(key=mails.key_of_wait(verdict)).exists():
        return False
    mails.award_waits(claim, verdict)
    return True
