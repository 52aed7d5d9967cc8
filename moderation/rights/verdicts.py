"""What a moderator does with a claim: admit it, decide it, and what becomes of it when a verdict is taken back."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from courses.models import Course
from creators.models import Creator
from marketplace.lib.errors import DomainError, NotAllowed
from moderation import impartial, rulebook
from moderation.models import Measure, RightsClaim, RightsStep

from . import income, mails, strikes
from .clocks import due_from

if TYPE_CHECKING:
    from .weighing import Weighed

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


class VerdictChanged(DomainError):
    code = "effect_changed"
    message = _("Something has changed since you looked: see what the decision would do now.")

    weighed: "Weighed"


class EverybodyIsRefunded(DomainError):
    code = "everybody_is_refunded"
    message = _(
        "Under the present wording of the rule, taking this course off the sale gives everybody the money back. Let "
        "the income go back to everybody, or leave the course on sale."
    )


class EarlierClaimIsOpen(DomainError):
    code = "earlier_claim_is_open"
    message = _(
        "An earlier claim on this course has its income: %(claim)s. Decide that one first, or wait until its refunds "
        "are through. Until then nothing can be awarded by this one."
    )

    @classmethod
    def of(cls, claim: RightsClaim) -> "EarlierClaimIsOpen":
        return cls(str(cls.message) % {"claim": claim.work}, claim=claim.pk)


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
    def label(self) -> Any:
        return Kind(self.kind).label

    @property
    def refunds(self) -> bool:
        return self.kind == Kind.UPHOLD and self.income == Income.LEARNERS

    @property
    def awards(self) -> bool:
        return self.kind == Kind.UPHOLD and self.income == Income.CLAIMANT

    @property
    def takes_money(self) -> bool:
        """From the creators, if the course has earned any: the second factor is asked for."""
        return self.refunds or self.awards

    @property
    def takes_away(self) -> bool:
        return self.kind == Kind.UPHOLD and self.hides

    @property
    def facts(self) -> list[Any]:
        return [self.kind, self.reason.strip(), self.hides, self.income if self.kind == Kind.UPHOLD else ""]


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


def preview(claim: RightsClaim, by: User, verdict: Verdict) -> "Weighed":
    """What it would do now; nothing is changed.

    Raises NotAllowed, Partial, SeniorNeeded, SomebodyWasQuicker, NotHeardYet, EverybodyIsRefunded,
    EarlierClaimIsOpen.
    """
    from . import weighing  # of decisions, which undo verdicts by this module

    _must_be_theirs(claim, by)
    _must_be_possible(claim, by, verdict)
    return weighing.of(claim, verdict)


@transaction.atomic
def decide(claim: RightsClaim, by: User, verdict: Verdict, *, seen: str) -> RightsStep:
    """Write the verdict down as a decision, close the claim, tell both sides. `seen`: the version that was confirmed.

    Raises VerdictChanged (with what it would do now), NotAllowed, Partial, SeniorNeeded, SomebodyWasQuicker,
    NotHeardYet, EverybodyIsRefunded, EarlierClaimIsOpen, and what hiding and refunding raise.
    """
    held = _held(claim, by)
    _must_be_possible(held, by, verdict)
    weighed = _must_be_seen(held, verdict, seen)
    kind = Kind(verdict.kind)
    measure = _measure(held, by, kind, verdict)
    more: dict[str, Any] = _more(held, by, weighed) if kind == Kind.UPHOLD else {}
    step = held.step(kind, by, verdict.reason, state=State.CLOSED, measure=measure, **more)
    # Refunds take from the escrow what they need; `income.follow` gives back what they leave.
    if verdict.awards:
        income.award(held, by)
    elif not verdict.refunds:
        income.give_back(held, by)
    if kind == Kind.UPHOLD:
        strikes.look(held.course.creator)
    audit.record(by, "rights_claim.decide", held, verdict=verdict.kind, measure=measure.pk)
    mails.tell(step, income=weighed.told_income)
    if verdict.awards and income.is_worth(held):
        mails.awarded(step)
    return step


def undo(step: RightsStep, by: User | None, reason: str, cause: str) -> RightsStep:
    """Its decision was taken back: an upheld claim ends, a rejected one is open again. Raises FiledAgain.

    Called by `moderation.measures` inside the reversal's transaction.
    """
    claim = step.claim.hold()
    if step.kind != Kind.UPHOLD:
        _must_be_the_only_one(claim)
    kind, told = undone_as(step), ""
    if kind == Kind.OVERTURN:
        told = income.comes_back(claim)
        _reverse_more(step, by, reason, cause)
        income.take_back(claim, by)
        done = claim.step(Kind.OVERTURN, by, reason, state=State.CLOSED)
    elif kind == Kind.REOPEN:
        done = claim.step(Kind.REOPEN, by, reason, state=State.DECIDING)
        income.hold(claim, by)
    else:
        claim.step(Kind.REOPEN, by, reason, state=State.FILED)
        done = claim.step(Kind.ADMIT, by, state=State.ANSWERING, due_at=due_from(timezone.now()))
        income.hold(claim, by)
    mails.tell(done, income=told)
    return done


def undone_as(step: RightsStep) -> str:
    """What its sides are told when it is taken back: a claim that was never admitted is admitted now."""
    if step.kind == Kind.UPHOLD:
        return Kind.OVERTURN
    return Kind.REOPEN if step.claim.is_admitted else Kind.ADMIT


def _must_be_the_only_one(claim: RightsClaim) -> None:
    """A person has one open claim about a thing. Filing holds her row too, so the two cannot pass each other."""
    User.objects.select_for_update(no_key=True).get(pk=claim.claimant_id)
    if claim.was_filed_again:
        raise FiledAgain


def _held(claim: RightsClaim, by: User) -> RightsClaim:
    _must_be_theirs(claim, by)
    return claim.hold()


def _must_be_theirs(claim: RightsClaim, by: User) -> None:
    if not by.has_role("moderator"):
        raise NotAllowed
    impartial.must_be(by, impartial.of_claim(claim))


def _must_be_possible(claim: RightsClaim, by: User, verdict: Verdict) -> None:
    from moderation.measures import SeniorNeeded

    from . import weighing

    if not claim.is_open:
        raise SomebodyWasQuicker
    if verdict.kind == Kind.UPHOLD and claim.state != State.DECIDING:
        raise NotHeardYet
    if weighing.gives_all_back(claim, verdict) and not verdict.refunds:
        raise EverybodyIsRefunded
    if verdict.awards and (earlier := claim.earlier):
        raise EarlierClaimIsOpen.of(earlier)
    if _takes_money(claim, verdict) and not by.has_role("senior"):
        raise SeniorNeeded


def _takes_money(claim: RightsClaim, verdict: Verdict) -> bool:
    """Then it is a senior moderator's to decide and to take back."""
    return verdict.refunds or (verdict.awards and income.is_worth(claim))


def _must_be_seen(claim: RightsClaim, verdict: Verdict, seen: str) -> "Weighed":
    """Nothing of what it is reckoned from changes until the verdict is written. Raises VerdictChanged."""
    from . import weighing

    Creator.objects.select_for_update(no_key=True).get(pk=claim.course.creator_id)
    Course.objects.select_for_update(no_key=True).get(pk=claim.course_id)
    weighed = weighing.of(claim, verdict)
    if weighed.version != seen:
        changed = VerdictChanged(effect_version=weighed.version)
        changed.weighed = weighed
        raise changed
    return weighed


def _measure(claim: RightsClaim, by: User, kind: "RightsStep.Kind", verdict: Verdict) -> Measure:
    """The decision in the log. Against whom it goes may appeal: the creator, or the claimant."""
    action = VERDICTS[kind]
    loses = claim.claimant if action == Action.REJECT else claim.owner
    creator = None if action == Action.REJECT else claim.course.creator
    rule = rulebook.book().rule(RULE)
    return Measure.objects.create(
        kind=claim.kind, key=claim.key, title=claim.title, owner=loses, course=claim.course, creator=creator,
        action=action, rule=rule, reason=verdict.reason.strip(), decided_by=by,
        effect={"claim": claim.pk, "takes_money": _takes_money(claim, verdict)},
    )  # fmt: skip


def _more(claim: RightsClaim, by: User, weighed: "Weighed") -> dict[str, Measure]:
    """The decisions that go with it, each under the same rule and with the same reason; what is so already is left."""
    from moderation import measures

    from . import weighing

    hiding, refunding = weighing.wishes(claim, weighed.verdict)
    done: dict[str, Measure] = {}
    if hiding and weighed.hiding and not weighed.hiding.is_so_already:
        done["hiding"] = measures.decide(hiding, by, seen=weighed.hiding.version)
        if hiding.takes_back:  # it is both
            done["refunding"] = done["hiding"]
    if refunding and weighed.refunding:
        # Hidden meanwhile, by this verdict, it is met in another state.
        now = measures.preview(refunding, by) if done else weighed.refunding
        done["refunding"] = measures.decide(refunding, by, seen=now.version)
    return done


def _reverse_more(step: RightsStep, by: User | None, reason: str, cause: Any) -> None:
    from moderation import measures

    for other in (step.hiding, step.refunding):
        if other is not None and other.is_standing:
            measures.reverse(other, by, reason=reason, cause=cause)
