"""The income of a claimed course: into escrow when a claim is admitted, and to whom the verdict says when it ends."""

from django.db import transaction

from accounts.models import User
from creators.models import Creator
from marketplace.lib import sweeps
from marketplace.lib.money import Money
from moderation.models import RightsClaim
from payments import escrow
from payments.models import CourseEscrow, EscrowedShare, OrderItem

from . import mails

Outcome = CourseEscrow.Outcome


def hold(claim: RightsClaim, by: User | None) -> None:
    """What is not paid out of the course waits from now on. Called inside the admitting transaction."""
    assert by is not None  # a claim is admitted by somebody
    cause = f"rights:{claim.pk}:{claim.steps.count()}"
    claim.hold_income(escrow.begin(claim.course, cause=cause, by=by))


def give_back(claim: RightsClaim, by: User | None) -> None:
    """To the course's creators, as if nobody had claimed it; a claim that was never admitted holds nothing."""
    if claim.escrow is not None:
        escrow.end(claim.escrow, Outcome.BACK, by=by)


def award(claim: RightsClaim, by: User) -> None:
    """To the claimant, each sale when its buyer can no longer ask for it back."""
    if claim.escrow is not None:
        escrow.end(claim.escrow, Outcome.AWARD, by=by)


def take_back(claim: RightsClaim, by: User | None) -> None:
    """The verdict that took it from the creators was taken back."""
    if claim.escrow is not None:
        escrow.end(claim.escrow, Outcome.BACK, by=by)
        escrow.overturn(claim.escrow, by=by)


def follow() -> int:
    """Rung by beat: pay what can no longer be appealed against, give back what refunds have left. Returns how many."""
    found = list(RightsClaim.objects.to_follow().values_list("pk", flat=True))
    return sum(sweeps.each("income_of_claims", found, _follow))


@transaction.atomic
def _follow(pk: int) -> bool:
    claim = RightsClaim(pk=pk).hold()
    verdict = claim.verdict
    if verdict is None or claim.escrow is None:
        return False
    if claim.escrow.is_open:
        return _end_after_refunds(claim)
    payee = Creator.objects.filter(user=claim.claimant).first()
    if payee is None or not verdict.is_final:
        return False
    paid = escrow.pay(claim.escrow, payee)
    if paid:
        mails.award_paid(claim, paid)
    return bool(paid)


def _end_after_refunds(claim: RightsClaim) -> bool:
    """When the wave has asked for everybody's money and all of it has gone, the rest is the creators'."""
    verdict = claim.verdict
    wave = getattr(verdict.refunding, "wave", None) if verdict and verdict.refunding else None
    # Also while a bank holds a sale, nobody has agreed yet, or a worker gave up: the money may still be asked for.
    is_under_way = wave is not None and wave.finished_at is None and wave.stopped_at is None
    if is_under_way or OrderItem.objects.refund_open().filter(course=claim.course).exists():
        return False
    give_back(claim, None)
    return True


def comes_back(claim: RightsClaim) -> str:
    """What is told when the verdict that upheld the claim is taken back, asked before it is: of mails.OF_INCOME."""
    if claim.escrow is None:
        return ""
    if claim.escrow.outcome == Outcome.AWARD:
        return mails.TAKEN_BACK if is_worth(claim) else ""
    return "creator" if claim.escrow.is_open and in_escrow(claim) else ""


def in_escrow(claim: RightsClaim) -> list[Money]:
    """What waits now, a currency each."""
    return EscrowedShare.objects.kept().filter(escrow=claim.escrow_id).sums() if claim.escrow_id else []


def is_worth(claim: RightsClaim) -> bool:
    """Whether an award of what is in escrow, due or not yet, is one of any money."""
    return bool(in_escrow(claim) or awarded(claim))


def awarded(claim: RightsClaim) -> list[Money]:
    return EscrowedShare.objects.awarded().filter(escrow=claim.escrow_id).sums() if claim.escrow_id else []
