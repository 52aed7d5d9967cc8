"""What the machine noticed of a version before people look at it: of its films, their captions and its words.

One list for the creator before she submits, for the moderator and for the API. Hints: nothing of it forbids anything.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from videos.precheck import lures, points

from . import links, public_texts
from .models import Lesson, Version

# So many signs of a version's words are read for what leads away: more than people write, and a second's work.
MOST_READ = 1_000_000


@dataclass(frozen=True)
class Noted:
    """`lesson` None: the course's own page. `about`: film, captions or text; `url_name`: where a text is mended."""

    code: str
    text: str
    lesson: Lesson | None
    start_s: float | None = None
    end_s: float | None = None
    about: str = "text"
    url_name: str = ""

    @property
    def second(self) -> int:
        """The whole second from which it is seen."""
        return int(self.start_s or 0)

    def as_json(self) -> dict[str, Any]:
        lesson = {"key": str(self.lesson.key), "title": self.lesson.title} if self.lesson else None
        return {
            "code": self.code, "text": self.text, "about": self.about, "lesson": lesson,
            "start_s": self.start_s, "end_s": self.end_s,
        }  # fmt: skip


def of(version: Version) -> list[Noted]:
    """The course's own page first, then lesson by lesson in their order. As many queries however long the course is."""
    lessons = list(
        version.lessons.in_order()
        .select_related("video")
        .prefetch_related("video__findings", "video__captions", "video__chapters")
    )
    found = [*_texts(version), *(note for lesson in lessons for note in _film(lesson))]
    order = {lesson.pk: at for at, lesson in enumerate(lessons)}
    return sorted(found, key=lambda note: order[note.lesson.pk] if note.lesson else -1)


def by_lesson(notes: list[Noted]) -> list[tuple[Lesson | None, list[Noted]]]:
    """Of `of`: what belongs together stands together."""
    together = groupby(notes, key=lambda note: note.lesson.pk if note.lesson else None)
    lists = [list(found) for _pk, found in together]
    return [(found[0].lesson, found) for found in lists]


def _film(lesson: Lesson) -> Iterator[Noted]:
    for point in points.of(lesson.video) if lesson.video else ():
        yield Noted(point.code, point.text, lesson, point.start_s, point.end_s, point.about)


def _texts(version: Version) -> Iterator[Noted]:
    left = MOST_READ
    for each in public_texts.of(version):
        for address, why in links.dead_in(each.text):
            words = _("%(place)s: the link %(address)s leads nowhere. %(why)s")
            said = words % {"place": each.place, "address": address, "why": why}
            yield Noted("dead_link", said, each.lesson, url_name=each.url_name)
        for lure in lures.in_text(each.text[:left]):
            yield Noted("selling", lures.told(lure, each.place), each.lesson, url_name=each.url_name)
        left = max(0, left - len(each.text))


def lures_in(version: Version) -> int:
    """How often its words lead learners away to buy or to be reached."""
    return sum(note.code == "selling" for note in of(version))
