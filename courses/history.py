"""The published versions of a course: what each changed, for everybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.shortcuts import get_object_or_404

from . import comparing
from .changes import Changes
from .models import Course, Version

A_PAGE = 10
SHOWN_LATELY = 3


@dataclass(frozen=True)
class Published:
    """A version and what it changed against the one before it; None for the first."""

    version: Version
    changes: Changes | None


@dataclass(frozen=True)
class Lately:
    """The newest version with its changes, and the ones before it."""

    newest: Published
    earlier: list[Version]


def page(course: Course, number: Any) -> tuple[Page[Version], list[Published]]:
    """A page of versions, the newest first. Three queries and the categories they name, however many lessons."""
    shown = Paginator(course.versions.published().select_related("category"), A_PAGE).get_page(number)
    versions = list(shown)
    before = versions and course.versions.published().filter(number__lt=versions[-1].number).first()
    return shown, of(versions, before or None)


def of(versions: Sequence[Version], before: Version | None) -> list[Published]:
    """`versions` in turn, newest first; `before` is the one that precedes the last. One query."""
    rows = [*versions, *([before] if before else [])]
    return [Published(version, changes) for version, changes in comparing.in_turn(rows)][: len(versions)]


def lately(live: Version) -> Lately | None:
    """For the page of a course: two queries, none for a course that never changed."""
    if live.number == 1:
        return None
    rows = list(live.course.versions.published().select_related("category")[: SHOWN_LATELY + 1])
    if len(rows) < 2:
        return None
    newest = of(rows[:1], rows[1])[0]
    return Lately(newest, rows[1:SHOWN_LATELY])


def compared_with_live(version: Version) -> Changes | None:
    """What a draft would change for learners; None where nothing is live, or nothing is worked on."""
    live = version.course.live_version
    return None if live is None or live.pk == version.pk else comparing.between(live, version)


def compared(course: Course, before: int, after: int) -> tuple[Version, Version, Changes]:
    """Any two published versions, by number, the older one first. Raises Http404."""
    rows = course.versions.published().select_related("category")
    old, new = (get_object_or_404(rows, number=number) for number in sorted((before, after)))
    return old, new, comparing.between(old, new)
