"""Pictures of the sample, drawn on the spot: covers by category motif, portraits, and the slides of films."""

import colorsys
import io
import math
import random
import re
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

PAPER = (250, 246, 239)
INK = (38, 33, 28)
SEAL = (196, 62, 42)
HUES = {"programming": 215, "design": 325, "data-ai": 255, "business": 20, "languages": 172, "photography-film": 345,
        "crafts-heritage": 38, "farming-life": 110}  # fmt: skip
# The common signs of Noto Serif SC (SIL Open Font License, beside it); a fresh machine has no Chinese type of its own.
_FONT = Path(__file__).parent / "type/noto-serif-sc-600.woff2"


@lru_cache(maxsize=16)
def font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_FONT), size)


def tone(hue: int, saturation: float, value: float) -> tuple[int, int, int]:
    red, green, blue = colorsys.hsv_to_rgb(hue % 360 / 360, saturation, value)
    return round(red * 255), round(green * 255), round(blue * 255)


def wrapped(text: str, face: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Lines that fit `width` pixels; Latin breaks between words, Chinese between any two signs."""
    lines, line = [], ""
    words = text.split(" ") if text.isascii() else list(text)
    joint = " " if text.isascii() else ""
    for word in words:
        longer = f"{line}{joint}{word}" if line else word
        if line and face.getlength(longer) > width:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line]


def cover(title: str, category: str, seed: int) -> bytes:
    """A 1280 x 720 WebP: a calm field, the category's motif at the right, the title in good type."""
    dice = random.Random(seed)
    hue = HUES.get(category, 20) + dice.randint(-14, 14)
    picture = Image.new("RGB", (1280, 720), tone(hue, 0.42, 0.36))
    draw = ImageDraw.Draw(picture, "RGBA")
    for step in range(720):
        draw.line([(0, step), (1280, step)], fill=(*tone(hue + 18, 0.40, 0.52), round(step / 720 * 150)))
    MOTIFS.get(category, _weave)(draw, dice, hue)
    face = font(70)
    # A Chinese title breaks after its colon first.
    lines = [line for part in re.findall(r"[^：]+：?", title) for line in wrapped(part, face, 660)][:4]
    top = 590 - len(lines) * 88
    for number, line in enumerate(lines):
        draw.text((72, top + number * 88), line, font=face, fill=PAPER)
    draw.rectangle((72, 628, 132, 634), fill=SEAL)
    return _webp(picture)


def _light(hue: int, alpha: int, value: float = 0.9) -> tuple[int, int, int, int]:
    return (*tone(hue, 0.22, value), alpha)


def _brackets(draw: ImageDraw.ImageDraw, dice: random.Random, hue: int) -> None:
    for row in range(11):
        left = 800 + 44 * dice.choice((0, 1, 1, 2, 2, 3))
        for _part in range(dice.randint(1, 3)):
            width = dice.randint(50, 190)
            draw.rounded_rectangle(
                (left, 84 + row * 52, left + width, 106 + row * 52), 11, fill=_light(hue, dice.choice((60, 110, 190)))
            )
            left += width + 18


def _scatter(draw: ImageDraw.ImageDraw, dice: random.Random, hue: int) -> None:
    points = [(790 + x * 9, 560 - (x**1.55) * 1.35) for x in range(50)]
    draw.line(points, fill=_light(hue, 210), width=7, joint="curve")
    for x, y in points[::1]:
        for _dot in range(2):
            px, py, r = x + dice.gauss(0, 26), y + dice.gauss(0, 62), dice.randint(5, 12)
            draw.ellipse((px - r, py - r, px + r, py + r), fill=_light(hue, dice.randint(60, 170)))


def _aperture(draw: ImageDraw.ImageDraw, dice: random.Random, hue: int) -> None:
    middle, turn = (985, 340), dice.random()
    for ring in range(7):
        r = 300 - ring * 38
        draw.ellipse((middle[0] - r, middle[1] - r, middle[0] + r, middle[1] + r), fill=_light(hue + ring * 6, 34))
    for blade in range(8):
        angle = (blade + turn) * math.pi / 4
        start = (middle[0] + 300 * math.cos(angle), middle[1] + 300 * math.sin(angle))
        end = (middle[0] + 96 * math.cos(angle + 1.25), middle[1] + 96 * math.sin(angle + 1.25))
        draw.line((start, end), fill=_light(hue, 150), width=4)


def _weave(draw: ImageDraw.ImageDraw, dice: random.Random, hue: int) -> None:
    size = dice.choice((58, 66, 74))
    for row in range(720 // size + 1):
        for column in range(540 // size + 1):
            x, y = 780 + column * size, row * size
            fade = 70 + (column * 97 + row * 61) % 80
            if (row + column) % 2:
                draw.rounded_rectangle((x - 6, y + 9, x + size + 6, y + size - 9), 10, fill=_light(hue, fade))
            else:
                draw.rounded_rectangle((x + 9, y - 6, x + size - 9, y + size + 6), 10, fill=_light(hue, fade + 60, 0.8))


def _bars(draw: ImageDraw.ImageDraw, dice: random.Random, hue: int) -> None:
    for number in range(9):
        height = 110 + number * 46 + dice.randint(-40, 40)
        x = 790 + number * 52
        draw.rounded_rectangle((x, 640 - height, x + 34, 640), 17, fill=_light(hue, 80 + number * 16))
    draw.ellipse((1090, 80, 1190, 180), fill=_light(hue + 25, 200))


def _bubbles(draw: ImageDraw.ImageDraw, dice: random.Random, hue: int) -> None:
    for number in range(7):
        x, y, r = dice.randint(820, 1140), dice.randint(120, 560), dice.randint(60, 150)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=_light(hue + number * 9, 56), outline=_light(hue, 150), width=3)


def _leaves(draw: ImageDraw.ImageDraw, dice: random.Random, hue: int) -> None:
    draw.line([(980 + 40 * math.sin(y / 110), 700 - y) for y in range(0, 640, 8)], fill=_light(hue, 200), width=6)
    for number in range(12):
        y, side = 640 - number * 48, (-1) ** number
        leaf = Image.new("L", (190, 80), 0)
        ImageDraw.Draw(leaf).ellipse((4, 10, 186, 70), fill=150 + dice.randint(-50, 60))
        leaf = leaf.rotate(28 * side + dice.randint(-8, 8), expand=True)
        x = int(980 + 40 * math.sin((700 - y) / 110) + (8 if side > 0 else -leaf.width - 8))
        draw.bitmap((x, y - leaf.height // 2), leaf, fill=_light(hue, 255))


def _arcs(draw: ImageDraw.ImageDraw, dice: random.Random, hue: int) -> None:
    for number in range(9):
        r = 90 + number * 52
        draw.arc((1280 - r, 720 - r, 1280 + r, 720 + r), 180, 270, fill=_light(hue + number * 7, 170), width=22)
    draw.ellipse((860, 120, 960, 220), fill=_light(hue, 180))


MOTIFS = {"programming": _brackets, "data-ai": _scatter, "photography-film": _aperture, "crafts-heritage": _weave, "business": _bars,
          "languages": _bubbles, "farming-life": _leaves, "design": _arcs}  # fmt: skip


def portrait(hue: int, seed: int) -> bytes:
    """A 512 x 512 WebP: a bust drawn in a few soft shapes."""
    dice = random.Random(seed)
    picture = Image.new("RGB", (1024, 1024), tone(hue, 0.18, 0.93))
    draw = ImageDraw.Draw(picture)
    skin = dice.choice(((241, 208, 181), (222, 178, 142), (186, 134, 98), (131, 90, 66), (246, 219, 196)))
    hair = dice.choice((INK, (72, 50, 38), (104, 76, 54), (58, 58, 64)))
    draw.ellipse((300, 190, 724, 700), fill=hair)
    draw.rounded_rectangle((440, 560, 584, 820), 60, fill=tuple(int(part * 0.9) for part in skin))
    draw.ellipse((176, 740, 848, 1400), fill=tone(hue, 0.5, 0.55))
    draw.ellipse((344, 260, 680, 690), fill=skin)
    draw.pieslice((316, 200, 708, 560), 180, 360, fill=hair)
    for eye in (440, 584):
        draw.ellipse((eye - 15, 470, eye + 15, 504), fill=INK)
    draw.arc((446, 520, 578, 620), 25, 155, fill=(150, 70, 60), width=11)
    if dice.random() < 0.4:
        for eye in (440, 584):
            draw.ellipse((eye - 66, 426, eye + 66, 548), outline=INK, width=9)
        draw.line((506, 480, 518, 480), fill=INK, width=9)
    return _webp(picture.resize((512, 512), Image.Resampling.LANCZOS))


def slide(course: str, lesson: str, number: int, of: int, hue: int) -> Image.Image:
    """One 640 x 360 frame of a lesson's film."""
    picture = Image.new("RGB", (640, 360), PAPER)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, 14, 360), fill=tone(hue, 0.5, 0.6))
    draw.text((48, 36), course[:44], font=font(17), fill=(120, 110, 100))
    for row, line in enumerate(wrapped(lesson, font(40), 540)[:3]):
        draw.text((48, 92 + row * 54), line, font=font(40), fill=INK)
    for part in range(of):
        color = tone(hue, 0.5, 0.6) if part <= number else (226, 219, 208)
        draw.rounded_rectangle((48 + part * 62, 312, 100 + part * 62, 320), 4, fill=color)
    r = 26 + number * 9
    draw.ellipse((556 - r, 250 - r, 556 + r, 250 + r), fill=tone(hue + number * 24, 0.35, 0.82))
    return picture


def _webp(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=82, method=2)
    return out.getvalue()
