"""What the authors of a course are written about how they share it."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import notices
from creators.models import Creator
from marketplace.lib import links

from ..models import CourseSplit, SplitLine


def proposed(split: CourseSplit) -> None:
    for line in _lines(split):
        _post(f"split-proposed:{split.pk}:{line.creator_id}", line.creator, "split_proposed", split, line=line)


def agreed(split: CourseSplit) -> None:
    for line in _lines(split):
        _post(f"split-agreed:{split.pk}:{line.creator_id}", line.creator, "split_agreed", split, line=line)
    creator = split.course.creator
    _post(f"split-agreed:{split.pk}:{creator.pk}", creator, "split_agreed", split, line=None)


def declined(split: CourseSplit, by: Any) -> None:
    _post(f"split-declined:{split.pk}", split.course.creator, "split_declined", split, who=by.creator)


def withdrawn(split: CourseSplit) -> None:
    for line in _lines(split):
        _post(f"split-withdrawn:{split.pk}:{line.creator_id}", line.creator, "split_withdrawn", split, line=line)


def _lines(split: CourseSplit) -> list[SplitLine]:
    return list(split.lines.select_related("creator__user"))


def _post(key: str, to: Creator, template: str, split: CourseSplit, **context: Any) -> None:
    button = {
        "action_url": links.absolute(reverse("payments:coauthors")),
        "action_label": _("Open your co-authors' page"),
    }
    shown = {"split": split, "course": split.course, **context, **button}
    notices.tell(key, to.user, f"payments/{template}", shown)
