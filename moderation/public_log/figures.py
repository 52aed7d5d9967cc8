"""Figures of moderation, reckoned from the log and from nothing else: whoever has the file gets the same."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median

from moderation.models.appeal import ANSWER_WITHIN
from moderation.sla import REVIEW_WITHIN

from .entry import Entry

# A review answers one of two.
OTHER = {"approve": "return", "return": "approve"}
OF_CLAIMS = ("uphold", "reject", "settle")
ANSWER_HOURS = ANSWER_WITHIN.total_seconds() / 3600
IN_TIME_HOURS = REVIEW_WITHIN.total_seconds() / 3600


@dataclass(frozen=True)
class Figures:
    """Shares are whole percents; None where nothing was decided that they could be of."""

    decisions: int
    review_median_hours: float | None
    reviews_in_time: int | None
    case_median_hours: float | None
    appeals: int
    appeal_median_hours: float | None
    # Within the days that are promised.
    appeals_in_time: int | None
    upheld: int | None
    overturned: int | None
    taken_back: int
    # Decisions that were read again, in how many of a hundred both agreed, and how far beyond what chance would give.
    second_looks: int
    agreed: int | None
    kappa: float | None
    by_action: dict[str, int] = field(default_factory=dict)


def figures(entries: Iterable[Entry]) -> Figures:
    hours: dict[str, list[float]] = {"review": [], "measure": [], "appeal": []}
    actions: Counter[str] = Counter()
    results: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    total = 0
    for entry in entries:
        if _is_nobody_s(entry):
            continue
        total += 1
        results[entry.result] += 1
        if entry.event == "second":
            pairs[entry.action if entry.result == "agrees" else OTHER[entry.action], entry.action] += 1
        if entry.event in ("review", "measure"):
            actions[entry.action] += 1
        if entry.hours is not None and entry.event in hours and not _is_verdict(entry):
            hours[entry.event].append(entry.hours)
    answered = results["upheld"] + results["overturned"]
    return Figures(
        decisions=total, review_median_hours=_median(hours["review"]),
        reviews_in_time=_percent(sum(hour <= IN_TIME_HOURS for hour in hours["review"]), len(hours["review"])),
        case_median_hours=_median(hours["measure"]), appeals=answered, appeal_median_hours=_median(hours["appeal"]),
        appeals_in_time=_percent(sum(hour <= ANSWER_HOURS for hour in hours["appeal"]), len(hours["appeal"])),
        upheld=_percent(results["upheld"], answered),
        overturned=_percent(results["overturned"], answered), taken_back=results["reversed"],
        second_looks=pairs.total(), agreed=_percent(results["agrees"], pairs.total()), kappa=kappa(pairs),
        by_action=dict(actions.most_common()),
    )  # fmt: skip


def _is_nobody_s(entry: Entry) -> bool:
    """Nobody decided that a claim was given up, that time was up, or that what was verified was changed by a member."""
    return entry.event == "claim" or entry.by == "clock" or entry.by.startswith("member-")


def _is_verdict(entry: Entry) -> bool:
    """A claim of copyright waits for its sides by clocks of days: how long reports wait is not told by it."""
    return entry.event == "measure" and entry.action in OF_CLAIMS


def kappa(pairs: Mapping[tuple[str, str], int]) -> float | None:
    """Cohen's kappa of pairs of answers with how often each came: 1 is always agreeing, 0 what chance would give.

    None without pairs, or where both always gave one and the same answer: chance cannot be told from agreement then.
    """
    total = sum(pairs.values())
    if not total:
        return None
    answers = {answer for pair in pairs for answer in pair}
    observed = sum(count for (first, second), count in pairs.items() if first == second) / total
    expected = sum(
        sum(count for pair, count in pairs.items() if pair[0] == answer)
        * sum(count for pair, count in pairs.items() if pair[1] == answer)
        for answer in answers
    ) / total**2  # fmt: skip
    return None if expected == 1 else round((observed - expected) / (1 - expected), 2)


def _median(hours: list[float]) -> float | None:
    return round(median(hours), 1) if hours else None


def _percent(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None
