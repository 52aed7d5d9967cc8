"""What page, file and API show of the report card: the same lines, in the same order."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import prefetch_related_objects

from moderation.models import ReportCard
from moderation.quarters import Quarter

from .drawn import Drawn, Told, drawn
from .figures import FIGURES, HEADS, Figure, Head
from .keeping import final_at
from .lines import Line, lines_of

COLUMNS = (
    "quarter", "stage", "as_of", "reason", "head", "figure", "currency", "unit", "cases", "value", "is_withheld",
    "method",
)  # fmt: skip
# Two years: more bars would be too thin for a phone.
MOST_DRAWN = 8


@dataclass(frozen=True)
class Group:
    """A figure on the page, with a line each currency where it is of money; of those with too few cases their names."""

    figure: Figure
    lines: list[Line]
    few: list[str]


@dataclass(frozen=True)
class Shown:
    """A card for its page. `quarters`: those that have one, the latest first. `final_at`: of one that is not final.
    `drawn`: over the quarters, as soon as there are two.
    """

    card: ReportCard
    heads: list[tuple[Head, list[Group]]]
    quarters: list[Quarter]
    corrections: list[ReportCard]
    final_at: datetime | None
    is_over: bool
    drawn: Drawn | None


def shown(quarter: Quarter | None = None) -> Shown | None:
    """Of a quarter, or of the latest; None where nothing is reckoned of it."""
    cards = {card.quarter: card for card in ReportCard.objects.standing()}
    asked = quarter or next(iter(cards), None)
    card = cards.get(asked) if asked else None
    if card is None:
        return None
    before = cards.get(card.quarter.before)
    beside = _beside_it(list(cards.values()), card)
    prefetch_related_objects([*beside, *([before] if before and before not in beside else [])], "figures")
    lines = _beside(lines_of(card), lines_of(before) if before else [])
    groups = [_group(figure, [line for line in lines if line.figure == figure]) for figure in FIGURES.values()]
    has = [group for group in groups if group.lines or group.few]  # a card of before may know fewer figures
    heads = [(head, [group for group in has if group.figure.head == head.code]) for head in HEADS]
    corrections = list(ReportCard.objects.of(card.quarter).filter(stage=ReportCard.Stage.CORRECTED).order_by("-id"))
    ends = final_at(card.quarter) if card.is_so_far else None
    over = drawn([Told(one.quarter, lines_of(one), one.is_so_far) for one in reversed(beside)], card.quarter)
    return Shown(card, heads, list(cards), corrections, ends, card.as_of >= card.quarter.end, over)


def table(cards: list[ReportCard]) -> Iterator[dict[str, Any]]:
    """Rows of the file: one a figure, with what its card says."""
    for card in cards:
        of_card = {"quarter": str(card.quarter), "stage": card.stage, "as_of": card.as_of, "reason": card.reason}
        for line in lines_of(card):
            yield {
                **of_card, "head": line.figure.head, "figure": line.figure.name, "currency": line.currency,
                "unit": line.figure.unit.value, "cases": line.cases, "value": line.text,
                "is_withheld": "true" if line.is_withheld else "false", "method": line.figure.method,
            }  # fmt: skip


def _beside_it(cards: list[ReportCard], card: ReportCard) -> list[ReportCard]:
    """The latest cards, or those that go back to this one; the latest first."""
    return cards[max(0, cards.index(card) - MOST_DRAWN + 1) :][:MOST_DRAWN]


def _beside(lines: list[Line], before: list[Line]) -> list[Line]:
    known = {(line.figure.name, line.currency): line for line in before}
    return [replace(line, before=known.get((line.figure.name, line.currency))) for line in lines]


def _group(figure: Figure, lines: list[Line]) -> Group:
    few = [line for line in lines if line.is_withheld and line.currency]
    return Group(figure, [line for line in lines if line not in few], [line.currency for line in few])
