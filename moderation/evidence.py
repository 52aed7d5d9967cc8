"""What a reported thing showed, as people read it: every fact under its name, films by theirs, with the way to them.

Evidence is kept as plain data with codes and numbers of the house; nothing of that is for a reader.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from courses.clip_forms import SHAPES
from courses.models import Lesson
from creators import countries
from learners.rights import REVIEWED
from marketplace.lib.templatetags.ui import clock
from videos.models import Video

from . import targets

WATCH = "#watch"


@dataclass(frozen=True)
class Line:
    """One line of a fact: its words, what kind of thing it is, and an address where it can be seen."""

    text: str
    note: str | Promise = ""
    url: str = ""


@dataclass(frozen=True)
class Fact:
    label: str | Promise
    lines: list[Line]
    is_list: bool = False


@dataclass(frozen=True)
class Film:
    """By the name that its creator gave the file; `page` plays it, empty where no page does."""

    name: str
    page: str = ""

    def at(self, second: Any) -> str:
        """The page that plays it from this second on."""
        return f"{self.page}&t={int(second or 0)}{WATCH}" if self.page else ""


# In the order in which they are read. What is missing here is shown to nobody; a test makes one of every kind.
LABELS: dict[str, str | Promise] = {
    "met": _("Met through"),
    "version": _("Version"),
    "question": pgettext_lazy("asked by learners", "Question"),
    "assignment": _("Assignment"),
    "number": _("Which hand-in"),
    "title": _("Title"),
    "name": _("Name"),
    "kind": _("Kind"),
    "stars": _("Stars"),
    "text": _("What was written"),
    "revision": _("Which wording"),
    "said": _("Written on"),
    "learned": _("Seen of the course"),
    "headline": _("Headline"),
    "subtitle": _("Subtitle"),
    "bio": _("About the creator"),
    "description": _("Description"),
    "outcomes": _("What you will learn"),
    "requirements": _("Requirements"),
    "audience": _("Who it is for"),
    "article": _("Text of the lesson"),
    "line": _("Line below the clip"),
    "lesson": _("Lesson"),
    "film": _("Film"),
    "piece": _("Piece of the film"),
    "seconds": _("Length"),
    "shape": _("Shape"),
    "files": _("Files"),
    "lessons": _("Lessons"),
    "price": _("Price"),
    "cover": _("Cover"),
    "portrait": _("Portrait"),
    "country": _("Country"),
    "joined": _("Account since"),
    "is_creator": _("Is a creator"),
}
# Of use at the desk alone: where a film is watched and what its file is called, and where somebody is paid.
NOT_BLIND = frozenset({"film", "country"})


def facts(shown: Mapping[str, Any], *, is_blind: bool = False, among: Mapping[str, "Film"] | None = None) -> list[Fact]:
    """Of what was kept, what says something, in order. `is_blind`: without what leads to who made it. `among`: the
    films of a page that shows several states, looked up once.
    """
    told = _with_piece(shown)
    found = {} if is_blind else films(told) if among is None else among
    names = [name for name in LABELS if told.get(name) not in (None, "", []) and not (is_blind and name in NOT_BLIND)]
    rows = ((name, _lines(name, told[name], told, found)) for name in names)
    return [Fact(LABELS[name], lines, isinstance(told[name], list)) for name, lines in rows if lines]


def films(*kept: Mapping[str, Any]) -> dict[str, Film]:
    """Every film in them, by its asset: two queries, or none."""
    named_in = ((shown.get("film"), *(row[3] for row in shown.get("lessons", []))) for shown in kept)
    assets = {asset for assets in named_in for asset in assets if asset}
    if not assets:
        return {}
    pages = _pages(assets)
    named = Video.objects.filter(asset__in=assets).values_list("asset", "name")
    return {str(asset): Film(name, pages.get(str(asset), "")) for asset, name in named}


def _pages(assets: set[str]) -> dict[str, str]:
    """Where a moderator watches them: the newest review of a version that had the film. Nothing is live without one."""
    lessons = Lesson.objects.filter(
        video__asset__in=assets, version__state__in=REVIEWED, version__submissions__isnull=False
    )
    rows = lessons.order_by("version__submissions").values_list("video__asset", "key", "version__submissions")
    return {str(asset): f"{reverse('moderation:case', args=[pk])}?lesson={key}" for asset, key, pk in rows}


def _with_piece(shown: Mapping[str, Any]) -> dict[str, Any]:
    """From where to where a clip is cut is one fact."""
    told = dict(shown)
    if "to_s" in told:
        told["piece"] = f"{clock(told.get('from_s', 0))}–{clock(told['to_s'])}"
    return told


def _lines(name: str, value: Any, shown: Mapping[str, Any], found: Mapping[str, Film]) -> list[Line]:
    if name == "lessons":
        return [_of_lesson(row, found) for row in value]
    if isinstance(value, list):
        return [Line(str(line)) for line in value]
    if name == "film":
        film = found.get(str(value))
        return [Line(film.name, url=film.at(shown.get("from_s", 0))) if film else Line(gettext("No longer kept"))]
    if name in ("cover", "portrait"):
        return [Line(gettext("The picture"), url=default_storage.url(value))]
    return [Line(_WORDS[name](value) if name in _WORDS else str(value))]


def _of_lesson(row: list[str], found: Mapping[str, Film]) -> Line:
    """Of [key, title, kind, asset]."""
    _key, title, kind, asset = row
    film = found.get(asset)
    note = Lesson.Kind(kind).label
    return Line(title, f"{note}: {film.name}" if film else note, film.at(0) if film else "")


def _title_of(key: str) -> str:
    newest = Lesson.objects.filter(key=key).order_by("-version__number").values_list("title", flat=True).first()
    return newest or gettext("A lesson that is no longer in the course")


def _day(text: str) -> str:
    day: date | None = parse_date(text)
    return date_format(day, "DATE_FORMAT") if day else text


_WORDS: dict[str, Callable[[Any], str]] = {
    "met": lambda kind: str(targets.KINDS[kind]),
    "kind": lambda kind: str(Lesson.Kind(kind).label),
    "stars": lambda stars: gettext("%(stars)s of 5") % {"stars": stars},
    "said": _day,
    "joined": _day,
    "learned": lambda percent: f"{percent} %",
    "lesson": _title_of,
    "seconds": clock,
    "shape": lambda shape: str(dict(SHAPES)[shape]),
    "country": countries.name_of,
    "is_creator": lambda is_one: gettext("Yes") if is_one else gettext("No"),
}
