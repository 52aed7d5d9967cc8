"""The negative control of buying a course once."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from learners.models import Enrollment
from learners.models.enrollment import EnrollmentQuerySet
from tests.faults.taken_away import index, taken_away


@contextmanager
def without_one_right() -> Iterator[None]:
    """No index says that a course is had once, or paid for once. The statement that grants leans on the first of them,
    and cannot be asked without it: a plain one stands in its place.
    """
    indexes = taken_away(index("one_active_enrollment"), index("one_item_gives_the_right"))
    with indexes, pytest.MonkeyPatch.context() as patch:
        patch.setattr(EnrollmentQuerySet, "grant_bought", _grant_to_all)
        yield


def _grant_to_all(_rows: Any, wanted: Collection[tuple[str, int, int]]) -> set[tuple[str, int]]:
    Enrollment.objects.bulk_create(
        Enrollment(learner_id=learner, course_id=course, source="purchase", reference=reference, is_counted=False)
        for reference, learner, course in wanted
    )
    return {(reference, course) for reference, _learner, course in wanted}
