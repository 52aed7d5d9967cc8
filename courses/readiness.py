"""What a course needs before a moderator looks at it: one list for pages, API and the rule itself."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.lib import fit_words

from . import public_texts

if TYPE_CHECKING:
    from .models import Version


@dataclass(frozen=True)
class ReadyItem:
    """One line of the list; `url_name` is the page of the studio where it is mended."""

    code: str
    label: str | Promise
    done: bool
    required: bool
    url_name: str

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "label": str(self.label), "done": self.done, "required": self.required}


def items(version: "Version") -> list[ReadyItem]:
    return [*_details(version), *_curriculum(version), _price(version), *_words(version)]


def _details(version: "Version") -> list[ReadyItem]:
    page = "studio:edit"
    return [
        ReadyItem("title", _("A title"), bool(version.title), True, page),
        ReadyItem("subtitle", _("A subtitle that says what it is about"), bool(version.subtitle), True, page),
        ReadyItem("description", _("A description"), bool(version.description), True, page),
        ReadyItem("outcomes", _("What people will learn"), bool(version.outcomes), True, page),
        ReadyItem("category", _("A category"), version.category_id is not None, True, page),
        ReadyItem("cover", _("A cover picture"), bool(version.cover), True, page),
        ReadyItem("requirements", _("What people need before they start"), bool(version.requirements), False, page),
        ReadyItem("audience", _("Who the course is for"), bool(version.audience), False, page),
    ]


def _curriculum(version: "Version") -> list[ReadyItem]:
    page = "studio:curriculum"
    lessons = list(version.lessons.select_related("video").prefetch_related("files"))
    filled = {lesson.section_id for lesson in lessons}
    unfinished = {lesson.kind for lesson in lessons if not lesson.is_complete}
    # Kinds that a course has none of are not on its list.
    kinds = {lesson.kind for lesson in lessons}
    has_preview = any(lesson.is_preview for lesson in lessons) or version.course.is_free
    return [
        ReadyItem("lessons", _("At least one lesson"), bool(lessons), True, page),
        ReadyItem(
            "sections", _("A lesson in every section"),
            all(pk in filled for pk in version.sections.values_list("pk", flat=True)), True, page,
        ),
        ReadyItem("films", _("Every film is there and converted"), "video" not in unfinished, True, page),
        ReadyItem("articles", _("Every article has its text"), "article" not in unfinished, True, page),
        *[ReadyItem(code, label, kind not in unfinished, True, page) for kind, code, label in _MORE if kind in kinds],
        ReadyItem("preview", _("A free preview lesson"), has_preview, True, page),
    ]  # fmt: skip


_MORE = (
    ("file", "files", _("Every lesson of files has a file")),
    ("quiz", "quizzes", _("Every quiz can be taken: each question has its right answer")),
    ("assignment", "assignments", _("Every assignment has its task and its rubric")),
)


def _price(version: "Version") -> ReadyItem:
    return ReadyItem("price", _("A price, or free"), version.course.price is not None, True, "studio:pricing")


def _words(version: "Version") -> list[ReadyItem]:
    """A line for each text that the word lists refuse; a course without them has none on its list."""
    texts = {str(at): each for at, each in enumerate(public_texts.of(version))}
    refused = fit_words.refused({name: each.text for name, each in texts.items()})
    return [
        ReadyItem("words", f"{texts[name].label}: {sentence}", False, True, texts[name].url_name)
        for name, sentence in refused.items()
    ]
