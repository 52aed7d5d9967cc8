"""Figures of moderation, reckoned from the log and from nothing else: whoever has the file gets the same."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median

from moderation.sla import REVIEW_WITHIN

from .entries import Entry

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
    overturned: int | None
    taken_back: int
    by_action: dict[str, int] = field(default_factory=dict)


def figures(entries: Iterable[Entry]) -> Figures:
    hours: dict[str, list[float]] = {"review": [], "measure": [], "appeal": []}
    actions: Counter[str] = Counter()
    results: Counter[str] = Counter()
    total = 0
    for entry in entries:
        total += 1
        results[entry.result] += 1
        if entry.event in ("review", "measure"):
            actions[entry.action] += 1
        if entry.hours is not None:
            hours[entry.event].append(entry.hours)
    answered = results["upheld"] + results["overturned"]
    return Figures(
        decisions=total, review_median_hours=_median(hours["review"]),
        reviews_in_time=_percent(sum(hour <= IN_TIME_HOURS for hour in hours["review"]), len(hours["review"])),
        case_median_hours=_median(hours["measure"]), appeals=answered, appeal_median_hours=_median(hours["appeal"]),
        overturned=_percent(results["overturned"], answered), taken_back=results["reversed"],
        by_action=dict(actions.most_common()),
    )  # fmt: skip


def _median(hours: list[float]) -> float | None:
    return round(median(hours), 1) if hours else None


def _percent(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None
