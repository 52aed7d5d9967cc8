"""What changed, in words: of one lesson, of a section, of a whole version in a line."""

from collections import Counter

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from marketplace.lib.templatetags.ui import clock

from .changes import Changes, LessonChange, SectionChange

FIELDS: dict[str, str | Promise] = {
    "title": gettext_lazy("Title"),
    "subtitle": gettext_lazy("Subtitle"),
    "description": gettext_lazy("Description"),
    "outcomes": gettext_lazy("What you will learn"),
    "requirements": gettext_lazy("Requirements"),
    "audience": gettext_lazy("Who it is for"),
    "level": gettext_lazy("Level"),
    "language": gettext_lazy("Language"),
    "category": gettext_lazy("Category"),
    "cover": gettext_lazy("Cover"),
    "skills": gettext_lazy("Skills"),
}


def of_lesson(change: LessonChange) -> list[str]:
    """One phrase for each kind of change."""
    return [_phrase(kind, change) for kind in change.kinds]


def _phrase(kind: str, change: LessonChange) -> str:
    now, was = change.lesson, change.before or change.lesson
    return {
        "added": lambda: _("new"),
        "removed": lambda: _("removed"),
        "renamed": lambda: _("renamed, before: %(title)s") % {"title": was.title},
        "moved": lambda: (
            _("moved to: %(section)s") % {"section": now.section} if now.section_key != was.section_key else _("moved")
        ),
        "film": lambda: (
            _("film replaced (%(before)s → %(after)s)") % {"before": clock(was.length_s), "after": clock(now.length_s)}
        ),
        "article": lambda: _("text changed"),
        "files": lambda: _("files changed"),
        "quiz": lambda: _("quiz changed"),
        "assignment": lambda: _("assignment changed"),
        "preview": lambda: _("free preview now") if now.is_preview else _("no longer a free preview"),
    }[kind]()


def of_section(change: SectionChange) -> str:
    told = {"title": change.title, "before": change.before}
    return {
        "added": _("New section: %(title)s"),
        "removed": _("Section removed: %(title)s"),
        "renamed": _("Section renamed: %(before)s → %(title)s"),
        "moved": _("Section moved: %(title)s"),
    }[change.kind] % told


def of_fields(changes: Changes) -> list[str | Promise]:
    return [FIELDS[change.name] for change in changes.fields]


def in_short(changes: Changes) -> list[str]:
    """Numbers of lessons by what happened to them, content first."""
    n = Counter(kind for change in changes.lessons for kind in change.kinds)
    told = [
        ("added", ngettext("%(n)s new lesson", "%(n)s new lessons", n["added"])),
        ("film", ngettext("%(n)s film replaced", "%(n)s films replaced", n["film"])),
        ("article", ngettext("%(n)s text changed", "%(n)s texts changed", n["article"])),
        ("quiz", ngettext("%(n)s quiz changed", "%(n)s quizzes changed", n["quiz"])),
        ("files", ngettext("files of %(n)s lesson changed", "files of %(n)s lessons changed", n["files"])),
        ("removed", ngettext("%(n)s lesson removed", "%(n)s lessons removed", n["removed"])),
        ("renamed", ngettext("%(n)s lesson renamed", "%(n)s lessons renamed", n["renamed"])),
        ("moved", ngettext("%(n)s lesson moved", "%(n)s lessons moved", n["moved"])),
    ]
    return [words % {"n": n[kind]} for kind, words in told if n[kind]]
