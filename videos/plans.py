"""What one worker found out about a film and decided, for all others who work on it: kept as JSON on its row. Pure."""

from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from . import cutting
from .cutting import Span
from .ladder import Rung, Source
from .probing import Probe

# A first look is worth having in a size that one can judge a lesson by, and quick to make.
PREVIEW_LINES = 360
# The sound beside a first look, which no film keeps.
PREVIEW_SOUND = "sound"


@dataclass(frozen=True)
class Plan:
    """`chunk_s`: how long chunks are meant to be; 0: the film is made in one piece."""

    probe: Probe
    rungs: list[Rung]
    chunk_s: int

    @property
    def pictures(self) -> list[Rung]:
        return [rung for rung in self.rungs if rung.kind == "video"]

    @property
    def sounds(self) -> list[Rung]:
        return [rung for rung in self.rungs if rung.kind == "audio"]

    @property
    def preview(self) -> Rung:
        small = [rung for rung in self.pictures if min(rung.width, rung.height) <= PREVIEW_LINES]
        return (small or self.pictures[:1])[-1]

    @property
    def spans(self) -> list[Span]:
        return cutting.spans(self.probe.source.duration_ms, self.pictures[0].fps, self.chunk_s)

    def as_json(self) -> dict[str, Any]:
        told = asdict(self)
        told["probe"]["source"]["fps"] = str(self.probe.source.fps)
        for rung in told["rungs"]:
            rung["fps"] = str(rung["fps"])
        return told


def read(told: dict[str, Any] | None) -> Plan:
    """The plan of a film that was probed; another has none."""
    if told is None:
        raise ValueError("nobody has looked at this film yet")
    source = told["probe"]["source"]
    probe = Probe(**{**told["probe"], "source": Source(**{**source, "fps": Fraction(source["fps"])})})
    rungs = [Rung(**{**rung, "fps": Fraction(rung["fps"])}) for rung in told["rungs"]]
    return Plan(probe, rungs, told["chunk_s"])
