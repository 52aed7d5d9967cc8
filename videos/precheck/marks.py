"""What ffmpeg's filters wrote about frames (`key=value`), read as spans of time and last values. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field

_PREFIX = "lavfi."


@dataclass
class Marks:
    """`spans`: (start, end or None) in seconds by name; `last`: the newest value of every other key."""

    spans: dict[str, list[tuple[float, float | None]]] = field(default_factory=dict)
    last: dict[str, float] = field(default_factory=dict)

    def longer_than(self, name: str, least_s: float, length_s: float) -> list[tuple[float, float]]:
        """The spans of a name that last so long; one that nothing ended lasts until the film does."""
        closed = [(start, length_s if end is None else min(end, length_s)) for start, end in self.spans.get(name, [])]
        return [(start, end) for start, end in closed if end - start >= least_s]


def read(lines: Iterable[str]) -> Marks:
    marks = Marks()
    for line in lines:
        key, equals, value = line.strip().partition("=")
        number = _number(value) if equals and key.startswith(_PREFIX) else None
        if number is None:
            continue
        key = key.removeprefix(_PREFIX)
        if key.endswith("_start"):
            marks.spans.setdefault(key.removesuffix("_start"), []).append((number, None))
        elif key.endswith("_end") and (open_spans := marks.spans.get(key.removesuffix("_end"))):
            open_spans[-1] = (open_spans[-1][0], number)
        else:
            marks.last[key] = number
    return marks


def levels(lines: Iterable[str], key: str) -> list[tuple[float, float]]:
    """(second, value) of each frame that says `key`, in the frames' order."""
    found, at = [], 0.0
    for line in lines:
        if line.startswith("frame:"):
            at = _number(line.rpartition("pts_time:")[2]) or 0.0
        elif (value := _number(line.strip().removeprefix(f"{_PREFIX}{key}="))) is not None:
            found.append((at, value))
    return found


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < 1e9 else None
