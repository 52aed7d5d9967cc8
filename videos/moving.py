"""What of an old film has a place in a new one: lines, chapters and seconds, moved by a shift and cut at the end.

Pure: no file, no row. `shift_ms` is by how much everything begins later in the new film; it may be negative.
"""

from collections.abc import Iterable, Sequence

from .cues import Cue

# Films that differ more, after the shift, are taken for two films: seconds of one say nothing of the other.
KEPT_SHARE, KEPT_MS = 0.1, 10_000


def cues(found: Iterable[Cue], shift_ms: int, length_ms: int) -> tuple[list[Cue], list[Cue]]:
    """(moved, dropped); the dropped as they stand in the old film."""
    moved, dropped = [], []
    for cue in found:
        start, end = max(0, cue.start_ms + shift_ms), min(length_ms, cue.end_ms + shift_ms)
        if start < end:
            moved.append(Cue(start, end, cue.text))
        else:
            dropped.append(cue)
    return moved, dropped


Chapters = list[tuple[int, str]]


def chapters(found: Sequence[tuple[int, str]], shift_ms: int, length_ms: int) -> tuple[Chapters, Chapters]:
    """(moved, dropped); a chapter whose beginning is cut away begins with the film, when something of it is left."""
    moved, dropped = [], []
    for at, (start, title) in enumerate(found):
        begins = start + shift_ms
        ends = found[at + 1][0] + shift_ms if at + 1 < len(found) else length_ms
        # Less than a second before the next one is no chapter: they must begin in different seconds.
        is_cut = begins < 0 and ends < 1000
        if begins >= length_ms or is_cut:
            dropped.append((start, title))
        else:
            moved.append((max(0, begins), title))
    return moved, dropped


def keeps_watched(old_ms: int, new_ms: int, shift_ms: int) -> bool:
    """Whether what was watched of the old film counts for the new one."""
    return old_ms > 0 and abs(new_ms - (old_ms + shift_ms)) <= max(KEPT_MS, old_ms * KEPT_SHARE)


def seconds(spans: Iterable[tuple[int, int]], shift_ms: int, length_s: int) -> tuple[tuple[int, int], ...]:
    """Whole seconds that were watched, moved; what lies outside the new film is cut."""
    by = round(shift_ms / 1000)
    moved = ((max(0, start + by), min(length_s, end + by)) for start, end in spans)
    return tuple((start, end) for start, end in moved if start < end)
