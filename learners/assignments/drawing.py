"""A result as a drawing: for each criterion a line from nothing to all points, dots of reviewers, the median."""

from dataclasses import dataclass

from courses.assignments import scoring
from courses.assignments.shape import Criterion
from learners.models import HandIn

WIDTH, HEIGHT, PAD = 320, 42, 12
# Of three reviewers' dots one above another the highest is whole.
LINE_Y, STEP = 24, 7


@dataclass(frozen=True)
class Dot:
    x: int
    y: int


@dataclass(frozen=True)
class Row:
    """`points` of `most` count; `level` is its name where the points are exactly one level's."""

    criterion: Criterion
    points: int
    most: int
    level: str
    x: int
    ticks: list[int]
    dots: list[Dot]
    several: list[int]


@dataclass(frozen=True)
class Drawing:
    rows: list[Row]
    total: int
    most: int
    width: int = WIDTH
    height: int = HEIGHT
    left: int = PAD
    right: int = WIDTH - PAD
    y: int = LINE_Y


def of(work: HandIn) -> Drawing | None:
    """None before there is a result."""
    outcome = work.outcome
    if outcome is None:
        return None
    assignment = work.assignment
    peers = [scoring.points_of(assignment, each.marks) for each in work.assessments.all() if each.turn_id is not None]
    rows = [_row(each, outcome.points.get(each.id, 0), [p[each.id] for p in peers]) for each in assignment.criteria]
    return Drawing(rows, sum(row.points for row in rows), assignment.most_points)


def _row(criterion: Criterion, points: int, several: list[int]) -> Row:
    level = criterion.level_of(points)
    ticks = sorted({_x(each.points, criterion.most) for each in criterion.levels})
    return Row(
        criterion, points, criterion.most, level.title if level else "", _x(points, criterion.most), ticks,
        _dots(sorted(several), criterion.most), sorted(several),
    )  # fmt: skip


def _x(points: int, most: int) -> int:
    return PAD + (points * (WIDTH - 2 * PAD) // most if most else 0)


def _dots(several: list[int], most: int) -> list[Dot]:
    """Those of one place stand above one another."""
    seen: dict[int, int] = {}
    dots = []
    for points in several:
        x = _x(points, most)
        dots.append(Dot(x, LINE_Y - STEP * seen.get(x, 0)))
        seen[x] = seen.get(x, 0) + 1
    return dots
