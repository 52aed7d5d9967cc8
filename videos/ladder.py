"""Which rungs a film gets: a pure function of what was probed.

Rungs stand at 240, 360, 540, 720 and 1080 lines of the shorter side, so that a film shot upright gets the same ones.
Nothing is ever scaled up: a film between two rungs gets its own size as the top one when that is clearly more than the
rung below. Keyframes stand every 2 s in every rung at the same times, segments are 4 s long.
Source: the design's page on video ("The ladder is a pure function of what was probed").
"""

from dataclasses import dataclass
from fractions import Fraction

# Raise it with a change of sizes or of encoding for which films of before are worth making anew (`remaking.py`).
RULES = 1
KEYFRAME_S = 2
SEGMENT_S = 4
MOST_FPS = 60
# Lines of the shorter side → bits a second at up to 30 frames, as the cap of a constant-quality encode.
HEIGHTS = {240: 350_000, 360: 750_000, 540: 1_500_000, 720: 2_800_000, 1080: 5_000_000}
AUDIO_BITRATES = (128_000, 64_000)
# A film's own size becomes a rung when it has this much more lines than the standard rung below it.
WORTH_A_RUNG = 1.15


@dataclass(frozen=True)
class Source:
    """What the probe found. `width` and `height` as shown: turned upright, in square pixels; 0 without a picture."""

    duration_ms: int
    width: int = 0
    height: int = 0
    fps: Fraction = Fraction(0)
    has_video: bool = False
    has_audio: bool = False
    # Recorded for screens of high dynamic range (PQ or HLG): brought down for all others.
    is_hdr: bool = False


@dataclass(frozen=True)
class Rung:
    """`name` is the folder of its segments: v and the lines, or a and the kbit/s."""

    name: str
    kind: str
    bitrate: int
    width: int = 0
    height: int = 0
    fps: Fraction = Fraction(0)


def rungs(source: Source) -> list[Rung]:
    """Pictures from small to large, then sound from good to small."""
    pictures = _pictures(source) if source.has_video else []
    sounds = [Rung(f"a{rate // 1000}", "audio", rate) for rate in AUDIO_BITRATES] if source.has_audio else []
    return pictures + sounds


def output_fps(fps: Fraction) -> Fraction:
    """The source's rate, or the largest whole share of it that is at most 60, so that frames are dropped evenly."""
    if fps <= 0:
        return Fraction(30)
    share = -(-fps // MOST_FPS)
    return fps / share


def _pictures(source: Source) -> list[Rung]:
    shorter = min(source.width, source.height)
    fps = output_fps(source.fps)
    lines = [height for height in HEIGHTS if height <= shorter]
    own = min(shorter, max(HEIGHTS))
    if not lines or own >= lines[-1] * WORTH_A_RUNG:
        lines.append(own)
    return [_picture(source, wanted, fps) for wanted in lines]


def _picture(source: Source, lines: int, fps: Fraction) -> Rung:
    shorter = min(source.width, source.height)
    width = _even(source.width * lines / shorter)
    height = _even(source.height * lines / shorter)
    return Rung(f"v{lines}", "video", bitrate_for(width, height, fps), width, height, fps)


def bitrate_for(width: int, height: int, fps: Fraction) -> int:
    """Bits a second: read off the table by lines, straight between its rows; 1.4 × above 30 frames a second."""
    lines = min(width, height)
    table = [(0, 60_000), *HEIGHTS.items()]
    for (low, low_rate), (high, high_rate) in zip(table, table[1:], strict=False):
        if lines <= high:
            rate = low_rate + (high_rate - low_rate) * (lines - low) / (high - low)
            break
    else:
        rate = table[-1][1]
    return round(rate * (1.4 if fps > 33 else 1) / 1000) * 1000


def _even(length: float) -> int:
    # 4:2:0 colour needs even sides. Down, never up: an odd source must not be scaled up by one pixel.
    return max(2, int(length + 1e-6) // 2 * 2)
