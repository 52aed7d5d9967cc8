"""The picture beside an address that is passed on (Open Graph): 1200 x 630, drawn from what a course, a clip, a creator
or an institution says of itself.

A stamp in its address stands for everything on it: what is drawn once is right for ever, a new title is a new address.
What was drawn lies in the private storage, where only our own doors lead: what is taken down has no address left.
"""

import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, ImageOps

from creators.models import Creator, Institution
from marketplace.lib import paper
from marketplace.lib.templatetags.ui import duration, lessons
from operating import look
from videos.shelves import film_folder

from .models import Clip, Course
from .models.course import Level

SHEET = Path(__file__).resolve().parent / "sheets" / "shared.typ"
WIDTH, HEIGHT = 1200, 630
DRAWN_AS = 1  # one more whenever the sheet is changed: all pictures are drawn anew


class Frame(NamedTuple):
    """Where a picture stands on a card, in pixels, and how round its corners are."""

    size: tuple[int, int]
    at: tuple[int, int]
    corner: int


# Whole, since many a cover has its title on it.
COVER, PORTRAIT = Frame((480, 270), (656, 186), 18), Frame((380, 380), (720, 112), 190)
UPRIGHT = Frame((270, 480), (820, 66), 18)


@dataclass(frozen=True)
class Card:
    """What is drawn of one thing: `told` by the sheet, and a `picture` that can be opened, if there is one. Its `name`
    is another one for another picture.
    """

    folder: str
    told: dict[str, Any]
    picture: Any = None
    name: str | None = ""
    frame: Frame = COVER


class Drawn(NamedTuple):
    """A card as it is sent. It is whole unless its picture could not be read, as one that was put away and is on its
    way back.
    """

    jpeg: bytes
    is_whole: bool = True


def address(thing: Any) -> str:
    """Of the picture of a course, a clip, a creator or an institution."""
    match thing:
        case Course():
            return reverse("courses:shared", args=[thing.slug, stamp(thing)])
        case Clip():
            return reverse("courses:shared_clip", args=[thing.key, stamp(thing)])
        case Creator():
            return reverse("courses:shared_creator", args=[thing.slug, stamp(thing)])
    return reverse("courses:shared_institution", args=[thing.slug, stamp(thing)])


def stamp(thing: Any) -> str:
    """What stands on the picture, as sixteen characters."""
    card = card_of(thing)
    told = json.dumps([DRAWN_AS, card.told, card.name], ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def picture(thing: Any) -> Drawn:
    """From where it was kept when it was first asked for; what is not whole is drawn anew each time."""
    card = card_of(thing)
    return _kept(f"shared/{card.folder}", stamp(thing), lambda: _drawn(card))


def house_picture() -> Drawn:
    told = {"title": "", "by": "", "facts": "", "shelf": "", "is_wide": True, "house": look.names(), "lines": _lines()}
    return _kept("shared/house", f"v{DRAWN_AS}.{look.edition()}", lambda: _drawn(Card("house", told)))


def _lines() -> list[str]:
    """What stands below the house's name, in each language."""
    known = look.now()
    if not known:
        return ["Courses by people who make things", "手艺人开的课"]
    return [line for line in dict.fromkeys([known["tagline_en"], known["tagline_zh"]]) if line]


def card_of(thing: Any) -> Card:
    match thing:
        case Course():
            return _of_course(thing)
        case Clip():
            return _of_clip(thing)
        case Creator():
            return _of_creator(thing)
    return _of_institution(thing)


def _of_course(course: Course) -> Card:
    with translation.override(course.language if course.language == "zh-hans" else "en"):
        facts = [Level(course.level).label, duration(course.duration_s), lessons(course.lessons_count)]
        shelf = course.category.name if course.category else ""
        told = _told(course.title, course.creator.name, " · ".join(map(str, facts)), shelf, course.cover)
    return Card(str(course.pk), told, course.cover, course.cover.name if course.cover else "")


def _of_clip(clip: Clip) -> Card:
    """With its poster, as upright as it is."""
    cut = clip.excerpt
    poster = film_folder(cut.asset, cut.output) / "poster.jpg" if cut and cut.is_ready else None
    with translation.override(clip.language if clip.language == "zh-hans" else "en"):
        facts = duration(cut.duration_ms / 1000) if cut else ""
        told = _told(clip.title, clip.course.title, f"{clip.course.creator.name} · {facts}", _("Clip"), poster)
    frame = UPRIGHT if cut and (cut.height or 0) > (cut.width or 0) else COVER
    return Card(f"clips/{clip.pk}", told, poster, f"{poster}"[-80:] if poster else "", frame)


def _of_creator(creator: Creator) -> Card:
    with translation.override(_language_of(creator.name, creator.headline)):
        told = _told(creator.name, creator.headline, "", _("Creator"), creator.portrait)
    picture = creator.portrait
    return Card(f"creators/{creator.pk}", told, picture, picture.name if picture else "", PORTRAIT)


def _of_institution(institution: Institution) -> Card:
    with translation.override(_language_of(institution.name)):
        kind = Institution.Kind(institution.kind).label
        told = _told(institution.name, institution.domain, str(kind), _("Institution, verified"), None)
    return Card(f"institutions/{institution.pk}", told)


def _told(title: str, by: str, facts: str, shelf: Any, picture: Any) -> dict[str, Any]:
    words = {"title": title, "by": by, "facts": facts, "shelf": str(shelf)}
    return {**words, "is_wide": not picture, "house": look.names()}


def _language_of(*names: str) -> str:
    """The language of a card whose thing has none: that of its name."""
    return "zh-hans" if any("\u4e00" <= sign <= "\u9fff" for name in names for sign in name) else "en"


def _kept(folder: str, name: str, draw: Callable[[], Drawn]) -> Drawn:
    """Opened, not asked about first: whoever draws a newer one may take it away in between."""
    storage, file = storages["private"], f"{name}.jpg"
    try:
        with storage.open(f"{folder}/{file}") as kept:
            return Drawn(kept.read())
    except FileNotFoundError:
        made = draw()
    if made.is_whole:
        _keep(storage, folder, file, made.jpeg)
    return made


def _keep(storage: Any, folder: str, file: str, made: bytes) -> None:
    """Two who draw the same at once both keep theirs, and the second under a name that the store makes up: that one
    goes, and the right one stays.
    """
    try:
        old = storage.listdir(folder)[1]
    except FileNotFoundError:  # no folder yet; S3 has none at all and lists nothing
        old = []
    written = storage.save(f"{folder}/{file}", ContentFile(made))
    for path in {*(f"{folder}/{each}" for each in old), written} - {f"{folder}/{file}"}:
        storage.delete(path)


def _rounded(frame: Frame) -> Image.Image:
    mask = Image.new("L", (frame.size[0] * 2, frame.size[1] * 2))
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, *(side * 2 - 1 for side in frame.size)), frame.corner * 2, fill=255)
    return mask.resize(frame.size)


def _drawn(card: Card) -> Drawn:
    (page,) = paper.pages(SHEET, card.told, "zh-hans", dots_per_inch=72)
    image = Image.open(io.BytesIO(page)).convert("RGB").resize((WIDTH, HEIGHT))
    is_whole = True
    if card.picture:
        try:
            with card.picture.open("rb") as file:
                shown = ImageOps.fit(Image.open(file).convert("RGB"), card.frame.size)
            image.paste(shown, card.frame.at, _rounded(card.frame))
        except OSError:
            is_whole = False  # its words are enough; a picture that cannot be read now is no reason to show nothing
    out = io.BytesIO()
    image.save(out, "JPEG", quality=86, optimize=True)
    return Drawn(out.getvalue(), is_whole)
