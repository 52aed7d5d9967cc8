"""What an assignment still lacks before anybody can hand something in."""

from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .shape import Assignment, Criterion


def lacks(assignment: Assignment) -> dict[str, list[str | Promise]]:
    """By the criterion's id what is to mend; "" is the assignment itself. Empty: it can be done."""
    found: dict[str, list[str | Promise]] = {}
    own: list[str | Promise] = []
    if not assignment.task.strip():
        own.append(_("Write what is to be done."))
    if not assignment.criteria:
        own.append(_("Write at least one criterion."))
    if own:
        found[""] = own
    for criterion in assignment.criteria:
        if missing := list(_of(criterion)):
            found[criterion.id] = missing
    return found


def is_complete(assignment: Assignment) -> bool:
    return not lacks(assignment)


def _of(criterion: Criterion) -> Iterator[str | Promise]:
    if not criterion.title.strip():
        yield _("Name the criterion.")
    if len(criterion.levels) < 2:
        yield _("Write at least two levels.")
        return
    points = [level.points for level in criterion.levels]
    if len(set(points)) < len(points):
        yield _("Two levels are worth the same.")
    titles = [level.title.strip().casefold() for level in criterion.levels]
    if len(set(titles)) < len(titles):
        yield _("Two levels say the same.")
