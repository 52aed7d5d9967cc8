"""What of a reader's own opens a course: asked once a page, by the box beside the course, the bar and others."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from courses.models import Course
from learners.models import Enrollment
from marketplace.lib import clock

from ..models import Membership
from . import rights


@dataclass(frozen=True)
class Own:
    """Her right to a course, and her membership that opens it now, where it is not hers by itself and open."""

    right: Enrollment | None = None
    membership: Membership | None = None

    @property
    def is_owned(self) -> bool:
        """Hers by itself, open or not."""
        return self.right is not None and self.right.source != Enrollment.Source.MEMBERSHIP

    @property
    def is_open(self) -> bool:
        return self.right is not None and not self.right.is_paused


def of(request: Any, course: Course) -> Own:
    """Of a visitor nothing is asked."""
    kept: dict[int, Own] = request.__dict__.setdefault("_own", {})
    if course.pk not in kept:
        kept[course.pk] = _asked(request.user, course) if request.user.is_authenticated else Own()
    return kept[course.pk]


def _asked(person: Any, course: Course) -> Own:
    right = Enrollment.objects.of(person).active().filter(course=course).first()
    own = Own(right)
    if course.belongs_to(person) or (own.is_owned and own.is_open):
        return own
    return Own(right, rights.opening(person, course))


def opened_among(person: Any, courses: Sequence[Course]) -> list[tuple[Membership, list[Course]]]:
    """Which of these courses, which she is about to buy, memberships of hers open to her already."""
    if not person.is_authenticated or not courses:
        return []
    hers = list(Membership.objects.running().filter(member=person).select_related("offer__creator"))
    if not hers:
        return []
    now, left, told = clock.now(), {course.pk: course for course in courses}, []
    for one in hers:
        found = one.offer.courses().filter(pk__in=left).values_list("pk", flat=True) if one.is_open(now) else []
        if mine := [left.pop(pk) for pk in list(found)]:
            told.append((one, mine))
    return told
