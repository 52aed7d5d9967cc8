"""What page, file and API show of the report card: the same lines, in the same order."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import prefetch_related_objects

from marketplace.lib.money import Money
from moderation.models import ReportCard, ReportCardFigure
from moderation.quarters import Quarter

from .figures import FIGURES, HEADS, Figure, Head, Unit
from .keeping import final_at

COLUMNS = (
    "quarter", "stage", "as_of", "reason", "head", "figure", "currency", "unit", "cases", "value", "is_withheld",
    "method",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One figure as it is told. `cases`: None where they are too few to be told. `before`: of the quarter before."""

    figure: Figure
    currency: str
    cases: int | None
    value: Decimal | None
    is_withheld: bool
    before: "Line | None" = None

    @property
    def text(self) -> str:
        """The value in plain digits, without empty places; nothing where there is none."""
        return "" if self.value is None else f"{self.value.normalize():f}"

    @property
    def amount(self) -> Money | None:
        is_money = self.figure.unit == Unit.MINOR and self.value is not None
        return Money(int(self.value or 0), self.currency) if is_money else None


@dataclass(frozen=True)
class Group:
    """A figure on the page, with a line each currency where it is of money; of those with too few cases their names."""

    figure: Figure
    lines: list[Line]
    few: list[str]


@dataclass(frozen=True)
class Shown:
    """A card for its page. `quarters`: those that have one, the latest first. `final_at`: of one that is not final."""

    card: ReportCard
    heads: list[tuple[Head, list[Group]]]
    quarters: list[Quarter]
    corrections: list[ReportCard]
    final_at: datetime | None
    is_over: bool


def shown(quarter: Quarter | None = None) -> Shown | None:
    """Of a quarter, or of the latest; None where nothing is reckoned of it."""
    cards = {card.quarter: card for card in ReportCard.objects.standing()}
    asked = quarter or next(iter(cards), None)
    card = cards.get(asked) if asked else None
    if card is None:
        return None
    before = cards.get(card.quarter.before)
    prefetch_related_objects([one for one in (card, before) if one], "figures")
    lines = _beside(lines_of(card), lines_of(before) if before else [])
    groups = [_group(figure, [line for line in lines if line.figure == figure]) for figure in FIGURES.values()]
    has = [group for group in groups if group.lines or group.few]  # a card of before may know fewer figures
    heads = [(head, [group for group in has if group.figure.head == head.code]) for head in HEADS]
    corrections = list(ReportCard.objects.of(card.quarter).filter(stage=ReportCard.Stage.CORRECTED).order_by("-id"))
    ends = final_at(card.quarter) if card.is_so_far else None
    return Shown(card, heads, list(cards), corrections, ends, card.as_of >= card.quarter.end)


def lines_of(card: ReportCard) -> list[Line]:
    """A figure that is reckoned no more, by whatever name, has no words and is left out."""
    rows = [row for row in card.figures.all() if row.name in FIGURES]
    return [_line(row) for row in rows]


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


def _line(row: ReportCardFigure) -> Line:
    cases = None if row.is_withheld else row.cases
    return Line(FIGURES[row.name], row.currency, cases, row.value, row.is_withheld)


def _beside(lines: list[Line], before: list[Line]) -> list[Line]:
    known = {(line.figure.name, line.currency): line for line in before}
    return [replace(line, before=known.get((line.figure.name, line.currency))) for line in lines]


def _group(figure: Figure, lines: list[Line]) -> Group:
    few = [line for line in lines if line.is_withheld and line.currency]
    return Group(figure, [line for line in lines if line not in few], [line.currency for line in few])
