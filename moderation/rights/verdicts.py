"""What a moderator does with a claim: admit it, decide it, and what becomes of it when a verdict is taken back."""

from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from marketplace.lib.errors import DomainError, NotAllowed
from moderation import rulebook, targets
from moderation.models import Measure, RightsClaim, RightsStep

from . import income, mails, strikes
from .clocks import due_from

State, Kind, Action = RightsClaim.State, RightsStep.Kind, Measure.Action
# The rule of the book that a claim is judged by.
RULE = "rights"
VERDICTS = {Kind.UPHOLD: Action.UPHOLD, Kind.REJECT: Action.REJECT, Kind.SETTLE: Action.SETTLE}


class SomebodyWasQuicker(DomainError):
    code = "claim_moved_on"
    message = _("Somebody has done something with this claim since you looked. See where it stands now.")


class NotHeardYet(DomainError):
    code = "creator_not_heard"
    message = _("A claim is upheld only when the creator has answered or her time to answer is over.")


class FiledAgain(DomainError):
    code = "claim_filed_again"
    message = _("The same claim was filed again and is open. When that one has ended, this verdict can be taken back.")


class Income(models.TextChoices):
    """Whose the income in escrow becomes by an upheld claim."""

    CLAIMANT = "claimant", _("To the claimant")
    LEARNERS = "learners", _("Back to everybody who bought the course")
    CREATOR = "creator", _("The creator keeps it")


@dataclass(frozen=True)
class Verdict:
    """`kind`: uphold, reject or settle. What else happens to the course and its income only with an upheld claim."""

    kind: str
    reason: str
    hides: bool = False
    income: str = Income.CLAIMANT

    @property
    def refunds(self) -> bool:
        return self.kind == Kind.UPHOLD and self.income == Income.LEARNERS


@transaction.atomic
def admit(claim: RightsClaim, by: User, text: str = "") -> RightsStep:
    """It is complete and can be answered: the creator is told, and her clock begins.

    Raises NotAllowed, SomebodyWasQuicker.
    """
    held = _held(claim, by)
    if held.state != State.FILED:
        raise SomebodyWasQuicker
    step = held.step(Kind.ADMIT, by, text, state=State.ANSWERING, due_at=due_from(timezone.now()))
    income.hold(held, by)
    audit.record(by, "rights_claim.admit", held)
    mails.tell(step)
    return step


@transaction.atomic
def decide(claim: RightsClaim, by: User, verdict: Verdict) -> RightsStep:
    """Write the verdict down as a decision, close the claim, tell both sides.

    Raises NotAllowed, SomebodyWasQuicker, NotHeardYet, and what hiding and refunding raise.
    """
    held = _held(claim, by)
    if not held.is_open:
        raise SomebodyWasQuicker
    kind = Kind(verdict.kind)
    if kind == Kind.UPHOLD and held.state != State.DECIDING:
        raise NotHeardYet
    measure = _measure(held, by, VERDICTS[kind], verdict.reason)
    more: dict[str, Any] = _more(held, by, verdict) if kind == Kind.UPHOLD else {}
    step = held.step(kind, by, verdict.reason, state=State.CLOSED, measure=measure, **more)
    if kind != Kind.UPHOLD or verdict.income == Income.CREATOR:
        income.give_back(held, by)
    elif verdict.income == Income.CLAIMANT:
        income.award(held, by)
    # Refunds take from the escrow what they need; `income.follow` gives back what they leave.
    if kind == Kind.UPHOLD:
        strikes.look(held.course.creator)
    audit.record(by, "rights_claim.decide", held, verdict=verdict.kind, measure=measure.pk)
    mails.tell(step)
    if kind == Kind.UPHOLD and verdict.income == Income.CLAIMANT and income.is_worth(held):
        mails.awarded(step)
    return step


def undo(step: RightsStep, by: User | None, reason: str, cause: str) -> RightsStep:
    """Its decision was taken back: an upheld claim ends, a rejected one is open again. Raises FiledAgain.

    Called by `moderation.measures` inside the reversal's transaction.
    """
    claim = step.claim.hold()
    if step.kind != Kind.UPHOLD:
        _must_be_the_only_one(claim)
    if step.kind == Kind.UPHOLD:
        _reverse_more(step, by, reason, cause)
        income.take_back(claim, by)
        done = claim.step(Kind.OVERTURN, by, reason, state=State.CLOSED)
    elif claim.is_admitted:
        done = claim.step(Kind.REOPEN, by, reason, state=State.DECIDING)
        income.hold(claim, by)
    else:
        claim.step(Kind.REOPEN, by, reason, state=State.FILED)
        done = claim.step(Kind.ADMIT, by, state=State.ANSWERING, due_at=due_from(timezone.now()))
        income.hold(claim, by)
    mails.tell(done)
    return done


def _must_be_the_only_one(claim: RightsClaim) -> None:
    """A person has one open claim about a thing. Filing holds her row too, so the two cannot pass each other."""
    User.objects.select_for_update(no_key=True).get(pk=claim.claimant_id)
    if claim.was_filed_again:
        raise FiledAgain


def _held(claim: RightsClaim, by: User) -> RightsClaim:
    if not by.has_role("moderator") or by.pk in (claim.claimant_id, claim.owner_id):
        raise NotAllowed
    return claim.hold()


def _measure(claim: RightsClaim, by: User, action: Measure.Action, reason: str) -> Measure:
    """The decision in the log. Against whom it goes may appeal: the creator, or the claimant."""
    loses = claim.claimant if action == Action.REJECT else claim.owner
    creator = None if action == Action.REJECT else claim.course.creator
    rule = rulebook.book().rule(RULE)
    return Measure.objects.create(
        kind=claim.kind, key=claim.key, title=claim.title, owner=loses, course=claim.course, creator=creator,
        action=action, rule=rule, reason=reason.strip(), decided_by=by, effect={"claim": claim.pk},
    )  # fmt: skip


def _more(claim: RightsClaim, by: User, verdict: Verdict) -> dict[str, Measure]:
    """The decisions that go with it, each under the same rule and with the same reason."""
    done: dict[str, Measure] = {}
    if verdict.hides:
        kind, key = (claim.kind, claim.key)
        if hidden := _decide("hide" if kind == "lesson" else "unpublish", kind, key, by, verdict.reason):
            done["hiding"] = hidden
    if verdict.refunds and (refunded := _decide("refund", "course", claim.course.slug, by, verdict.reason)):
        done["refunding"] = refunded
    return done


def _decide(action: str, kind: str, key: str, by: User, reason: str) -> Measure | None:
    """None where it is so already, or the thing is gone."""
    from moderation import measures  # which undoes verdicts by this module

    target = targets.find(kind, key)
    if target is None:
        return None
    wish = measures.Wish(action, target, rulebook.book().rule(RULE), reason)
    effect = measures.preview(wish, by)
    return None if effect.is_so_already else measures.decide(wish, by, seen=effect.version)


def _reverse_more(step: RightsStep, by: User | None, reason: str, cause: Any) -> None:
    from moderation import measures

    for other in (step.hiding, step.refunding):
        if other is not None and other.is_standing:
            measures.reverse(other, by, reason=reason, cause=cause)
