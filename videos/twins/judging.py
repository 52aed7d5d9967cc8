"""Whether two films really run side by side along a guessed line, and from where to where. Pure.

Windows of some seconds are compared by what moves in them: the mean of each cell is taken away first, so that two films
before the same wall, of the same slides or with the same hum are not the same film. A window agrees when what moves is
alike at this place in time and clearly less so some seconds beside it; a window in which nothing moves says nothing.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from operator import mul

from .asking import Line

Track = Sequence[Sequence[float]]


@dataclass(frozen=True)
class Rule:
    """How one kind of track is compared: `rate` a second, windows of `window_s`, and what is asked of them."""

    rate: int
    window_s: float
    # Correlation of what moves; of the picture itself, where there is one; and by how much a wrong place must be worse.
    alike: float
    as_whole: float
    lead: float
    # Below this contrast of what moves, a window says nothing.
    least_movement: float
    # How far the guess may be off, in steps of time; where it must be worse.
    steps: tuple[float, ...]
    beside_s: tuple[float, ...] = (-4.0, -3.0, -2.0, 2.0, 3.0, 4.0)


PICTURES = Rule(2, 8.0, 0.65, 0.75, 0.15, 3.0, tuple(step * 0.25 for step in range(-5, 6)))
SOUNDS = Rule(8, 6.0, 0.6, -1.0, 0.25, 5.0, tuple(step * 0.0625 for step in range(-16, 17)))
# So many windows one after the other may disagree (a title put in, a moment of static) before the run is over.
PATIENCE = 2


@dataclass
class Run:
    """Seconds of this film and of the other that run side by side; `agreed_s` of them agree, `score` how well."""

    line: Line
    start_s: float
    end_s: float
    other_start_s: float
    other_end_s: float
    agreed_s: float
    score: float
    places: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class _Seen:
    """One window: True agrees, False disagrees, None says nothing; `moved_s` by how much the line was off."""

    agrees: bool | None
    score: float
    moved_s: float = 0.0


def run(mine: Track, theirs: Track, line: Line, rule: Rule) -> Run | None:
    """From the line's seed forward and backward for as long as the films agree; None when they never do."""
    first = _seed(mine, theirs, line, rule)
    if first is None:
        return None
    seed_s, line, score = first
    found = [(seed_s, score, line)]
    for direction in (1, -1):
        found += _walk(mine, theirs, line, rule, seed_s, direction)
    found.sort(key=lambda one: one[0])
    (start, _, at_start), (last, _, at_end) = found[0], found[-1]
    end = min(last + rule.window_s, len(mine) / rule.rate)
    scores = [one for _, one, _ in found]
    return Run(
        line, start, end, max(0.0, _there(at_start, start)), min(_there(at_end, end), len(theirs) / rule.rate),
        _covered([at for at, *_ in found], rule.window_s, end), sum(scores) / len(scores), [at for at, *_ in found],
    )  # fmt: skip


def _seed(mine: Track, theirs: Track, line: Line, rule: Rule) -> tuple[float, Line, float] | None:
    for shift in (-0.5, 0.0, -1.0):
        at = max(0.0, line.seed_s + shift * rule.window_s)
        seen = _look(mine, theirs, line, rule, at, wide=True)
        if seen.agrees:
            return at, replace(line, start_s=line.start_s + seen.moved_s), seen.score
    return None


def _walk(
    mine: Track, theirs: Track, line: Line, rule: Rule, seed_s: float, direction: int
) -> list[tuple[float, float, Line]]:
    found, wrong, at = [], 0, seed_s
    while wrong < PATIENCE:
        step = at + direction * rule.window_s / 2
        # The last window ends where the film does, and may lie over the one before.
        step = min(max(step, 0.0), math.floor(len(mine) - rule.window_s * rule.rate) / rule.rate)
        if abs(step - at) < 1 / rule.rate or (step - at) * direction < 0:
            break
        at = step
        seen = _look(mine, theirs, line, rule, at)
        if seen.agrees:
            line = replace(line, start_s=line.start_s + seen.moved_s)
            found.append((at, seen.score, line))
        wrong = 0 if seen.agrees else wrong + (seen.agrees is False)
    return found


def _look(mine: Track, theirs: Track, line: Line, rule: Rule, at: float, *, wide: bool = False) -> _Seen:
    """The window of this film from second `at` on, beside the other film; `wide`: the guess is still a rough one."""
    first = round(at * rule.rate)
    window = mine[first : first + round(rule.window_s * rule.rate)]
    if len(window) < rule.window_s * rule.rate - 1:
        return _Seen(None, 0.0)
    moving, strength = _movement(window)
    if strength < rule.least_movement:
        return _still(window, theirs, line, rule, at)
    steps = rule.steps if wide else [step for step in rule.steps if abs(step) <= 0.5]
    scores = {step: _score(moving, _beside(theirs, line, rule, at, len(window), step), rule) for step in steps}
    step = max(scores, key=lambda one: (scores[one], -abs(one)))
    best = scores[step]
    if best < rule.alike:
        return _Seen(False, best)
    elsewhere = [step + beside for beside in rule.beside_s]
    rival = max(_score(moving, _beside(theirs, line, rule, at, len(window), one), rule) for one in elsewhere)
    other = _beside(theirs, line, rule, at, len(window), step)
    is_same = other is not None and best - rival >= rule.lead and _as_whole(window, other) >= rule.as_whole
    # Alike, but no more so than at a wrong place: something that repeats itself.
    return _Seen(True if is_same else None, best, step)


def _still(window: Track, theirs: Track, line: Line, rule: Rule, at: float) -> _Seen:
    """Nothing moves here: then nothing may move there, and the pictures must not differ."""
    other = _beside(theirs, line, rule, at, len(window), 0.0)
    if other is None:
        return _Seen(False, 0.0)
    is_still = _movement(other)[1] < 2 * rule.least_movement
    return _Seen(None if is_still and _as_whole(window, other) >= rule.as_whole else False, 0.0)


def _beside(theirs: Track, line: Line, rule: Rule, at: float, count: int, step: float) -> Track | None:
    """The other film's cells at the same moments, between two of its own where a moment falls so; None outside."""
    places = [(_there(line, at + number / rule.rate) + step) * rule.rate for number in range(count)]
    if places[0] < -0.5 * rule.rate or places[-1] > len(theirs) - 1 + 0.5 * rule.rate:
        return None
    return [_between(theirs, min(max(place, 0.0), len(theirs) - 1.0)) for place in places]


def _between(track: Track, place: float) -> Sequence[float]:
    whole = int(place)
    rest = place - whole
    if rest < 0.05 or whole + 1 >= len(track):
        return track[whole]
    return [here + (there - here) * rest for here, there in zip(track[whole], track[whole + 1], strict=True)]


def _there(line: Line, second: float) -> float:
    return line.speed * second + line.start_s


def _movement(window: Track) -> tuple[list[float], float]:
    """What is left of a window without the mean of each cell, and its standard deviation."""
    means = [sum(column) / len(window) for column in zip(*window, strict=True)]
    left = [cell - mean for moment in window for cell, mean in zip(moment, means, strict=True)]
    return left, math.sqrt(sum(map(mul, left, left)) / len(left))


def _score(moving: list[float], other: Track | None, rule: Rule) -> float:
    if other is None:
        return -1.0
    theirs, strength = _movement(other)
    return _correlation(moving, theirs) if strength >= rule.least_movement / 2 else -1.0


def _as_whole(window: Track, other: Track) -> float:
    """How alike the moments are as pictures, on average: each with its own mean taken away."""
    alike = [_correlation(_centered(mine), _centered(theirs)) for mine, theirs in zip(window, other, strict=True)]
    return sum(alike) / len(alike)


def _centered(cells: Sequence[float]) -> list[float]:
    mean = sum(cells) / len(cells)
    return [cell - mean for cell in cells]


def _correlation(one: list[float], other: list[float]) -> float:
    strength = math.sqrt(sum(map(mul, one, one)) * sum(map(mul, other, other)))
    return sum(map(mul, one, other)) / strength if strength else 0.0


def _covered(starts: list[float], window_s: float, end: float) -> float:
    """Seconds that the windows take in together."""
    total, until = 0.0, 0.0
    for start in starts:
        total += min(start + window_s, end) - max(start, until)
        until = start + window_s
    return total
