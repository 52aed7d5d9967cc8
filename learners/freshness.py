"""Whether courses are stale, by `courses.freshness`: learners' reports are known here, dates and shelves below."""

import uuid
from datetime import UTC, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.http import Http404
from django.utils import timezone

from accounts.resting import must_be_free_to_write
from courses import freshness as rule
from courses.models import Course, Lesson, SubjectCheck
from marketplace.lib import sweeps
from marketplace.lib.errors import NotAllowed

from . import rights
from .models import OutdatedReport


@transaction.atomic
def report(learner: Any, course: Course, *, text: str, lesson_key: uuid.UUID | None = None) -> OutdatedReport:
    """A learner of the course says that something in it is out of date; the third one makes the course stale.

    Raises NotAllowed for who does not have the course, MayNotWrite, Http404 for a lesson that is not in it, and
    ValidationError.
    """
    if not rights.may_learn(learner, course.pk):
        raise NotAllowed
    must_be_free_to_write(learner)
    if lesson_key and not Lesson.objects.filter(version_id=course.live_version_id, key=lesson_key).exists():
        raise Http404
    held = course.hold()
    row = OutdatedReport.objects.say(learner=learner, course=held, text=text, lesson_key=lesson_key)
    judge(held, timezone.now())
    return row


def judge(course: Course, now: datetime) -> str:
    """Say whether the course is stale now, and why; "" when it is fresh."""
    checks = SubjectCheck.objects.present(course)
    renewed = course.renewed_at or now
    last = max([renewed, *(datetime.combine(check.checked_on, time(), UTC) for check in checks)])
    answered = max([renewed, *(check.noted_at for check in checks)])
    found = rule.verdict(
        last_at=last,
        reports=OutdatedReport.objects.since(course, answered).count(),
        is_fast_moving=bool(course.category and course.category.is_fast_moving),
        now=now,
    )
    course.grow_stale(found)
    return found


def judge_all(now: datetime) -> int:
    """Each night: those that may have become stale, and those that are; how many are stale."""
    reported = OutdatedReport.objects.values("course").annotate(n=Count("id")).filter(n__gte=rule.STALE_REPORTS)
    old = Q(category__is_fast_moving=True, renewed_at__lt=now - rule.STALE_AFTER)
    asked = Course.objects.filter(live_version__isnull=False).filter(
        old | Q(pk__in=reported.values("course")) | Q(stale_at__isnull=False)
    )
    courses = asked.select_related("category").iterator(500)
    return sum(sweeps.each("freshness", courses, lambda course: bool(judge(course, now))))


def said_of(course: Course, limit: int = 20) -> list[OutdatedReport]:
    """For its creator: the newest words, without names."""
    rows = list(OutdatedReport.objects.filter(course=course).select_related("version")[:limit])
    lessons = Lesson.objects.filter(version__course=course, key__in=[row.lesson_key for row in rows if row.lesson_key])
    titles: dict[Any, str] = dict(lessons.values_list("key", "title"))
    for row in rows:
        row.lesson_title = titles.get(row.lesson_key, "")
    return rows
