"""How a piece of a film is framed as a clip: upright or wide, cut to a chosen middle or whole before a blurred ground.

Pure: no file, no row. Sizes are pixels. A clip is never larger than what it is cut from.
"""

import dataclasses
import math
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from . import ladder
from .ladder import Rung, Source

# Lines of the shorter side that a clip is offered in: what a phone shows, and what a slow line carries.
LEAST_LINES, MOST_LINES = 360, 720
PRESET, QUALITY = "veryfast", "23"
# Sound of a clip, in bits a second: it is spoken, and short.
SOUND_RATE = 96_000
# The blurred ground is made small and drawn large: that is the blur, and costs next to nothing.
GROUND_SHARE = 12
KEYFRAME_S = 2
# So much of the sound rises and falls at the two ends, so that no cut clicks.
FADE_S = 0.05


class Shape(StrEnum):
    VERTICAL = "vertical"
    HORIZONTAL = "horizontal"


class Fit(StrEnum):
    CROP = "crop"
    BARS = "bars"


RATIOS = {Shape.VERTICAL: Fraction(9, 16), Shape.HORIZONTAL: Fraction(16, 9)}


@dataclass(frozen=True)
class Framing:
    """`center`: where the middle of a crop lies, in thousandths of the film's width (or height, where that is cut)."""

    shape: Shape
    fit: Fit
    center: int = 500


@dataclass(frozen=True)
class Window:
    """A rectangle of the film."""

    width: int
    height: int
    x: int
    y: int


def window(width: int, height: int, framing: Framing) -> Window:
    """What a crop keeps of a film of this size: the largest piece of its shape, as near to the middle as it fits."""
    ratio = RATIOS[framing.shape]
    if Fraction(width, height) > ratio:
        kept = _even(height * ratio)
        return Window(kept, _even(height), _start(width, kept, framing.center), 0)
    kept = _even(width / ratio)
    return Window(_even(width), kept, 0, _start(height, kept, framing.center))


def canvas(width: int, height: int, framing: Framing) -> tuple[int, int]:
    """The size of the clip before it is made smaller: of the crop, or of the smallest ground on which all is seen."""
    if framing.fit == Fit.CROP:
        kept = window(width, height, framing)
        return kept.width, kept.height
    ratio = RATIOS[framing.shape]
    if Fraction(width, height) > ratio:
        return _even(width), _even(width / ratio)
    return _even(height * ratio), _even(height)


def rungs(width: int, height: int, fps: Fraction, framing: Framing) -> list[Rung]:
    """The sizes of a clip of a film of this size, from small to large: at most three, at least one."""
    across, down = canvas(width, height, framing)
    all_of_it = ladder.rungs(Source(0, across, down, fps, has_video=True))
    small = [rung for rung in all_of_it if LEAST_LINES <= min(rung.width, rung.height) <= MOST_LINES]
    return [_exact(rung, framing.shape) for rung in small or all_of_it[-1:]]


def _exact(rung: Rung, shape: Shape) -> Rung:
    """The same of exactly its shape: a crop of even sides is off by a pixel, and a page leaves room by the shape."""
    shorter = min(rung.width, rung.height)
    longer = round(shorter * 8 / 9) * 2
    width, height = (shorter, longer) if shape == Shape.VERTICAL else (longer, shorter)
    return dataclasses.replace(rung, width=width, height=height)


def arguments(
    film: tuple[int, int], made: list[Rung], framing: Framing, span: tuple[float, float], *, sound: bool
) -> list[str]:
    """ffmpeg's arguments after the inputs: pictures of the film in the first, its sound in the second, each on the
    film's clock; `span`: from second to second of it. Every rung becomes out/<name>.mp4.
    """
    graph = _pictures(film, made, framing, span)
    if sound:
        graph += ";" + _sounds(made, span)
    command = ["-filter_complex", graph]
    for rung in made:
        command += ["-map", f"[{rung.name}]", *_picture(rung)]
        if sound:
            command += ["-map", f"[s{rung.name}]", "-c:a", "aac", "-b:a", str(SOUND_RATE), "-ac", "2"]
        # What a player needs first stands first: it plays before the file is there.
        command += ["-movflags", "+faststart", "-f", "mp4", f"out/{rung.name}.mp4"]
    return command


def most_bytes(made: list[Rung], seconds: float) -> int:
    return int(sum(rung.bitrate + SOUND_RATE for rung in made) / 8 * seconds * 2) + 16 * 1024**2


def _pictures(film: tuple[int, int], made: list[Rung], framing: Framing, span: tuple[float, float]) -> str:
    largest, start, end = made[-1], *span
    rate = f"fps={largest.fps.numerator}/{largest.fps.denominator}:start_time=0"
    # On the film's clock up to here, on the clip's from here on; a first picture that comes late stands from zero on.
    cut = f"[0:v:0]trim=start={start:.3f}:end={end:.3f},setpts=PTS-{start:.3f}/TB,{rate},"
    size = f"{largest.width}:{largest.height}"
    if framing.fit == Fit.CROP:
        kept = window(*film, framing)
        framed = f"{cut}crop={kept.width}:{kept.height}:{kept.x}:{kept.y},scale={size}:flags=bicubic"
    else:
        framed = _on_ground(cut, largest)
    steps, source = [f"{framed},setsar=1,format=yuv420p"], ""
    for at, rung in enumerate(made[::-1]):
        scaled = f"[{source}]scale={rung.width}:{rung.height}:flags=bicubic,setsar=1" if at else steps.pop()
        is_last = at == len(made) - 1
        source = f"for{at}"
        steps.append(f"{scaled}[{rung.name}]" if is_last else f"{scaled},split=2[{rung.name}][{source}]")
    return ";".join(steps)


def _on_ground(cut: str, rung: Rung) -> str:
    """The whole picture in the middle, the same picture large, dark and blurred behind it."""
    width, height = rung.width, rung.height
    small = (max(2, width // GROUND_SHARE // 2 * 2), max(2, height // GROUND_SHARE // 2 * 2))
    ground = (
        f"[ground]scale={small[0]}:{small[1]}:force_original_aspect_ratio=increase,crop={small[0]}:{small[1]},"
        f"gblur=sigma=2,scale={width}:{height}:flags=bicubic,colorlevels=romax=0.7:gomax=0.7:bomax=0.7[behind]"
    )
    whole = (
        f"[whole]scale={width}:{height}:force_original_aspect_ratio=decrease:force_divisible_by=2:flags=bicubic[film]"
    )
    return f"{cut}split=2[ground][whole];{ground};{whole};[behind][film]overlay=(W-w)/2:(H-h)/2"


def _sounds(made: list[Rung], span: tuple[float, float]) -> str:
    start, end = span
    names = "".join(f"[s{rung.name}]" for rung in made)
    fades = f"afade=t=in:d={FADE_S},afade=t=out:st={end - start - FADE_S:.3f}:d={FADE_S}"
    cut = f"[1:a:0]atrim=start={start:.3f}:end={end:.3f},asetpts=PTS-{start:.3f}/TB,aresample=48000:async=1:first_pts=0"
    return f"{cut},{fades},asplit={len(made)}{names}"


def _picture(rung: Rung) -> list[str]:
    return [
        *("-c:v", "libx264", "-preset", PRESET, "-crf", QUALITY, "-profile:v", "high"),
        *("-maxrate", str(rung.bitrate), "-bufsize", str(rung.bitrate * 2)),
        *("-g", str(math.ceil(rung.fps * KEYFRAME_S))),
    ]


def _start(length: int, kept: int, center: int) -> int:
    return min(max(0, length * center // 1000 - kept // 2), length - kept) // 2 * 2


def _even(length: Fraction | int) -> int:
    return max(2, int(length) // 2 * 2)
