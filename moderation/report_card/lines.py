"""The figures of a card as they are told, a line each."""

from dataclasses import dataclass
from decimal import Decimal

from marketplace.lib.money import Money
from moderation.models import ReportCard, ReportCardFigure

from .figures import FIGURES, Figure, Unit


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


def lines_of(card: ReportCard) -> list[Line]:
    """A figure that is reckoned no more, by whatever name, has no words and is left out."""
    rows = [row for row in card.figures.all() if row.name in FIGURES]
    return [_line(row) for row in rows]


def _line(row: ReportCardFigure) -> Line:
    cases = None if row.is_withheld else row.cases
    return Line(FIGURES[row.name], row.currency, cases, row.value, row.is_withheld)
