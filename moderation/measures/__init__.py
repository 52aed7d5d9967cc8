"""Deciding about what is published: a wish, its effect seen, one decision a case, and its end."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from courses.models import Course
from creators.models import Creator
from marketplace.lib import sweeps
from marketplace.lib.errors import DomainError, NotAllowed
from moderation import flag_mails, impartial, messages, outcomes
from moderation.models import Case, CaseAnswer, CaseClaim, CaseClosed, Evidence, Measure, RefundWave

from . import adopting, carrying_out, effects, ending
from .carrying_out import made_good_if_ended, make_good
from .effects import Effect
from .ending import Ending
from .wish import SeniorNeeded, Wish

__all__ = [
    "Effect",
    "EffectChanged",
    "Ending",
    "EndingChanged",
    "NotStanding",
    "SeniorNeeded",
    "Wish",
    "decide",
    "end_overdue",
    "made_good_if_ended",
    "make_good",
    "preview",
    "preview_reversal",
    "reverse",
]

A_SWEEP = 100


class EffectChanged(DomainError):
    code = "effect_changed"
    message = _("Something has changed since you looked: see what the decision would do now.")

    effect: Effect


class EndingChanged(DomainError):
    code = "effect_changed"
    message = EffectChanged.message

    ending: Ending

    @classmethod
    def of(cls, now: Ending) -> "EndingChanged":
        changed = cls(effect_version=now.version)
        changed.ending = now
        return changed


class NotStanding(DomainError):
    code = "measure_not_standing"
    message = _("This decision has ended already.")


def preview(wish: Wish, by: User) -> Effect:
    """What it would do now. Nothing is changed. Raises NotAllowed, NoSuchMeasure, CaseClosed."""
    wish.must_be_possible(by)
    if wish.case and not Case.objects.filter(pk=wish.case.pk, closed_at=None).exists():
        raise CaseClosed
    return effects.of(wish)


@transaction.atomic
def decide(wish: Wish, by: User, *, seen: str) -> Measure:
    """Do it, write it down, tell everybody. `seen` is the version of the effect that was confirmed.

    Raises EffectChanged (with the effect of now), CaseClosed, ClaimedByAnother, NotAllowed, NoSuchMeasure, and what the
    apps' verbs do.
    """
    wish.must_be_possible(by)
    # The creator and the course before the case, as a verdict does that opens a case of repeat infringers.
    _hold_target(wish)
    case = _held_open(wish.case, by)
    effect = effects.of(wish)
    if effect.version != seen:
        changed = EffectChanged(effect_version=effect.version)
        changed.effect = effect
        raise changed
    now = timezone.now()
    measure = Measure.objects.create(
        case=case, evidence=_evidence(case, wish), kind=wish.target.kind,
        key=wish.target.key, title=wish.target.title[:250], owner=wish.target.owner, course=wish.target.course,
        creator=wish.target.creator, action=wish.action, rule=wish.rule, reason=wish.reason.strip(),
        is_bad_faith=wish.is_bad_faith, decided_by=by, decided_at=now, ends_at=wish.ends_at(now),
        effect=effect.as_json(), **carrying_out.do(wish, by),
    )  # fmt: skip
    _follow(measure, wish, case, effect)
    audit.record(by, "measure.decide", measure, action=wish.action, about=f"{wish.target.kind}:{wish.target.key}")
    return measure


def _evidence(case: Case | None, wish: Wish) -> Evidence | None:
    """What was reported; what the thing shows by now is kept beside it."""
    if case is None:
        return None
    reported = case.evidence.order_by("-id").first()
    present = case.keep_evidence(wish.target)
    return reported or present


def _follow(measure: Measure, wish: Wish, case: Case | None, effect: Effect) -> None:
    if wish.takes_back and wish.target.course:
        wave = RefundWave.objects.begin(measure, wish.target.course, needs_second=effect.needs_second)
        if wave.needs_second:
            messages.mail_second_wanted(wave)
    if case:
        case.close(measure.decided_at)
        CaseAnswer.objects.begin(measure)
    messages.mail_measure(measure, wish)
    flag_mails.settled(measure)


@transaction.atomic
def reverse(
    measure: Measure, by: User | None, *, reason: str, cause: str = Measure.Cause.REVERSED, seen: str | None = None
) -> Measure:
    """End a measure by another row, and put back what it took. Both rows stay. One that was not kept yet
    (`adopting`) is kept with its end, or not at all.

    `seen` is the version that was confirmed; None where it ends with another act, which has shown its own. Raises
    NotStanding, NotAllowed, Partial, SeniorNeeded, FitsNoMeasure, EndingChanged (with what it would do now).
    """
    if by is not None:
        _must_be_hers_to_end(measure, by)
    held = adopting.kept(measure).hold()
    if not held.is_standing or held.is_final:
        raise NotStanding
    if seen is not None and (now := ending.of(held, reason)).version != seen:
        raise EndingChanged.of(now)
    carrying_out.undo(held, by, reason, cause)
    reversal = held.reversed_by(by, cause=cause, reason=reason.strip())
    if cause != Measure.Cause.APPEAL:  # the appeal's answer says it
        messages.mail_reversal(reversal)
    outcomes.changed(held)
    audit.record(by, "measure.reverse", held, cause=cause, reason=reason)
    return reversal


def preview_reversal(measure: Measure, by: User, reason: str) -> Ending:
    """What it would put back now; nothing is changed.

    Raises NotStanding, NotAllowed, Partial, SeniorNeeded, FitsNoMeasure.
    """
    _must_be_hers_to_end(measure, by)
    adopting.must_fit(measure)
    # One of before there were measures is not kept before it is ended.
    present = Measure.objects.with_all().get(pk=measure.pk) if measure.pk else measure
    if not present.is_standing or present.is_final:
        raise NotStanding
    return ending.of(present, reason)


def _must_be_hers_to_end(measure: Measure, by: User) -> None:
    if not by.has_role("moderator"):
        raise NotAllowed
    impartial.must_be(by, impartial.of_measure(measure))
    if measure.is_grave and not by.has_role("senior"):
        raise SeniorNeeded


def end_overdue() -> int:
    """What beat rings every minute: measures whose time is up end, each in a transaction of its own."""
    overdue = list(Measure.objects.overdue(timezone.now()).order_by("ends_at").values_list("pk", flat=True))
    return sum(sweeps.each("measures_that_end", overdue, _end, most=A_SWEEP))


@transaction.atomic
def _end(pk: int) -> bool:
    try:
        measure = Measure.objects.get(pk=pk)
        reverse(measure, None, reason=gettext("The time that was set is over."), cause=Measure.Cause.EXPIRED)
    except NotStanding:
        return False  # somebody was quicker
    return True


def _held_open(case: Case | None, by: User) -> Case | None:
    """Two moderators who decide on one case queue here; the second one is told. Raises CaseClosed, ClaimedByAnother."""
    if case is None:
        return None
    held = case.hold()
    if not held.is_open:
        raise CaseClosed
    CaseClaim.objects.settle(held, by)
    return held


def _hold_target(wish: Wish) -> None:
    """Nothing of what the effect is reckoned from changes until the decision is written."""
    if wish.target.creator:
        Creator.objects.select_for_update(no_key=True).get(pk=wish.target.creator.pk)
    if wish.target.course:
        Course.objects.select_for_update(no_key=True).get(pk=wish.target.course.pk)
