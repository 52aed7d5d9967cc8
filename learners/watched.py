"""How much of a course a learner has seen: unique seconds over the lessons of its live version.

Films count the seconds covered; articles, files and quizzes the time that we reckon for them, once they are done. A
lesson whose film was replaced counts what was seen of the film before it, until the new one is opened; then what still
fits (`learners.replaced`). Refunds go by these numbers.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Sum
from django.db.models.functions import Coalesce

from courses.models import Course, Lesson, Version

from . import merger
from .models import LessonProgress, WatchMeter


@dataclass(frozen=True)
class Watched:
    """`seconds` of `length_s`, both whole."""

    seconds: int
    length_s: int


NOTHING = Watched(0, 0)


def of(learner: Any, course: Course) -> Watched:
    """Of one course, in two queries."""
    return of_courses(learner, [course])[course.pk]


def of_courses(learner: Any, courses: Iterable[Course]) -> dict[int, Watched]:
    """By the course's id, in two queries however many there are."""
    live = {course.live_version_id: course.pk for course in courses if course.live_version_id}
    shown = Lesson.objects.filter(version_id__in=live).values_list("version_id", "key", "kind", "duration_s")
    rows = LessonProgress.objects.of(learner).filter(course_id__in=live.values())
    seen = {
        key: (covered_s, done_at) for key, covered_s, done_at in rows.values_list("lesson_key", "covered_s", "done_at")
    }
    totals = {course.pk: [0, 0] for course in courses}
    for version_id, key, kind, duration_s in shown:
        total = totals[live[version_id]]
        total[0] += seconds_of(kind, duration_s, *seen.get(key, (0, None)))
        total[1] += duration_s
    return {pk: Watched(seconds, length_s) for pk, (seconds, length_s) in totals.items()}


def lengths_at(moments: Iterable[tuple[int, datetime]]) -> dict[tuple[int, datetime], int]:
    """How long each course (its id) was at a moment, in seconds of the version that was live then; 0 where none was.

    One query.
    """
    found = dict.fromkeys(moments, 0)
    lived = Version.objects.filter(course_id__in={course for course, _at in found}, live_at__isnull=False)
    lengths = lived.annotate(length_s=Coalesce(Sum("lessons__duration_s"), 0)).order_by("live_at")
    for course_id, live_at, length_s in lengths.values_list("course_id", "live_at", "length_s"):
        for asked in found:
            if live_at and asked[0] == course_id and live_at <= asked[1]:
                found[asked] = length_s
    return found


def since(learner: Any, courses: Iterable[Course], moment: datetime) -> dict[int, int]:
    """By the course's id, how many seconds she has seen since a moment, each once: of films by her accepted reports,
    and the time of other lessons that she has done since.
    """
    live = {course.live_version_id: course.pk for course in courses if course.live_version_id}
    pks = list(live.values())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT course_id, sum(upper(span) - lower(span))::int FROM ("
            " SELECT session.course_id, unnest(range_agg(report.accepted)) AS span FROM learners_watchreport report"
            "   JOIN learners_watchsession session ON session.id = report.session_id"
            "  WHERE session.learner_id = %s AND session.course_id = ANY(%s) AND report.received_at >= %s"
            "  GROUP BY session.course_id, session.lesson_key, session.asset) AS seen GROUP BY course_id",
            [learner.pk, pks, moment],
        )
        found: dict[int, int] = dict(cursor.fetchall())
    done = LessonProgress.objects.of(learner).filter(course_id__in=pks, done_at__gte=moment).values("lesson_key")
    read = Lesson.objects.filter(version_id__in=live, key__in=done).exclude(kind=Lesson.Kind.VIDEO)
    for course_id, seconds in read.values_list("version__course_id", "duration_s"):
        found[course_id] = found.get(course_id, 0) + seconds
    return found


def seconds_of(kind: str, duration_s: int, covered_s: int, done_at: datetime | None) -> int:
    """What counts as seen of one lesson, in seconds."""
    if kind != Lesson.Kind.VIDEO:
        return duration_s if done_at else 0
    return min(covered_s, duration_s)


def hold(learner: Any) -> None:
    """Lock what the learner has watched for the rest of the transaction: her reports, and marks at articles, wait.

    What she reported a moment ago and nobody has settled yet is settled first.
    """
    WatchMeter.objects.hold(learner.pk)
    merger.catch_up(learner.pk)
