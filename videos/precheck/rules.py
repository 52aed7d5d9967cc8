"""Which measurements are worth a person's eye. Pure. Source: product ids X20 and C3; section 8's defaults."""

from ..models.finding import Noticed, VideoFinding
from ..probing import Probe
from .loudness import CLIPPED_DB, Crackle, Loudness
from .measuring import Heard, Seen, Span

SMALL_LINES = 720
SHORT_S = 30
QUIET_LUFS = -35.0
# One film of stills must not fill a page.
MOST_OF_A_KIND = 20

Code = VideoFinding.Code


def noticed(probe: Probe, heard: Heard, seen: Seen) -> list[Noticed]:
    """All findings of a film, those about the whole film first."""
    source, loud = probe.source, heard.loudness
    found = []
    if source.has_video and min(source.width, source.height) < SMALL_LINES:
        found.append(Noticed(Code.SMALL, value=min(source.width, source.height)))
    if source.duration_ms < SHORT_S * 1000:
        found.append(Noticed(Code.SHORT, value=source.duration_ms / 1000))
    if not source.has_audio:
        found.append(Noticed(Code.NO_SOUND))
    if loud and loud.lufs < QUIET_LUFS:
        found.append(Noticed(Code.QUIET, value=loud.lufs))
    if loud and loud.peak_db > CLIPPED_DB:
        found += _clipped(loud, heard.crackles)
    return [
        *found, *_each(Code.SILENCE, heard.silences), *_each(Code.BLACK, seen.black), *_each(Code.STILL, seen.still)
    ]  # fmt: skip


def _clipped(loud: Loudness, crackles: list[Crackle]) -> list[Noticed]:
    """The loudest places; the film as a whole where none was found."""
    loudest = sorted(crackles, key=lambda one: -one.peak_db)[:MOST_OF_A_KIND]
    return [Noticed(Code.CLIPPED, one.start_s, one.end_s, one.peak_db) for one in loudest] or [
        Noticed(Code.CLIPPED, value=loud.peak_db)
    ]


def _each(code: str, spans: list[Span]) -> list[Noticed]:
    longest = sorted(spans, key=lambda span: span[0] - span[1])[:MOST_OF_A_KIND]
    return [Noticed(code, start, end, end - start) for start, end in sorted(longest)]
