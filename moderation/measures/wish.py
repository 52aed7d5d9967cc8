"""What a moderator means to do, before it is done."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from marketplace.lib.errors import DomainError, NotAllowed
from moderation import impartial
from moderation.models import Case, Measure, RuleVersion
from moderation.reports import WrongRule
from moderation.targets import Target

Action = Measure.Action
WIDER = (Action.LIMIT, Action.UNPUBLISH, Action.REFUND, Action.SUSPEND, Action.HOLD)
OF_PERSON = (Action.MUTE, Action.BAR)
# Of a lesson and of a clip also what concerns its course and its creator.
ACTIONS_OF: dict[str, tuple[Action, ...]] = {
    "course": (Action.WARN, *WIDER),
    "lesson": (Action.WARN, Action.HIDE, *WIDER),
    "clip": (Action.WARN, Action.HIDE_CLIP, *WIDER),
    # What one person says; its course has nothing to answer for.
    "rating": (Action.WARN, Action.HIDE_RATING, *OF_PERSON),
    **dict.fromkeys(("question", "answer", "comment"), (Action.WARN, Action.HIDE_POST, *OF_PERSON)),
    "creator": (Action.WARN, Action.SUSPEND, Action.HOLD),
    # Once found by figures, once met through her words.
    "account": (Action.WARN, *OF_PERSON),
    "person": (Action.WARN, *OF_PERSON),
    # Kept back, the creator alone has it before her.
    "work": (Action.WARN, Action.HIDE_WORK, *OF_PERSON),
    # Read by one when it is reported: to hide it would come too late.
    "mark": (Action.WARN, *OF_PERSON),
}
# What ends by itself when a time was given.
LASTING = frozenset(
    {
        Action.LIMIT, Action.HIDE, Action.HIDE_CLIP, Action.HIDE_RATING, Action.HIDE_POST, Action.HIDE_WORK,
        Action.UNPUBLISH, Action.SUSPEND, Action.HOLD, Action.MUTE, Action.BAR,
    }
)  # fmt: skip
# What takes a living or many people's courses: a senior moderator's to decide.
GRAVE = frozenset({Action.REFUND, Action.SUSPEND, Action.HOLD, Action.BAR})
MOST_DAYS = 365


class NoSuchMeasure(DomainError):
    code = "no_such_measure"
    status = 400
    message = _("This cannot be done to such a thing.")


class DaysNeeded(DomainError):
    code = "days_needed"
    status = 400
    message = _("Say for how many days: nobody is silenced for good.")


class SeniorNeeded(DomainError):
    code = "senior_needed"
    status = 403
    message = _("A senior moderator decides this: it takes money, everything that a creator sells, or an account.")


@dataclass(frozen=True)
class Wish:
    """`rule` is None for a dismissal alone. `days` is None for what holds until somebody lifts it."""

    action: str
    target: Target
    rule: RuleVersion | None
    reason: str
    days: int | None = None
    is_bad_faith: bool = False
    case: Case | None = None

    @property
    def label(self) -> Any:
        return Action(self.action).label

    @property
    def takes_back(self) -> bool:
        """Whether learners lose the course and get their money."""
        return self.action == Action.REFUND or (
            self.action == Action.UNPUBLISH and self.rule is not None and self.rule.ends_access
        )

    @property
    def is_grave(self) -> bool:
        return self.action in GRAVE or self.takes_back

    def ends_at(self, now: datetime | None = None) -> datetime | None:
        if self.days is None or self.action not in LASTING:
            return None
        return (now or timezone.now()) + timedelta(days=self.days)

    def must_be_possible(self, by: User) -> None:
        """Raises NotAllowed, Partial, NoSuchMeasure, WrongRule, DaysNeeded, SeniorNeeded."""
        if not by.has_role("moderator"):
            raise NotAllowed
        impartial.must_be(by, impartial.of_target(self.target, self.case, self.action))
        is_dismissal = self.action == Action.DISMISS
        if is_dismissal != (self.rule is None) or (is_dismissal and self.case is None):
            raise NoSuchMeasure
        if not is_dismissal and self.action not in ACTIONS_OF.get(self.target.kind, ()):
            raise NoSuchMeasure
        if self.rule is not None and self.target.ruled_as not in self.rule.applies_to:
            raise WrongRule(rule_code=self.rule.code)
        if self.action == Action.MUTE and self.days is None:
            raise DaysNeeded
        if self.is_grave and not by.has_role("senior"):
            raise SeniorNeeded


def possible(target: Target, *, in_case: bool, by: User | None = None) -> list[tuple[str, Any]]:
    """What can be done to it, and by this moderator, the mildest first."""
    actions = ((Action.DISMISS,) if in_case else ()) + ACTIONS_OF.get(target.kind, ())
    is_senior = by is None or by.has_role("senior")
    return [(action.value, action.label) for action in actions if is_senior or action not in GRAVE]
