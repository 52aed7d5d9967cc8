"""The geometry of the charts of money: whole numbers in, whole SVG units out. Templates draw what this computes.

Every chart stands beside a table of the same figures; what it shows is never told by color alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from marketplace.lib.money import Money

WIDTH, HEIGHT = 720, 260
LEFT, RIGHT, TOP, BOTTOM = 64, 8, 10, 26
TICKS = 4


@dataclass(frozen=True)
class Part:
    """One colored piece of a column. `kind` names its color and its line in the legend."""

    kind: str
    label: str
    amount: Money
    y: int = 0
    height: int = 0


@dataclass(frozen=True)
class Column:
    """One month: what adds up above zero, and what was taken back below it."""

    label: str
    up: Sequence[Part]
    down: Sequence[Part] = ()
    is_now: bool = False
    x: int = 0
    width: int = 0
    middle: int = 0

    @property
    def height_minor(self) -> int:
        return sum(part.amount.minor for part in self.up)

    @property
    def depth_minor(self) -> int:
        return sum(part.amount.minor for part in self.down)


@dataclass(frozen=True)
class Tick:
    amount: Money
    y: int
    is_zero: bool


@dataclass(frozen=True)
class Columns:
    """A chart of columns over time with its grid; coordinates within `width` × `height`."""

    columns: list[Column]
    ticks: list[Tick]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    label_y: int = HEIGHT - 6


def columns(months: Sequence[Column], currency: str) -> Columns:
    """Lay out months of one currency. Amounts of parts are not negative; the direction says whether they are lost."""
    step = round_step(max([month.height_minor for month in months] + [month.depth_minor for month in months] + [1]))
    above = -(-max([month.height_minor for month in months] + [1]) // step)
    below = -(-max([month.depth_minor for month in months] + [0]) // step)
    room = HEIGHT - TOP - BOTTOM
    span = (above + below) * step

    def y_of(minor: int) -> int:
        return TOP + (above * step - minor) * room // span

    slot = (WIDTH - LEFT - RIGHT) // max(len(months), 1)
    width = max(2, min(44, slot * 7 // 10))
    laid = [
        Column(
            month.label, _stack(month.up, y_of, 1), _stack(month.down, y_of, -1), month.is_now,
            x=LEFT + n * slot + (slot - width) // 2, width=width, middle=LEFT + n * slot + slot // 2,
        )
        for n, month in enumerate(months)
    ]  # fmt: skip
    ticks = [Tick(Money(n * step, currency), y_of(n * step), n == 0) for n in range(-below, above + 1)]
    return Columns(laid, ticks)


def _stack(parts: Sequence[Part], y_of: Callable[[int], int], sign: int) -> list[Part]:
    """Parts on top of each other, away from zero; what is worth a line is drawn with one unit at least."""
    laid, standing = [], 0
    for part in parts:
        if part.amount.minor <= 0:
            continue
        near, far = y_of(sign * standing), y_of(sign * (standing + part.amount.minor))
        top = min(near, far)
        laid.append(Part(part.kind, part.label, part.amount, y=top, height=max(1, abs(near - far))))
        standing += part.amount.minor
    return laid


def round_step(most: int) -> int:
    """A step of 1, 2 or 5 times a power of ten, so that `TICKS` of them or a few less reach `most`."""
    least = max(1, -(-most // TICKS))
    power = 10 ** (len(str(least)) - 1)
    return next(times * power for times in (1, 2, 5, 10) if times * power >= least)


@dataclass(frozen=True)
class Bar:
    """One horizontal bar from zero to the right (gain) or to the left (loss), with its words."""

    label: str
    amount: Money
    x: int
    width: int

    @property
    def is_loss(self) -> bool:
        return self.amount.minor < 0


@dataclass(frozen=True)
class Bars:
    bars: list[Bar]
    zero: int
    width: int


def balance_bars(changes: Sequence[tuple[str, Money]], *, width: int = 320) -> Bars:
    """Changes below each other, each on a line of its own, around a common zero."""
    lost = max([-amount.minor for _label, amount in changes] + [0])
    gained = max([amount.minor for _label, amount in changes] + [0])
    span = max(lost + gained, 1)
    zero = width * lost // span
    bars = []
    for label, amount in changes:
        length = max(1, width * abs(amount.minor) // span) if amount else 0
        bars.append(Bar(label, amount, x=zero - length if amount.minor < 0 else zero, width=length))
    return Bars(bars, zero, width)


@dataclass(frozen=True)
class Slice:
    """One part of a whole, drawn along a line of `WIDTH` units."""

    kind: str
    label: str
    amount: Money
    x: int
    width: int


def slices(parts: Sequence[tuple[str, str, Money]], *, width: int = WIDTH) -> list[Slice]:
    """The parts of a price beside each other; nothing is drawn for a part of nothing."""
    whole = max(sum(max(amount.minor, 0) for _kind, _label, amount in parts), 1)
    drawn, passed = [], 0
    for kind, label, amount in parts:
        if amount.minor <= 0:
            continue
        start, end = width * passed // whole, width * (passed + amount.minor) // whole
        drawn.append(Slice(kind, label, amount, x=start, width=max(1, end - start)))
        passed += amount.minor
    return drawn
