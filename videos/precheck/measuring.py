"""What a film is measured by, inside the fence: the sound that was sent; our smallest picture (glance.py)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from .. import fence, shelves
from ..probing import Probe
from . import loudness, marks
from .loudness import Crackle, Loudness

Span = tuple[float, float]
SILENCE_S, BLACK_S, STILL_S = 8.0, 2.0, 30.0
# The meter cuts the sound anew and loses what stood on it, so it comes first.
_HEAR = "aresample=48000,ebur128=metadata=1:peak=true,silencedetect=n=-50dB:d=3,ametadata=mode=print:file=marks.txt"
# A true peak each half second, as the meter reckons it: over four times as many samples.
_WINDOW_S = 0.5
_PEAK = "astats.Overall.Peak_level"
_CRACKLES = (
    "aresample=192000:osf=dblp,asetnsamples=96000,astats=metadata=1:reset=1:measure_perchannel=none:measure_overall=Peak_level,"
    f"ametadata=mode=print:key=lavfi.{_PEAK}:file=marks.txt"
)
LOOK = "blackdetect=d=1:pix_th=0.1,freezedetect=n=-60dB:d=5,metadata=mode=print:file=marks.txt"


@dataclass(frozen=True)
class Heard:
    """None and no spans for a film without sound."""

    loudness: Loudness | None = None
    silences: list[Span] = field(default_factory=list)
    crackles: list[Crackle] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def read(cls, told: dict[str, Any]) -> "Heard":
        loud = told["loudness"]
        return cls(
            Loudness(**loud) if loud else None,
            [(start, end) for start, end in told["silences"]],
            [Crackle(**one) for one in told.get("crackles", [])],
        )


@dataclass(frozen=True)
class Seen:
    black: list[Span] = field(default_factory=list)
    still: list[Span] = field(default_factory=list)


def hear(job: Path, probe: Probe, *, on_tick: fence.Tick | None = None) -> Heard:
    """The sound in job/in.bin. What cannot be measured is left unsaid: the encode itself judges the film."""
    source = probe.source
    if not source.has_audio:
        return Heard()
    graph = f"[0:a:{probe.sound_at}]{_HEAR}[out]"
    found = measure(job, graph, source.duration_ms, on_tick)
    if found is None:
        return Heard()
    loud = loudness.of(*(found.last.get(f"r128.{name}") for name in ("I", "true_peak", "LRA")))
    silences = found.longer_than("silence", SILENCE_S, source.duration_ms / 1000)
    # Where, is asked of a sound alone that is cut off somewhere: all others are read once.
    is_clipped = loud is not None and loud.peak_db > loudness.CLIPPED_DB
    return Heard(loud, silences, _crackles(job, probe, on_tick) if is_clipped else [])


def _crackles(job: Path, probe: Probe, on_tick: fence.Tick | None) -> list[Crackle]:
    graph = f"[0:a:{probe.sound_at}]{_CRACKLES}[out]"
    with _marked(job, graph, probe.source.duration_ms, on_tick) as lines:
        return loudness.crackles(marks.levels(lines or [], _PEAK), _WINDOW_S)


def seen(found: marks.Marks | None, length_ms: int) -> Seen:
    """What the marks of LOOK say of a picture of that length."""
    if found is None:
        return Seen()
    black = found.longer_than("black", BLACK_S, length_ms / 1000)
    still = found.longer_than("freezedetect.freeze", STILL_S, length_ms / 1000)
    return Seen(black, [span for span in still if not _lies_in(span, black)])


def whole(rung: Path, target: Path) -> None:
    """One playable file of a rung's pieces."""
    shelves.join([rung / "init.mp4", *sorted(rung.glob("s*.m4s"))], target)


def measure(
    folder: Path,
    graph: str,
    length_ms: int,
    on_tick: fence.Tick | None,
    *,
    besides: Sequence[str] = (),
    is_sketch: bool = False,
) -> marks.Marks | None:
    """The marks that `graph` writes on its way to [out]; None when it failed. `besides`: what else comes out of it."""
    with _marked(folder, graph, length_ms, on_tick, besides=besides, is_sketch=is_sketch) as lines:
        return None if lines is None else marks.read(lines)


@contextmanager
def _marked(
    folder: Path,
    graph: str,
    length_ms: int,
    on_tick: fence.Tick | None,
    *,
    besides: Sequence[str] = (),
    is_sketch: bool = False,
) -> Iterator[IO[str] | None]:
    """The lines that `graph` writes; None when it failed."""
    arguments = ["-filter_complex_threads", "1", "-filter_complex", graph]
    arguments += ["-map", "[out]", "-f", "null", "none", *besides]
    seconds = 60 + length_ms / 1000
    limits = fence.Limits(wall_s=seconds, cpu_s=int(seconds * 2))
    ended = fence.encode(folder, arguments, limits, threads=1, is_sketch=is_sketch, on_tick=on_tick)
    written = folder / "marks.txt"
    if ended.code != 0 or not written.is_file():
        yield None
        return
    with written.open(errors="replace") as lines:
        yield lines
    written.unlink()


def _lies_in(span: Span, others: list[Span]) -> bool:
    return any(start <= span[0] + 1 and span[1] - 1 <= end for start, end in others)
