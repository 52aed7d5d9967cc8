"""The report card over the quarters: a table of its figures, and the same as bars. Whole SVG units out; no query."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from moderation.quarters import Quarter
from payments.charts import round_step

from .figures import Unit
from .lines import Line

WIDTH, HEIGHT = 320, 124
LEFT, RIGHT, TOP, BOTTOM = 80, 4, 10, 34
# Of figures by currency those are drawn that most people earned in; the table has all of them.
MOST_CURRENCIES = 3
# What is worth one step of the grid where the whole is known; parts of a unit that others are rounded to.
STEPS = {Unit.PERCENT: (Decimal(50), Decimal(100)), Unit.COEFFICIENT: (Decimal("0.5"), Decimal(1))}
PARTS = {Unit.HOURS: 10, Unit.MINOR: 1}


@dataclass(frozen=True)
class Told:
    """What the card of a quarter tells. `is_open`: so far."""

    quarter: Quarter
    lines: list[Line]
    is_open: bool


@dataclass(frozen=True)
class Row:
    """A figure by quarter, in one currency where it is of money; None where its card does not have it."""

    first: Line
    cells: list[Line | None]

    @property
    def values(self) -> list[Decimal]:
        return [cell.value for cell in self.cells if cell and cell.value is not None]


@dataclass(frozen=True)
class Bar:
    """`height` 0 where nothing is told. `year`: below the first of its year."""

    quarter: Quarter
    line: Line | None
    is_open: bool
    is_asked: bool
    x: int
    y: int
    width: int
    height: int
    middle: int
    year: int | None


@dataclass(frozen=True)
class Tick:
    line: Line
    y: int


@dataclass(frozen=True)
class Chart:
    first: Line
    bars: list[Bar]
    ticks: list[Tick]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    quarter_y: int = HEIGHT - BOTTOM + 15
    year_y: int = HEIGHT - 5


@dataclass(frozen=True)
class Drawn:
    """`quarters` the oldest first."""

    quarters: list[Told]
    rows: list[Row]
    charts: list[Chart]


def drawn(told: Sequence[Told], asked: Quarter) -> Drawn | None:
    """Cards in their order in time; None where there is nothing to compare."""
    rows = [row for row in _rows(told) if row.values]
    charts = [_chart(row, told, asked) for row in _main(rows) if len(row.values) > 1]
    return Drawn(list(told), rows, charts) if charts else None


def _rows(told: Sequence[Told]) -> list[Row]:
    """In the order of the latest card."""
    by_quarter = [{(line.figure.name, line.currency): line for line in one.lines} for one in told]
    known = {key: line for lines in reversed(by_quarter) for key, line in lines.items()}
    return [Row(line, [lines.get(key) for lines in by_quarter]) for key, line in known.items()]


def _main(rows: list[Row]) -> list[Row]:
    spoken = {row.first.currency: 0 for row in rows if row.first.currency}
    for row in rows:
        if row.first.currency:
            spoken[row.first.currency] += sum(cell.cases or 0 for cell in row.cells if cell)
    main = sorted(spoken, key=lambda currency: -spoken[currency])[:MOST_CURRENCIES]
    return [row for row in rows if not row.first.currency or row.first.currency in main]


def _chart(row: Row, told: Sequence[Told], asked: Quarter) -> Chart:
    step, top = _scale(row)
    room = HEIGHT - TOP - BOTTOM

    def y_of(value: Decimal) -> int:
        return TOP + room - int(max(value, Decimal(0)) * room / top)

    slot = (WIDTH - LEFT - RIGHT) // len(told)
    width = min(28, slot * 7 // 10)
    bars, year = [], 0
    for n, (one, cell) in enumerate(zip(told, row.cells, strict=True)):
        height = 0 if cell is None or cell.value is None else max(1, TOP + room - y_of(cell.value))
        x, middle = LEFT + n * slot + (slot - width) // 2, LEFT + n * slot + slot // 2
        new = one.quarter.year if one.quarter.year != year else None
        year, y = one.quarter.year, TOP + room - height
        bars.append(Bar(one.quarter, cell, one.is_open, one.quarter == asked, x, y, width, height, middle, new))
    ticks = [replace(row.first, value=step * n) for n in range(int(top / step) + 1)]
    return Chart(row.first, bars, [Tick(line, y_of(line.value or Decimal(0))) for line in ticks])


def _scale(row: Row) -> tuple[Decimal, Decimal]:
    """A step of the grid, and its whole. A share is drawn of all, so that little looks like little."""
    unit = row.first.figure.unit
    if unit in STEPS:
        return STEPS[unit]
    parts = PARTS[unit]
    most = int(max(row.values) * parts) + 1
    step = round_step(most)
    return Decimal(step) / parts, Decimal(-(-most // step) * step) / parts
