"""The picture beside an address that is passed on (Open Graph): 1200 x 630, drawn from what the course says of itself.

A stamp in its address stands for everything on it: what is drawn once is right for ever, a new title is a new address.
"""

import hashlib
import io
import json
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import translation
from PIL import Image, ImageDraw, ImageOps, UnidentifiedImageError

from marketplace.lib import paper
from marketplace.lib.templatetags.ui import duration, lessons
from operating import look

from .models import Course
from .models.course import Level

SHEET = Path(__file__).resolve().parent / "sheets" / "shared.typ"
WIDTH, HEIGHT = 1200, 630
COVER_SIZE, COVER_AT = (480, 270), (656, 186)  # whole, since many a cover has its title on it
CORNER = 18
DRAWN_AS = 1  # one more whenever the sheet is changed: all pictures are drawn anew


def address(course: Course) -> str:
    return reverse("courses:shared", args=[course.slug, stamp(course)])


def stamp(course: Course) -> str:
    """What stands on the picture, as sixteen characters."""
    told = json.dumps([DRAWN_AS, _told(course), course.cover.name if course.cover else ""], ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def picture(course: Course) -> bytes:
    """The JPEG, from where it was kept when it was first asked for."""
    return _kept(f"shared/{course.pk}", stamp(course), lambda: _drawn(_told(course), course.cover))


def house_picture() -> bytes:
    told = {"title": "", "by": "", "facts": "", "shelf": "", "is_wide": True, "house": look.names(), "lines": _lines()}
    return _kept("shared/house", f"v{DRAWN_AS}.{look.edition()}", lambda: _drawn(told, None))


def _lines() -> list[str]:
    """What stands below the house's name, in each language."""
    known = look.now()
    if not known:
        return ["Courses by people who make things", "手艺人开的课"]
    return [line for line in dict.fromkeys([known["tagline_en"], known["tagline_zh"]]) if line]


def _told(course: Course) -> dict[str, Any]:
    with translation.override("zh-hans" if course.language == "zh-hans" else "en"):
        facts = [Level(course.level).label, duration(course.duration_s), lessons(course.lessons_count)]
        return {
            "title": course.title,
            "by": course.creator.name,
            "facts": " · ".join(str(fact) for fact in facts),
            "shelf": course.category.name if course.category else "",
            "is_wide": not course.cover,
            "house": look.names(),
        }


def _kept(folder: str, name: str, draw: Any) -> bytes:
    path = f"{folder}/{name}.jpg"
    if default_storage.exists(path):
        with default_storage.open(path) as kept:
            return kept.read()
    made: bytes = draw()
    old = default_storage.listdir(folder)[1] if default_storage.exists(folder) else []
    default_storage.save(path, ContentFile(made))
    for each in old:
        default_storage.delete(f"{folder}/{each}")
    return made


def _rounded() -> Image.Image:
    mask = Image.new("L", (COVER_SIZE[0] * 2, COVER_SIZE[1] * 2))
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, *(side * 2 - 1 for side in COVER_SIZE)), CORNER * 2, fill=255)
    return mask.resize(COVER_SIZE)


def _drawn(told: dict[str, Any], cover: Any) -> bytes:
    (page,) = paper.pages(SHEET, told, "zh-hans", dots_per_inch=72)
    image = Image.open(io.BytesIO(page)).convert("RGB").resize((WIDTH, HEIGHT))
    if cover:
        try:
            with cover.open() as file:
                shown = ImageOps.fit(Image.open(file).convert("RGB"), COVER_SIZE)
            image.paste(shown, COVER_AT, _rounded())
        except (OSError, UnidentifiedImageError):
            pass  # its words are enough; a cover that cannot be read now is no reason to show nothing
    out = io.BytesIO()
    image.save(out, "JPEG", quality=86, optimize=True)
    return out.getvalue()
