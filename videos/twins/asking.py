"""What goes into the index of prints, and what is asked of it. Pure."""

from dataclasses import dataclass

# Of the tenths that a copy may be faster or slower, as seconds of the other film to a second of this one.
SPEEDS = (0.8, 0.85, 0.9, 0.95, 1.0, 1.05, 1.1, 1.15, 1.2, 1.25)


@dataclass(frozen=True)
class Kept:
    """A key of a film, the second at which it stands, and the cut of the picture (0 for sound)."""

    key: int
    at_s: float
    cut: int = 0


@dataclass(frozen=True)
class Asked:
    """A key of the new film, as it would be in the original if the film were so cut, mirrored, or made faster.

    `pitch` is the shift of its sound in bands; `speed` is None where the key says nothing about it.
    """

    key: int
    at_s: float
    cut: int = 0
    is_mirrored: bool = False
    pitch: int = 0
    speed: float | None = None


@dataclass(frozen=True)
class Hit:
    """An asked key that another film has, at its second `at_s`."""

    asked: Asked
    print_id: int
    at_s: float
    cut: int


@dataclass(frozen=True)
class Line:
    """A guess: the other film's second is `speed` × ours + `start_s`, in that cut and with that pitch."""

    print_id: int
    speed: float
    start_s: float
    votes: int
    seed_s: float
    my_cut: int = 0
    cut: int = 0
    is_mirrored: bool = False
    pitch: int = 0
