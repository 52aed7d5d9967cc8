"""Rights by memberships: courses that are lent to their members for as long as months are paid."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from courses.models import Course

MEMBERSHIP = "membership"
Right = TypeVar("Right", bound=models.Model)


class LentQuerySet(models.QuerySet[Right]):
    """What memberships do with rights; their callers hold the membership, which is locked before rights are."""

    def watchable(self) -> Self:
        """Active, and what it opens may be watched now: not paused, or paused and open by a membership meanwhile."""
        return self.filter(Q(paused_at=None) | ~Q(open_by=""), ended_at=None)

    def owned(self) -> Self:
        """Without what a membership has opened: hers for good."""
        return self.exclude(source=MEMBERSHIP)

    def lend(self, learner: Any, courses: QuerySet[Course], reference: str, *, closed_by: str = "") -> list[int]:
        """Of what memberships had opened for her, these courses are open by this one from now on; with `closed_by` only
        those that this other one opens no more. Their keys. What is hers by itself is not touched, whoever makes it so
        at the same moment.
        """
        borrowed = self.filter(learner_id=learner.pk, ended_at=None, source=MEMBERSHIP, course__in=courses)
        if closed_by:
            borrowed = borrowed.filter(reference=closed_by, paused_at__isnull=False)
        held = borrowed.order_by("course_id").select_for_update(no_key=True, of=("self",))
        found = list(held.values_list("course_id", flat=True))
        borrowed.filter(course__in=found).update(reference=reference, paused_at=None)
        return found

    def open_meanwhile(
        self, learner: Any, courses: QuerySet[Course], reference: str, *, asked: Mapping[int, datetime] | None = None
    ) -> dict[int, datetime]:
        """What of these she bought in parts, and is paused since one did not come, is open by this membership. Their
        keys, each with since when it is paused. With `asked` nothing but what she has asked this one for since then.
        """
        paused = self.filter(learner_id=learner.pk, course__in=courses, ended_at=None, paused_at__isnull=False).owned()
        held = paused.order_by("course_id").select_for_update(no_key=True, of=("self",))
        if asked is not None:
            held = held.filter(course__in=list(asked), open_by__in=["", reference])
        found: dict[int, datetime] = dict(held.values_list("course_id", "paused_at"))
        if asked is not None:
            found = {course: paused_at for course, paused_at in found.items() if asked[course] >= paused_at}
        paused.filter(course__in=found).update(open_by=reference)
        return found

    def align(self, reference: str, courses: QuerySet[Course]) -> bool:
        """Of what a membership opened, only these courses are watched from now on; all else of it stays. Whether one is
        closed by that which was open.
        """
        rows = self.filter(reference=reference, ended_at=None, source=MEMBERSHIP)
        held = dict(rows.order_by("course_id").select_for_update(no_key=True).values_list("course_id", "paused_at"))
        opened = set(courses.filter(pk__in=held).values_list("pk", flat=True)) if held else set()
        rows.filter(course__in=opened).update(paused_at=None)
        closing = [course for course, paused_at in held.items() if course not in opened and paused_at is None]
        rows.filter(course__in=closing).update(paused_at=timezone.now())
        meanwhile = self.filter(open_by=reference).exclude(course__in=courses)
        return bool(meanwhile.update(open_by="")) or bool(closing)
