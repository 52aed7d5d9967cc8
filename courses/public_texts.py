"""Everything that a version says in words, each with its place: what word lists read, and what they point to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .assignments import plain as assignment_words
from .quizzes import plain as quiz_words

if TYPE_CHECKING:
    from .models import Lesson, Version

_CURRICULUM = "studio:curriculum"


@dataclass(frozen=True)
class PublicText:
    """`lesson` is None for what stands on the course's own page; `url_name` is where it is mended in the studio."""

    place: str | Promise
    text: str
    url_name: str
    lesson: "Lesson | None" = None

    @property
    def label(self) -> str:
        return f"{self.lesson.title}: {self.place}" if self.lesson else str(self.place)


def of(version: "Version") -> list[PublicText]:
    """In the order in which readers meet them; texts with nothing in them are left out."""
    return of_all([version])[version.pk]


def of_all(versions: "Iterable[Version]") -> "dict[int, list[PublicText]]":
    """The same of several, by the version's primary key. Two queries for all of them."""
    from .models import Lesson, Section  # the models ask this module what they say

    told = {version.pk: list(_page(version)) for version in versions}
    sections = Section.objects.filter(version__in=list(told)).order_by("position")
    for pk, title in sections.values_list("version_id", "title"):
        told[pk].append(PublicText(_("Section"), title, _CURRICULUM))
    for lesson in Lesson.objects.filter(version__in=list(told)).in_order():
        told[lesson.version_id] += _lesson(lesson)
    return {pk: [each for each in texts if each.text.strip()] for pk, texts in told.items()}


def _page(version: "Version") -> Iterator[PublicText]:
    page = "studio:edit"
    yield PublicText(_("Title"), version.title, page)
    yield PublicText(_("Subtitle"), version.subtitle, page)
    yield PublicText(_("Description"), version.description, page)
    yield PublicText(_("What people will learn"), "\n".join(version.outcomes), page)
    yield PublicText(_("Requirements"), "\n".join(version.requirements), page)
    yield PublicText(_("Who it is for"), "\n".join(version.audience), page)
    yield PublicText(_("What is new"), version.change_note, "studio:publish")


def _lesson(lesson: "Lesson") -> Iterator[PublicText]:
    yield PublicText(_("Title"), lesson.title, _CURRICULUM, lesson)
    yield PublicText(_("Text"), lesson.article, _CURRICULUM, lesson)
    if lesson.quiz:
        yield PublicText(_("Quiz"), quiz_words.as_text(lesson.questions), _CURRICULUM, lesson)
    if lesson.assignment:
        yield PublicText(_("Assignment"), assignment_words.as_text(lesson.assigned), _CURRICULUM, lesson)
