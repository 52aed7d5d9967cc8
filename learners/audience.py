"""Counts, from the evidence, how a course is watched: a job's work, so that a page reads finished figures."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone

from courses.models import Course, Lesson
from marketplace.lib import sweeps

from . import intervals
from .models import Cohort, Enrollment, LessonAudience, LessonProgress, WatchReport, WatchSession
from .retention import Counts

# What was committed while the job before looked on.
OVERLAP = timedelta(minutes=1)
# A course that nobody reports of is counted again after a day: rights and articles change too.
STALE = timedelta(days=1)
MOST_STALE = 200


def roll_up(now: datetime | None = None) -> int:
    """Count again every course that was watched since the last time, and those not counted for a day; how many."""
    now = now or timezone.now()
    since = LessonAudience.objects.aggregate(at=Max("computed_at"))["at"]
    courses = Course.objects.filter(live_version__isnull=False, enrollments__isnull=False).distinct()
    counted = LessonAudience.objects.filter(course=OuterRef("pk"), computed_at__gt=now - STALE)
    due = set(courses.exclude(Exists(counted)).values_list("pk", flat=True)[:MOST_STALE])
    if since is not None:
        reports = WatchReport.objects.filter(received_at__gte=since - OVERLAP)
        due |= set(reports.values_list("session__course_id", flat=True).distinct())
    return len(sweeps.each("audience", courses.filter(pk__in=due), lambda course: count(course, now)))


@transaction.atomic
def count(course: Course, now: datetime) -> None:
    """One course: its lessons in one pass over its evidence each, its cohorts in one query."""
    course.hold()
    lessons = list(Lesson.objects.filter(version_id=course.live_version_id).select_related("video"))
    rows = {lesson.key: _empty(course, lesson, now) for lesson in lessons}
    assets = {lesson.key: lesson.video.asset for lesson in lessons if lesson.video}
    seen = {key: Counts(rows[key].length_s) for key in assets}
    plays = {key: Counts(rows[key].length_s) for key in assets}
    _count_learners(course, rows, assets, seen)
    sessions = WatchSession.objects.filter(course=course).values_list("lesson_key", "asset", "played", "replayed")
    for key, asset, played, replayed in sessions.iterator():
        if assets.get(key) == asset:
            plays[key].add(played)
            plays[key].add(replayed)
    for key in assets:
        rows[key].seen, rows[key].plays = seen[key].steps(), plays[key].steps()
    LessonAudience.objects.filter(course=course).delete()
    LessonAudience.objects.bulk_create(rows.values())
    Cohort.objects.filter(course=course).delete()
    Cohort.objects.bulk_create(_cohorts(course, now))


def _empty(course: Course, lesson: Lesson, now: datetime) -> LessonAudience:
    length_s = intervals.length_s(lesson.video.duration_ms or 0) if lesson.video else 0
    step_s = Counts(length_s).step_s
    return LessonAudience(
        course=course, lesson_key=lesson.key, length_s=length_s, step_s=step_s, started=0, finished=0, computed_at=now
    )


def _count_learners(
    course: Course,
    rows: dict[uuid.UUID, LessonAudience],
    assets: dict[uuid.UUID, uuid.UUID],
    seen: dict[uuid.UUID, Counts],
) -> None:
    progress = LessonProgress.objects.filter(course=course, lesson_key__in=rows)
    for key, asset, covered, done_at in progress.values_list("lesson_key", "asset", "covered", "done_at").iterator():
        rows[key].started += bool(covered or done_at)
        rows[key].finished += done_at is not None
        if covered and assets.get(key) == asset:
            seen[key].add(covered)


def _cohorts(course: Course, now: datetime) -> list[Cohort]:
    theirs = LessonProgress.objects.filter(learner=OuterRef("learner"), course=course)
    begun = theirs.filter(Q(covered_s__gt=0) | Q(done_at__isnull=False))
    months = (
        Enrollment.objects.filter(course=course)
        .annotate(month=TruncMonth("granted_at"), is_begun=Exists(begun))
        .order_by("month")
        .values("month")
        .annotate(
            enrolled=Count("learner", distinct=True),
            begun=Count("learner", distinct=True, filter=Q(is_begun=True)),
            finished=Count("learner", distinct=True, filter=Q(completed_at__isnull=False)),
        )
    )
    return [
        Cohort(
            course=course, month=row["month"].date(), enrolled=row["enrolled"], begun=row["begun"],
            finished=row["finished"], computed_at=now,
        )
        for row in months
    ]  # fmt: skip
