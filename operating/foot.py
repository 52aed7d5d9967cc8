"""The pages that are published, as the foot of every page and the links beside buttons need them."""

from typing import Any, NamedTuple

from .held import held
from .models import CustomPage
from .models.page import Said, said

NAME = "operating pages with their versions"


class Shown(NamedTuple):
    """A page that is published."""

    slug: str
    title_en: str
    title_zh: str
    in_foot: bool
    version: int

    @property
    def said(self) -> Said:
        """Its title alone, in the language that is active."""
        return said({"title_en": self.title_en, "title_zh": self.title_zh, "text_en": "", "text_zh": ""})


def shown() -> list[Shown]:
    """All of them, in the order of the foot."""
    return [Shown(*row) for row in held(NAME, _read)[1]]


def edition() -> str:
    """The name of this state of them: a showing has a greater number than all before it, a withdrawal is one less."""
    return held(NAME, _read)[0]


def page(slug: str) -> Shown | None:
    """The published page at this address, if there is one."""
    return next((each for each in shown() if each.slug == slug), None)


def _read() -> tuple[str, list[tuple[Any, ...]]]:
    """Bare values, so that no release meets another's classes."""
    rows = CustomPage.objects.public().order_by("present__place", "slug")
    wanted = (
        "slug",
        "present__version__title_en",
        "present__version__title_zh",
        "present__in_foot",
        "present__version_id",
    )
    found = list(rows.values_list("present_id", *wanted))
    newest = max((row[0] for row in found), default=0)
    return f"{newest}.{len(found)}", [row[1:] for row in found]
