"""From one color the tints that pages need, each with the contrast that WCAG 2.2 AA asks for. No ORM.

A color is "#rrggbb". Lightness and chroma are those of OKLCH, in which a step looks the same for every hue.
"""

import math
import re
from typing import NamedTuple

HEX = re.compile(r"#[0-9a-f]{6}")
TEXT, SHAPE = 4.5, 3.0  # WCAG 1.4.3 and 1.4.11
# What the tints stand on, as frontend/css/tokens.css has it (a test compares): the hardest of each theme.
ON_ACCENT = (0.995, 0.005, 84.0)
LIGHT_GROUND = (0.94, 0.013, 82.0)  # --hover
DARK_GROUND = (0.285, 0.011, 62.0)
DARK_PAPER = (0.205, 0.008, 62.0)
# How far a pressed button is from one that waits.
PRESS = 0.055
_STEP = 0.0025


class Tints(NamedTuple):
    """`accent` fills buttons, `press` when they are held, `ink` is for words and signs on the page's own ground."""

    accent_light: str
    accent_dark: str
    press_light: str
    press_dark: str
    ink_light: str
    ink_dark: str


def contrast(one: str, other: str) -> float:
    """From 1 to 21, as WCAG reckons it."""
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def on_accent() -> str:
    return from_oklch(*ON_ACCENT)


def is_readable(color: str) -> bool:
    """Whether words on a button of this color can be read."""
    return contrast(color, on_accent()) >= TEXT


def nearest(color: str) -> str:
    """The lightest color of the same hue that is readable: itself, where it is."""
    lightness, chroma, hue = to_oklch(color)
    while not is_readable(color):
        lightness -= _STEP
        color = from_oklch(lightness, chroma, hue)
    return color


def tints(color: str) -> Tints:
    """Of a color that is readable. In the dark a button is light enough to be seen, and still carries its words."""
    lightness, chroma, hue = to_oklch(color)
    dark_ground, paper = from_oklch(*DARK_GROUND), from_oklch(*DARK_PAPER)
    light_ground = from_oklch(*LIGHT_GROUND)
    ink_light, at = color, lightness
    while contrast(ink_light, light_ground) < TEXT:
        at -= _STEP
        ink_light = from_oklch(at, chroma, hue)
    accent_dark, at_dark = color, lightness
    while contrast(accent_dark, paper) < SHAPE:
        at_dark += _STEP
        accent_dark = from_oklch(at_dark, chroma, hue)
    ink_dark, at = accent_dark, at_dark
    while contrast(ink_dark, dark_ground) < TEXT:
        at += _STEP
        ink_dark = from_oklch(at, chroma, hue)
    press_light = from_oklch(max(lightness - PRESS, 0), chroma, hue)
    press_dark = from_oklch(at_dark - PRESS, chroma, hue)
    return Tints(color, accent_dark, press_light, press_dark, ink_light, ink_dark)


def to_oklch(color: str) -> tuple[float, float, float]:
    """Lightness 0 to 1, chroma, hue in degrees."""
    red, green, blue = _linear(color)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360


def from_oklch(lightness: float, chroma: float, hue: float) -> str:
    """The color that screens show; where none is so colorful, the most colorful one of that lightness and hue."""
    lightness = min(max(lightness, 0.0), 1.0)
    while True:
        channels = _channels(lightness, chroma, hue)
        if chroma <= 0.0005 or all(-0.0005 <= each <= 1.0005 for each in channels):
            return "#" + "".join(f"{round(255 * _curved(min(max(each, 0.0), 1.0))):02x}" for each in channels)
        chroma = max(chroma - 0.002, 0.0)


def _channels(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    """Red, green, blue as amounts of light; outside of 0 to 1 where no screen shows it. Ottosson's matrices."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _linear(color: str) -> tuple[float, float, float]:
    red, green, blue = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return _straight(red), _straight(green), _straight(blue)


def _straight(value: float) -> float:
    return float(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)


def _curved(value: float) -> float:
    return float(12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055)


def _luminance(color: str) -> float:
    red, green, blue = _linear(color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
