"""What a verdict would do, shown before it is confirmed: to the escrow, to learners and sales, by which mails.

Its version is a hash of what happens to money and courses, of the moderator's words, and of the claim's last step: who
confirms names what she saw. How the mails read is no part of it, or a side could put the verdict off by her name; nor
how much was sold, or she could by buying and giving back. Of an award it says in which currencies, so that what was of
no money is seen anew when it is of some.
"""

import hashlib
import json
from dataclasses import dataclass

from courses.models import Course
from marketplace.lib.money import Money
from moderation import rulebook, targets
from moderation.measures.effects import Effect
from moderation.measures.effects import of as effect_of
from moderation.measures.wish import Wish
from moderation.messages import Message
from moderation.models import RightsClaim, RightsStep

from . import income, mails
from .verdicts import RULE, Income, Verdict


@dataclass(frozen=True)
class Weighed:
    """`escrow` waits now and goes to whom the verdict says; `hiding` and `refunding` are what is decided with it."""

    verdict: Verdict
    escrow: list[Money]
    hiding: Effect | None
    refunding: Effect | None
    mails: list[Message]
    version: str

    @property
    def outcome(self) -> str:
        """Whose the income in escrow becomes."""
        is_upheld = self.verdict.kind == RightsStep.Kind.UPHOLD
        return self.verdict.income if is_upheld else Income.CREATOR

    @property
    def told_income(self) -> str:
        """The same where the creator is written of it."""
        return told_income(self.verdict, self.escrow, self.giving_back)

    @property
    def giving_back(self) -> Effect | None:
        """What gives everybody the money back: a refund, or taking the course off the sale under such a rule."""
        return gives_back(self.parts)

    @property
    def parts(self) -> list[Effect]:
        return [part for part in (self.hiding, self.refunding) if part is not None]


def of(claim: RightsClaim, verdict: Verdict) -> Weighed:
    """As things are now. Asked inside the deciding transaction, it is what is about to happen."""
    hiding, refunding = (effect_of(wish) if wish else None for wish in wishes(claim, verdict))
    escrow = income.in_escrow(claim)
    giving_back = gives_back([part for part in (hiding, refunding) if part is not None])
    letters = [*mails.of_step(claim, verdict.kind, verdict.reason, income=told_income(verdict, escrow, giving_back))]
    if verdict.awards and income.is_worth(claim):
        letters.append(mails.of_award(claim))
    letters += [part.message for part in (hiding, refunding) if part and part.message and not part.is_so_already]
    facts = {
        "claim": claim.pk, "last": claim.steps.values_list("pk", flat=True).last(), "verdict": verdict.facts,
        "escrow": [amount.currency for amount in escrow] if verdict.awards else [],
        "parts": [part and part.steady_version for part in (hiding, refunding)],
    }  # fmt: skip
    version = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16]
    return Weighed(verdict, escrow, hiding, refunding, letters, version)


def gives_back(parts: list[Effect]) -> Effect | None:
    return next((part for part in parts if part.takes_back and not part.is_so_already), None)


def told_income(verdict: Verdict, escrow: list[Money], giving_back: Effect | None) -> str:
    """Whose the income becomes by an upheld claim, where there is any, in the words of `mails.OF_INCOME`; else nothing.

    Refunds are money also where nothing waits: what was paid out is taken back for them.
    """
    if verdict.kind != RightsStep.Kind.UPHOLD:
        return ""
    if verdict.refunds and giving_back is not None and giving_back.sales:
        return mails.LEARNERS_ASKED if giving_back.needs_second else verdict.income
    return verdict.income if escrow else ""


def wishes(claim: RightsClaim, verdict: Verdict) -> tuple[Wish | None, Wish | None]:
    """What is hidden and what is refunded with it; None where it says neither, or the thing is gone.

    Where hiding gives everybody's money back, no second refund is asked for.
    """
    refunding = None
    if verdict.refunds and not gives_all_back(claim, verdict):
        refunding = _wish("refund", "course", claim.course.slug, verdict.reason)
    return _hiding(claim, verdict), refunding


def gives_all_back(claim: RightsClaim, verdict: Verdict) -> bool:
    """By the wording of the rule, which takes a course from its learners too. What is off the sale already stays so."""
    hiding = _hiding(claim, verdict)
    if hiding is None or not hiding.takes_back:
        return False
    return not Course.objects.filter(pk=claim.course_id, is_taken_down=True).exists()


def _hiding(claim: RightsClaim, verdict: Verdict) -> Wish | None:
    if not verdict.takes_away:
        return None
    return _wish("hide" if claim.kind == "lesson" else "unpublish", claim.kind, claim.key, verdict.reason)


def _wish(action: str, kind: str, key: str, reason: str) -> Wish | None:
    target = targets.find(kind, key)
    return Wish(action, target, rulebook.book().rule(RULE), reason) if target else None
