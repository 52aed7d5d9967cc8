"""From keys that two films share to guesses how one runs along the other: each key votes for a line in time. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from .asking import SPEEDS, Hit, Line

# Seconds that one guess takes in; the drift of a speed between two of SPEEDS over a stretch is less.
BIN_S = 1.0
LEAST_VOTES = 4
MOST_LINES = 4
# Which film; how it was mirrored, pitched and made faster; and where it would begin, in bins.
_Place = tuple[int, bool, int, float, int]
# The second of this film, its cut and the other's.
_Voter = tuple[float, int, int]


def lines(hits: Iterable[Hit]) -> list[Line]:
    """The best guesses for a stretch of some ten seconds, best first; films that share a key or two are none."""
    votes = _count(hits)
    # A line may run along the border of two bins.
    both = {place: votes[place] | votes.get(_next(place), set()) for place in votes}
    best = sorted(both, key=lambda place: (-_moments(both[place]), abs(place[3] - 1), place))
    chosen: list[Line] = []
    for place in best:
        if _moments(both[place]) < LEAST_VOTES or len(chosen) == MOST_LINES:
            break
        line = _line(place, both[place])
        if not any(_is_same(line, other) for other in chosen):
            chosen.append(line)
    return chosen


def _moments(voters: set[_Voter]) -> int:
    return len({at for at, _mine, _theirs in voters})


def _count(hits: Iterable[Hit]) -> dict[_Place, set[_Voter]]:
    votes: defaultdict[_Place, set[_Voter]] = defaultdict(set)
    for hit in hits:
        asked = hit.asked
        for speed in SPEEDS if asked.speed is None else (asked.speed,):
            start = int((hit.at_s - speed * asked.at_s) // BIN_S)
            # One vote a moment, however many of its neighbors' keys were found.
            votes[hit.print_id, asked.is_mirrored, asked.pitch, speed, start].add((asked.at_s, asked.cut, hit.cut))
    return dict(votes)


def _next(place: _Place) -> _Place:
    return (*place[:4], place[4] + 1)


def _line(place: _Place, voters: set[_Voter]) -> Line:
    print_id, is_mirrored, pitch, speed, start = place
    (my_cut, cut), _count_of = Counter((mine, theirs) for _at, mine, theirs in sorted(voters)).most_common(1)[0]
    moments = sorted({at for at, *_ in voters})
    return Line(
        print_id, speed, (start + 1) * BIN_S, len(moments), moments[len(moments) // 2], my_cut, cut, is_mirrored, pitch
    )


def _is_same(line: Line, other: Line) -> bool:
    """Neighboring speeds see the same run; the better of them was chosen before."""
    here, there = (one.speed * line.seed_s + one.start_s for one in (line, other))
    kinds = [(one.print_id, one.is_mirrored, one.pitch) for one in (line, other)]
    return kinds[0] == kinds[1] and abs(here - there) < 3 * BIN_S
