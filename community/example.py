"""The published examples of the formula, and their drawing: each course a line from the lower to the upper end."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from . import formula
from .formula import BASE, BASE_N, CATEGORY_N, HIGHEST_PRIOR, LEAST_LEARNED, LOWEST_PRIOR, PRIOR_N, Score, Tally

# The drawing: 1 to 5 stars over this width, a line this high each.
LEFT, WIDTH, LINE = 12, 576, 44


@dataclass(frozen=True)
class Case:
    """A made-up course; `y` and the `x`s say where it is drawn."""

    name: str | Promise
    counts: Sequence[int]
    plain: float
    score: Score
    y: int

    @property
    def x(self) -> int:
        return x_of(self.score.mean)

    @property
    def low_x(self) -> int:
        return x_of(self.score.low)

    @property
    def high_x(self) -> int:
        return x_of(self.score.high)

    @property
    def plain_x(self) -> int:
        return x_of(round(self.plain * 1000))


def x_of(milli: int) -> int:
    return LEFT + (milli - 1000) * WIDTH // 4000


_CASES: list[tuple[str | Promise, tuple[int, ...]]] = [
    (_("Five votes of five stars"), (0, 0, 0, 0, 5)),
    (_("Two votes of one star"), (2, 0, 0, 0, 0)),
    (_("Fifty, mixed"), (3, 4, 8, 15, 20)),
    (_("Five hundred, 4.6 on the whole"), (10, 10, 20, 90, 370)),
]


def cases() -> list[Case]:
    """Everybody has seen the whole course, in a category of which nothing is known yet."""
    made = []
    for at, (name, counts) in enumerate(_CASES):
        full = formula.weight(100)
        tally = Tally(counts, tuple(n * full for n in counts), tuple(n * full * full for n in counts))
        plain = sum(stars * n for stars, n in zip(formula.STARS, counts, strict=True)) / sum(counts)
        none = (0,) * len(counts)
        made.append(Case(name, counts, plain, formula.score(tally, formula.prior(none, none)), 22 + at * LINE))
    return made


def figures() -> dict[str, object]:
    """The constants that the page names."""
    return {
        "least": LEAST_LEARNED, "prior": round(PRIOR_N), "days": formula.WINDOW_DAYS, "category": round(CATEGORY_N),
        "base": [(stars, round(share * 100)) for stars, share in zip(formula.STARS, BASE, strict=True)],
        "base_n": round(BASE_N), "lowest": LOWEST_PRIOR, "highest": HIGHEST_PRIOR, "height": len(_CASES) * LINE + 24,
        "ticks": [(stars, x_of(stars * 1000)) for stars in formula.STARS], "bottom": len(_CASES) * LINE,
    }  # fmt: skip
