"""The log's entries, read from decisions, measures and answers to appeals.

Days and begun hours are told, moments are not: a course's page and API say to the second when it was published.
"""

import heapq
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from courses.models import Decision
from moderation.models import AppealAnswer, Measure, RightsClaim, RightsStep, SecondJudgment

from . import pseudonyms

CHUNK = 500
MOST_DIGITS = 18
# What each action changes: the state is of the course or of its creator, whatever was reported.
OF_CREATOR = frozenset({Measure.Action.SUSPEND, Measure.Action.HOLD})
OF_PERSON = frozenset({Measure.Action.MUTE, Measure.Action.BAR})
OF_COURSE = frozenset({Measure.Action.LIMIT, Measure.Action.UNPUBLISH, Measure.Action.REFUND})


@dataclass(frozen=True)
class Entry:
    """One line. `event` is review, second, measure, reversal, appeal, or claim (a claim of copyright that ended without
    a decision); `about` is an earlier entry it speaks of. `moment` orders them and is told to nobody.
    """

    id: str
    moment: datetime
    event: str
    action: str
    kind: str
    target: str
    # Whose state it changes.
    subject: str
    by: str
    rules: tuple[str, ...]
    reason: str
    # Begun ones.
    hours: int | None
    until: date | None
    about: str
    result: str
    # What community reviewers recommended, and how many of them: "fine 4/5".
    community: str = ""

    @property
    def at(self) -> date:
        """The day of it, UTC."""
        return _day(self.moment)

    def as_json(self) -> dict[str, Any]:
        facts = asdict(self)
        del facts["moment"]
        facts["at"], facts["rules"] = self.at.isoformat(), list(self.rules)
        facts["until"] = self.until.isoformat() if self.until else None
        return facts


def entries() -> Iterator[Entry]:
    """All of it, the oldest first, without ever holding it whole."""
    rows = (map(make, asked().order_by("decided_at", "id").iterator(chunk_size=CHUNK)) for asked, make in _sources())
    return heapq.merge(*rows, key=_order)


def newest(most: int, before: str = "") -> list[Entry]:
    """The latest `most` entries, the newest first; with the id of an entry, those before it. Nonsense is no id."""
    found: list[Entry] = []
    mark = _mark(before)
    for (rows, make), name in zip(_sources(), RANKS, strict=True):
        asked = rows().filter(_earlier(name, mark)) if mark else rows()
        found += map(make, asked.order_by("-decided_at", "-id")[:most])
    return sorted(found, key=_order, reverse=True)[:most]


# In the order in which they stand when they came in one moment: nothing before what it speaks of.
RANKS = ("review", "second", "measure", "appeal", "claim")


def _sources() -> tuple[tuple[Callable[[], Any], Callable[[Any], Entry]], ...]:
    return (
        (_reviews, _of_review), (_seconds, _of_second), (_measures, _of_measure), (_answers, _of_answer),
        (_given_up, _of_step),
    )  # fmt: skip


def _place(entry_id: str) -> tuple[int, int]:
    name, _dash, pk = entry_id.rpartition("-")
    return RANKS.index(name), int(pk)


def _order(entry: Entry) -> tuple[datetime, int, int]:
    return entry.moment, *_place(entry.id)


def _mark(entry_id: str) -> tuple[datetime, int, int] | None:
    """Where an entry of that id stands; None for what is none."""
    name, _dash, pk = entry_id.rpartition("-")
    if name not in RANKS or not (pk.isascii() and pk.isdecimal() and len(pk) < MOST_DIGITS):
        return None
    rank = RANKS.index(name)
    moment = _sources()[rank][0]().filter(pk=int(pk)).values_list("decided_at", flat=True).first()
    return (moment, rank, int(pk)) if moment else None


def _earlier(name: str, mark: tuple[datetime, int, int]) -> Q:
    moment, rank, pk = mark
    mine = RANKS.index(name)
    if mine == rank:
        return Q(decided_at__lt=moment) | Q(decided_at=moment, pk__lt=pk)
    return Q(decided_at__lte=moment) if mine < rank else Q(decided_at__lt=moment)


def _reviews() -> QuerySet[Decision]:
    rows = Decision.objects.select_related("submission__version__course")
    return rows.prefetch_related("findings")


def _measures() -> QuerySet[Measure]:
    claims = (
        "rights_step__claim__claimant",
        "rights_step__claim__course__creator",
        "reverses__rights_step__claim__claimant",
        "reverses__rights_step__claim__course__creator",
    )
    return Measure.objects.select_related("rule", "case__community_advice", "owner", "creator", "course", *claims)


def _answers() -> QuerySet[AppealAnswer]:
    parts = ("rule", "owner", "creator", "course", "reverses", "rights_step__claim__claimant")
    claimed = "appeal__measure__rights_step__claim__course__creator"
    return AppealAnswer.objects.select_related(*(f"appeal__measure__{part}" for part in parts), claimed)


def _seconds() -> QuerySet[SecondJudgment]:
    rows = SecondJudgment.objects.annotate(decided_at=F("judged_at"))
    return rows.select_related("look__decision__submission__version")


def _given_up() -> QuerySet[RightsStep]:
    """Claims of copyright that nobody had to decide. Of one that was never admitted the public knows nothing either."""
    admitted = RightsStep.objects.filter(claim=OuterRef("claim"), kind=RightsStep.Kind.ADMIT)
    ends = RightsStep.objects.filter(Exists(admitted), kind__in=[RightsStep.Kind.WITHDRAW, RightsStep.Kind.LAPSE])
    return ends.annotate(decided_at=F("at")).select_related("claim")


def _of_review(row: Decision) -> Entry:
    """A reason was written for the creator alone, so the rules speak for it."""
    submission = row.submission
    course = pseudonyms.of("course", submission.version.course_id, row.verdict)
    rules = sorted({f"{finding.rule_code}/{finding.rule_version}" for finding in row.findings.all()})
    return Entry(
        id=f"review-{row.pk}", moment=row.decided_at, event="review", action=row.verdict, kind="course", target=course,
        subject=course, by=pseudonyms.of("moderator", row.decided_by_id), rules=tuple(rules), reason="",
        hours=_hours(submission.submitted_at, row.decided_at), until=None, about="", result="",
    )  # fmt: skip


def _of_second(row: SecondJudgment) -> Entry:
    """It names no first answer: which course was let through, and when, everybody can see."""
    decision = row.look.decision
    course = pseudonyms.of("course", decision.submission.version.course_id, f"second:{row.pk}")
    return Entry(
        id=f"second-{row.pk}", moment=row.judged_at, event="second", action=row.verdict, kind="course", target=course,
        subject=course, by=pseudonyms.of("moderator", row.by_id), rules=tuple(row.rules), reason="",
        hours=_hours(row.look.drawn_at, row.judged_at), until=None, about="",
        result="agrees" if row.verdict == decision.verdict else "differs",
    )  # fmt: skip


def _of_step(row: Any) -> Entry:
    """Its words are between the two sides."""
    claim = row.claim
    target = pseudonyms.of(claim.kind, claim.course_id if claim.kind == "course" else claim.key, row.kind)
    return Entry(
        id=f"claim-{row.pk}", moment=row.at, event="claim", action=row.kind, kind=claim.kind, target=target,
        subject=target, by=pseudonyms.of("claimant", row.by_id) if row.by_id else "clock", rules=(), reason="",
        hours=_hours(claim.filed_at, row.at), until=None, about="", result="",
    )  # fmt: skip


def _of_measure(row: Measure) -> Entry:
    is_end = row.reverses_id is not None
    return Entry(
        id=f"measure-{row.pk}", moment=row.decided_at, event="reversal" if is_end else "measure", action=row.action,
        kind=row.kind, target=_target(row), subject=_subject(row), by=_by(row.decided_by_id), rules=_rules(row),
        reason=pseudonyms.masked(row.reason, _names(row)) if row.is_reason_public else "",
        hours=_hours_of(row), until=_day(row.ends_at) if row.ends_at else None,
        about=f"measure-{row.reverses_id}" if is_end else "", result=row.cause if is_end else "",
        community=_community(row),
    )  # fmt: skip


def _of_answer(row: AppealAnswer) -> Entry:
    measure = row.appeal.measure
    return Entry(
        id=f"appeal-{row.pk}", moment=row.decided_at, event="appeal", action=measure.action, kind=measure.kind,
        target=_target(measure), subject=_subject(measure), by=_by(row.decided_by_id), rules=_rules(measure),
        reason=pseudonyms.masked(row.reason, _names(measure)), hours=_hours(row.appeal.appealed_at, row.decided_at),
        until=None, about=f"measure-{measure.pk}", result=row.verdict,
    )  # fmt: skip


def _claim(row: Measure) -> RightsClaim | None:
    """That a verdict, or the reversal of one, is about."""
    step = getattr(row.reverses or row, "rights_step", None)
    return step.claim if step else None


def _hours_of(row: Measure) -> int | None:
    """From the first report, or from the filing of a claim; what a moderator found by herself has none."""
    if row.case:
        return _hours(row.case.opened_at, row.decided_at)
    claim = _claim(row) if row.reverses_id is None else None
    return _hours(claim.filed_at, row.decided_at) if claim else None


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


def _by(person_id: int | None) -> str:
    return pseudonyms.of("moderator", person_id) if person_id else "clock"


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


def _hours(start: datetime, end: datetime) -> int:
    return math.ceil(max((end - start).total_seconds(), 0) / 3600)


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()
