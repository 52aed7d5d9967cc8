"""What ending a decision would do, shown before it is confirmed: what comes back and to how many, by which mails.

Its version is a hash of what it meets, of the money, and of what the moderator wrote: who confirms names what she saw.
How the mails read is no part of it, or whom it goes against could put it off by her name or her language.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from learners.models import Enrollment
from marketplace.lib.money import Money
from moderation import messages
from moderation.messages import Message
from moderation.models import Appeal, AppealAnswer, Measure, RightsStep
from moderation.rights import income, verdicts
from moderation.rights import mails as rights_mails
from moderation.rights.clocks import due_from

from . import effects, waves
from .carrying_out import made_good_if_ended

Action, Cause = Measure.Action, Measure.Cause
# What comes back to somebody when it ends, beside what is counted.
BACK: dict[str, str | Promise] = {
    Action.LIMIT: _("The course stands in catalogue, search and shelves again."),
    Action.HIDE: _("Learners can open the lesson again."),
    Action.HIDE_CLIP: _("The clip can be watched again."),
    Action.HIDE_RATING: _("The rating can be read again, and counts again."),
    Action.HIDE_POST: _("What was written can be read again, with what stands under it."),
    Action.HIDE_WORK: _("The work is before its peer reviewers again."),
    Action.MUTE: _("This person can write to others again."),
    Action.BAR: _("The account is open again."),
    Action.UNPUBLISH: _("The course is on sale again."),
    Action.SUSPEND: _("The creator's courses are on sale again."),
    Action.HOLD: _("The creator is paid again."),
}


@dataclass(frozen=True)
class Ending:
    """`learners` have what was hidden, or off the sale, in the open again; `returning` had lost it and get it back."""

    learners: int
    courses: int
    returning: int
    # Who reported it with an account, and hears that it came otherwise.
    told: int
    # Payouts that go on; what the platform gives to sellers for refunds; what of a claim's income is the creators'.
    released: tuple[Money, ...]
    made_good: tuple[Money, ...]
    given_back: tuple[Money, ...]
    mails: tuple[Message, ...]
    version: str
    # In words: of BACK.
    back: str | Promise = ""

    @property
    def does_nothing(self) -> bool:
        """But for its mails."""
        return not (self.back or self.learners or self.courses or self.returning or self.money)

    @property
    def money(self) -> tuple[Money, ...]:
        return (*self.released, *self.made_good, *self.given_back)


def of(measure: Measure, reason: str) -> Ending:
    """Taken back as things are now. Asked inside the ending transaction, it is what is about to happen."""
    return _of(measure, reason, _mails(measure, reason, Cause.REVERSED), Cause.REVERSED)


def of_answer(appeal: Appeal, measure: Measure, verdict: str, reason: str) -> Ending:
    """The same for the answer to an appeal against it; one that lets the decision stand is its mail alone."""
    letter = messages.preview_appeal_answer(appeal, verdict, reason)
    if verdict == AppealAnswer.Verdict.UPHELD:
        return _versioned(measure, reason, [letter], verdict)
    more = _mails(measure, reason, Cause.APPEAL) if measure.is_standing else []
    return _of(measure, reason, [letter, *more], Cause.APPEAL)


def _of(measure: Measure, reason: str, letters: list[Message], cause: str) -> Ending:
    if not measure.is_standing:  # its time was up: what it took is back, but for the sellers' money
        return _versioned(measure, reason, letters, cause, made_good=made_good_if_ended(measure), told=_told(measure))
    step: RightsStep | None = getattr(measure, "rights_step", None)
    ended = [measure, *_with(step)]
    reached = [_reached(each) for each in ended]
    waved = [each.wave for each in ended if hasattr(each, "wave")]
    is_upheld = step is not None and step.kind == RightsStep.Kind.UPHOLD
    return _versioned(
        measure, reason, letters, cause, back=BACK.get(measure.action, ""),
        learners=max(one for one, _courses in reached), courses=max(one for _learners, one in reached),
        returning=sum(waves.free_rights_ended(wave).count() for wave in waved),
        released=effects.payable(measure.creator) if measure.action == Action.HOLD and measure.creator else [],
        made_good=made_good_if_ended(measure), told=_told(measure),
        given_back=[*income.awarded(step.claim), *income.in_escrow(step.claim)] if step and is_upheld else [],
    )  # fmt: skip


def _versioned(measure: Measure, reason: str, letters: list[Message], cause: str, **found: Any) -> Ending:
    money: dict[str, Any] = {name: tuple(found.get(name, ())) for name in ("released", "made_good", "given_back")}
    facts = {
        "measure": [measure.kind, measure.key, measure.action, measure.decided_at],
        "is_standing": measure.is_standing, "cause": cause, "returning": found.get("returning"),
        "money": [[str(amount) for amount in amounts] for amounts in money.values()],
        "reason": reason.strip(),
    }  # fmt: skip
    version = hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()[:16]
    counts: dict[str, Any] = {name: found.get(name, 0) for name in ("learners", "courses", "returning", "told")}
    return Ending(**counts, **money, mails=tuple(letters), version=version, back=found.get("back", ""))


def _told(measure: Measure) -> int:
    return measure.case.reports.filter(reporter__isnull=False).count() if measure.case else 0


def _with(step: RightsStep | None) -> list[Measure]:
    """What was decided with an upheld claim, and ends with it."""
    both = (step.hiding, step.refunding) if step else ()
    return [each for each in both if each is not None and each.is_standing]


def _mails(measure: Measure, reason: str, cause: str) -> list[Message]:
    """To its owner, where no answer to an appeal says it; of a claim to both sides, and of what ends with it."""
    step: RightsStep | None = getattr(measure, "rights_step", None)
    ended = {each.pk: each for each in (measure, *_with(step))}.values()
    letters = [] if cause == Cause.APPEAL else [messages.preview_reversal(each, cause, reason) for each in ended]
    if step is None:
        return letters
    kind = verdicts.undone_as(step)
    is_new = kind == RightsStep.Kind.ADMIT
    due_at = due_from(timezone.now()) if is_new else None
    told = income.comes_back(step.claim) if kind == RightsStep.Kind.OVERTURN else ""
    return [*letters, *rights_mails.of_step(step.claim, kind, "" if is_new else reason, due_at, told)]


def _reached(measure: Measure) -> tuple[int, int]:
    """How many learners and courses have something back in the open."""
    if measure.action == Action.SUSPEND:
        mine = Course.objects.filter(creator=measure.creator, live_version__isnull=False, is_taken_down=False)
        return sum(mine.values_list("learners_count", flat=True)), mine.count()
    if measure.course and measure.action in (Action.LIMIT, Action.HIDE, Action.HIDE_CLIP, Action.UNPUBLISH):
        return Enrollment.objects.active().filter(course=measure.course).count(), 1
    return 0, 0
