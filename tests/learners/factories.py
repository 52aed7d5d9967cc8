"""Learners for tests: enrollments, and playback sessions as pages open them."""

import uuid
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.utils import timezone

from accounts.models import User
from courses.models import Course, Lesson
from learners import evidence, intervals, merger
from learners.ahead import Ahead
from learners.models import Enrollment


def enroll(learner: User, course: Course, source: str = "purchase") -> Enrollment:
    return Enrollment.objects.grant(learner=learner, course=course, source=source, reference="test")


def token_of(learner: User, lesson: Lesson, opened_ago: float = 0.0, session: uuid.UUID | None = None) -> str:
    """The token of a page that `learner` loaded `opened_ago` seconds ago."""
    started = timezone.now() - timedelta(seconds=opened_ago)
    said = [
        (session or uuid.uuid4()).hex, learner.pk, lesson.version.course_id, lesson.key.hex, lesson.video.asset.hex,
        intervals.length_s(lesson.video.duration_ms), int(started.timestamp() * 1000),
    ]  # fmt: skip
    return signing.dumps(said, salt="learners.report")


def watch(learner: User, lesson: Lesson, until: float, *, opened_ago: float | None = None, **told: Any) -> Any:
    """`learner` plays `lesson` from its beginning to second `until`, at her ease."""
    token = token_of(learner, lesson, until + 2 if opened_ago is None else opened_ago)
    return evidence.accept(token=token, **{"intervals": [[0, until]], "position": until, **told})


def settle_reports() -> None:
    """What the merger does: all reports that wait are settled now."""
    while settle_batch():
        pass


def settle_batch(size: int = merger.BATCH) -> int:
    with closing(Ahead(size)) as ahead:
        return merger.merge_waiting(ahead)


def seconds_ago(seconds: float) -> datetime:
    return timezone.now() - timedelta(seconds=seconds)
