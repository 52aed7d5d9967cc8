"""What was decided about somebody: measures and their ends, what second persons and appeals said, claims given up."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet

from moderation.models import AppealAnswer, Measure, RefundVerdict, RightsClaim, RightsStep

from . import pseudonyms
from .entry import Entry, by_moderator, day_of, hours_between

# What each action changes: the state is of the course or of its creator, whatever was reported.
OF_CREATOR = frozenset({Measure.Action.SUSPEND, Measure.Action.HOLD})
OF_PERSON = frozenset({Measure.Action.MUTE, Measure.Action.BAR})
OF_COURSE = frozenset({Measure.Action.LIMIT, Measure.Action.UNPUBLISH, Measure.Action.REFUND})


def measures() -> QuerySet[Measure]:
    claims = (
        "rights_step__claim__claimant",
        "rights_step__claim__course__creator",
        "reverses__rights_step__claim__claimant",
        "reverses__rights_step__claim__course__creator",
    )
    return Measure.objects.select_related("rule", "case__community_advice", "owner", "creator", "course", *claims)


def of_measure(row: Measure) -> Entry:
    is_end = row.reverses_id is not None
    return Entry(
        id=f"measure-{row.pk}", moment=row.decided_at, event="reversal" if is_end else "measure", action=row.action,
        kind=row.kind, target=_target(row), subject=_subject(row), by=by_moderator(row.decided_by_id),
        rules=_rules(row), reason=pseudonyms.masked(row.reason, _names(row)) if row.is_reason_public else "",
        hours=_hours_of(row), until=day_of(row.ends_at) if row.ends_at else None,
        about=f"measure-{row.reverses_id}" if is_end else "", result=row.cause if is_end else "",
        community=_community(row),
    )  # fmt: skip


def refund_verdicts() -> QuerySet[RefundVerdict]:
    parts = ("rule", "owner", "creator", "course", "reverses", "rights_step")
    rows = RefundVerdict.objects.annotate(decided_at=F("at"), asked_at=F("wave__measure__decided_at"))
    return rows.select_related(*(f"wave__measure__{part}" for part in parts))


def of_refund_verdict(row: Any) -> Entry:
    """Whether a second person agreed that everybody's money goes back. The words are for the one who decided first."""
    measure = row.wave.measure
    return Entry(
        id=f"refund-{row.pk}", moment=row.at, event="refund", action=measure.action, kind=measure.kind,
        target=_target(measure), subject=_subject(measure), by=by_moderator(row.by_id), rules=_rules(measure),
        reason="", hours=hours_between(row.asked_at, row.at), until=None, about=f"measure-{measure.pk}",
        result="agreed" if row.agrees else "declined",
    )  # fmt: skip


def answers() -> QuerySet[AppealAnswer]:
    parts = ("rule", "owner", "creator", "course", "reverses", "rights_step__claim__claimant")
    claimed = "appeal__measure__rights_step__claim__course__creator"
    return AppealAnswer.objects.select_related(*(f"appeal__measure__{part}" for part in parts), claimed)


def of_answer(row: AppealAnswer) -> Entry:
    measure = row.appeal.measure
    return Entry(
        id=f"appeal-{row.pk}", moment=row.decided_at, event="appeal", action=measure.action, kind=measure.kind,
        target=_target(measure), subject=_subject(measure), by=by_moderator(row.decided_by_id), rules=_rules(measure),
        reason=pseudonyms.masked(row.reason, _names(measure)),
        hours=hours_between(row.appeal.appealed_at, row.decided_at),
        until=None, about=f"measure-{measure.pk}", result=row.verdict,
    )  # fmt: skip


def given_up() -> QuerySet[RightsStep]:
    """Claims of copyright that nobody had to decide. Of one that was never admitted the public knows nothing either."""
    admitted = RightsStep.objects.filter(claim=OuterRef("claim"), kind=RightsStep.Kind.ADMIT)
    ends = RightsStep.objects.filter(Exists(admitted), kind__in=[RightsStep.Kind.WITHDRAW, RightsStep.Kind.LAPSE])
    return ends.annotate(decided_at=F("at")).select_related("claim")


def of_step(row: Any) -> Entry:
    """Its words are between the two sides."""
    claim = row.claim
    target = pseudonyms.of(claim.kind, claim.course_id if claim.kind == "course" else claim.key, row.kind)
    return Entry(
        id=f"claim-{row.pk}", moment=row.at, event="claim", action=row.kind, kind=claim.kind, target=target,
        subject=target, by=pseudonyms.of("claimant", row.by_id) if row.by_id else "clock", rules=(), reason="",
        hours=hours_between(claim.filed_at, row.at), until=None, about="", result="",
    )  # fmt: skip


def _claim(row: Measure) -> RightsClaim | None:
    """That a verdict, or the reversal of one, is about."""
    step = getattr(row.reverses or row, "rights_step", None)
    return step.claim if step else None


def _hours_of(row: Measure) -> int | None:
    """From the first report, or from the filing of a claim; what a moderator found by herself has none."""
    if row.case:
        return hours_between(row.case.opened_at, row.decided_at)
    claim = _claim(row) if row.reverses_id is None else None
    return hours_between(claim.filed_at, row.decided_at) if claim else None


def _community(row: Measure) -> str:
    advice = getattr(row.case, "community_advice", None) if row.case else None
    return f"{advice.verdict} {advice.agreeing}/{advice.votes}" if advice else ""


def _target(row: Measure) -> str:
    keys = {"course": row.course_id, "creator": row.creator_id, "person": row.owner_id}
    return pseudonyms.of(row.kind, keys.get(row.kind) or row.key, row.action)


def _subject(row: Measure) -> str:
    if row.action in OF_CREATOR:
        return pseudonyms.of("creator", row.creator_id, row.action)
    if row.action in OF_PERSON:
        return pseudonyms.of("person", row.owner_id, row.action)
    return pseudonyms.of("course", row.course_id, row.action) if row.action in OF_COURSE else _target(row)


def _rules(row: Measure) -> tuple[str, ...]:
    return (f"{row.rule.code}/{row.rule.number}",) if row.rule else ()


def _names(row: Measure) -> Iterable[str]:
    yield from (row.title, row.owner.name, row.owner.email)
    if row.creator:
        yield row.creator.name
    if row.course:
        yield row.course.title
    if claim := _claim(row):
        yield from (claim.holder, claim.work, claim.claimant.name, claim.claimant.email, claim.course.creator.name)
