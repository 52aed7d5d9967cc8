"""What one worker found out about a film and decided, for all others who work on it: kept as JSON on its row. Pure."""

from dataclasses import asdict, dataclass, field
from fractions import Fraction
from typing import Any

from . import cutting
from .cutting import Span
from .ladder import SEGMENT_S, Rung, Source
from .probing import Probe

# A first look is worth having in a size that one can judge a lesson by, and quick to make.
PREVIEW_LINES = 360
# The sound beside a first look, which no film keeps.
PREVIEW_SOUND = "sound"


@dataclass(frozen=True)
class Plan:
    """`chunk_s`: how long chunks are meant to be; 0: the film is made in one piece. `starts`: their first segments."""

    probe: Probe
    rungs: list[Rung]
    chunk_s: int
    starts: list[int] = field(default_factory=list)
    # Workers read the copy that can be entered; `probe` is of it.
    is_indexed: bool = False

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
    def has_look(self) -> bool:
        """Whether its beginning is made before the rest."""
        long_enough = self.probe.source.duration_ms >= cutting.LOOK_FROM_S * 1000
        return bool(self.pictures) and (self.chunk_s > 0 or long_enough)

    @property
    def spans(self) -> list[Span]:
        fps = self.pictures[0].fps
        if self.chunk_s == 0:
            return [cutting.beginning(fps)]
        return cutting.spans(self.probe.source.duration_ms, fps, self.starts)

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
    starts = told["starts"] if "starts" in told else _even_starts(told)
    return Plan(probe, rungs, told["chunk_s"], starts, told.get("is_indexed", False))


def _even_starts(told: dict[str, Any]) -> list[int]:
    """Of a film that was cut before cuts were kept: chunks of one length."""
    step = max(1, round(told["chunk_s"] / SEGMENT_S))
    whole, rest = divmod(Fraction(told["probe"]["source"]["duration_ms"], 1000 * SEGMENT_S), step)
    return [at * step for at in range(max(1, int(whole) + (rest >= step * cutting.REST)))]
