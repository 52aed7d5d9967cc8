"""How loud a film is and what is done about it. Pure arithmetic in LUFS and dB; source: EBU R 128, −16 LUFS."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

TARGET_LUFS = -16.0
CEILING_DB = -1.5
# Below this there is nothing to be made louder: noise would become the film.
SILENT_LUFS = -55.0
MOST_GAIN_DB = 24.0
# A true peak above this is heard as a crackle: what was louder is cut off.
CLIPPED_DB = 0.5
# A place that begins above it lasts as long as the sound stands at full scale: tops that were cut flat.
FULL_SCALE_DB = -0.6
# Crackles that follow each other so soon are one place to look at.
ONE_PLACE_S = 2.0


@dataclass(frozen=True)
class Loudness:
    """`lufs` of the whole film, its highest true peak in dB, its range in LU."""

    lufs: float
    peak_db: float
    range_lu: float


def of(integrated: float | None, peak: float | None, range_lu: float | None) -> Loudness | None:
    """From the meter's words, in which the peak is an amplitude. None when it heard nothing."""
    if integrated is None or peak is None or peak <= 0 or integrated < SILENT_LUFS:
        return None
    return Loudness(round(integrated, 1), round(20 * math.log10(peak), 1), round(range_lu or 0.0, 1))


@dataclass(frozen=True)
class Crackle:
    """From `start_s` to `end_s` the sound is cut off at its peaks, at most `peak_db` above full scale."""

    start_s: float
    end_s: float
    peak_db: float


def crackles(levels: Iterable[tuple[float, float]], window_s: float) -> list[Crackle]:
    """The places of a sound, given the true peak in dB of each of its windows as (second, dB), in their order."""
    found: list[Crackle] = []
    for at, peak in levels:
        if peak > FULL_SCALE_DB and found and at - found[-1].end_s <= ONE_PLACE_S:
            before = found.pop()
            found.append(Crackle(before.start_s, at + window_s, max(before.peak_db, peak)))
        elif peak > CLIPPED_DB:
            found.append(Crackle(at, at + window_s, peak))
    return found


def gain_db(found: Loudness | None) -> float:
    """By how much the sound is raised or lowered, in dB, so that every film is as loud as the next."""
    if found is None:
        return 0.0
    return round(max(-MOST_GAIN_DB, min(MOST_GAIN_DB, TARGET_LUFS - found.lufs)), 1)


def filters(found: Loudness | None) -> str:
    """The part of a filter chain that does so; a limiter holds the peaks that a rise would push too high."""
    gain = gain_db(found)
    if found is None or abs(gain) < 0.1:
        return ""
    limit = 10 ** (CEILING_DB / 20)
    needs_limit = found.peak_db + gain > CEILING_DB
    return f",volume={gain}dB" + (f",alimiter=limit={limit:.4f}:level=disabled:latency=1" if needs_limit else "")
