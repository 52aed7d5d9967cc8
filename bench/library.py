"""What do a learner's library and the home of a course cost when the course is long and has many learners?

    python bench/library.py [--lessons 300] [--requests 30]

One course of 300 lessons with 1,000, then 20,000, then 100,000 learners, written by COPY; each has touched ten
lessons of it. The learner who is measured has all of its lessons begun, half of them done, and 23 courses more: a
full page of her library; and a weekly goal, with a year of five hours a week in the log of reports. Each page's time
is its processor time plus the time in which its statements were answered, in one process and warm, in units of a page
that knows nothing of learners (the form to log in), asked in turn with it. The course's home is the way to the lesson
to go on with, and that lesson's page. Goal: as many statements at any size, and a time that grows < 1.2 × from 1,000
to 100,000 (issue 5, the design's growth laws).
"""

import argparse
import io
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.stage import own_servers, say

SIZES = (1_000, 20_000, 100_000)
SHELF = 24
TOUCHED = 10
GROWTH = 1.2
ROUNDS = 5
AT = "2026-11-27 12:00:00+00"
COLUMNS = {
    "accounts_user": "id password email name language time_zone currency is_active is_staff joined_at is_superuser",
    "learners_enrollment": "learner_id course_id source reference granted_at end_reason is_counted",
    "learners_lessonprogress": "learner_id course_id lesson_key asset shown_since length_s covered covered_s position_s"
    " position_at touched_at done_at",
}
FIRST_ID = 1_000_000
# A page load each 35 hours, an hour long, a report each 15 s: 60,000 rows.
_SESSIONS = """
INSERT INTO learners_watchsession (id, learner_id, course_id, lesson_key, asset, length_s, started_at, reported_at,
       played, spent_s)
SELECT gen_random_uuid(), %s, %s, gen_random_uuid(), gen_random_uuid(), 3600, now() - (ago + 1) * interval '35 hours',
       now() - (ago + 1) * interval '35 hours' + interval '1 hour', '{[0,3600)}', 3600
  FROM generate_series(0, 249) AS ago"""
_REPORTS = """
INSERT INTO learners_watchreport (session_id, received_at, claimed_s, accepted_s, accepted, spent_s, speed, position_s)
SELECT id, started_at + (number + 1) * interval '15 s', 15, 15,
       int4multirange(int4range(number * 15, number * 15 + 15)), 15, 1, number * 15
  FROM learners_watchsession, generate_series(0, 239) AS number WHERE learner_id = %s ORDER BY 2"""


def long_course(lessons: int) -> Any:
    """A course on sale with as many lessons, ten a section."""
    from courses.models import Course, Lesson, Section
    from tests.courses.factories import make_course, make_video, publish

    course = make_course(title="Everything about kilns", lessons=1, live=False)
    draft, video = course.draft, make_video(course.creator.user)
    parts = [Section(version=draft, title=f"Part {n}", position=n + 10) for n in range(-(-lessons // 10))]
    Section.objects.bulk_create(parts)
    films = [
        Lesson(version=draft, section=parts[n // 10], title=f"Lesson {n}", position=n % 10, video=video, duration_s=30)
        for n in range(lessons - 1)
    ]
    Lesson.objects.bulk_create(films)
    publish(draft)
    return Course.objects.get(pk=course.pk)


def shelf_of(person: Any, course: Any) -> None:
    """A full page of courses; of the long one every lesson is begun, every other one done."""
    from django.utils import timezone

    from learners.models import Enrollment, LessonProgress
    from tests.courses.factories import make_course

    now = timezone.now()
    others = [make_course(course.creator, title=f"Small course {n}", lessons=2) for n in range(SHELF - 1)]
    for one in [*others, course]:
        Enrollment.objects.grant(learner=person, course=one, source="staff")
        touched = [
            LessonProgress(
                learner=person, course=one, lesson_key=lesson.key, asset=lesson.video.asset, length_s=30, covered_s=15,
                covered=((0, 15),), position_s=15, position_at=now, done_at=now if n % 2 else None,
            )
            for n, lesson in enumerate(one.live_lessons().select_related("video"))
        ]  # fmt: skip
        LessonProgress.objects.bulk_create(touched)


def year_of_watching(person: Any, course: Any) -> None:
    """What a weekly goal's streak is made of; the weeks that are over are kept, as the bell does."""
    from django.db import connection
    from django.utils import timezone

    from learners import goal
    from learners.models import WeeklyGoal

    with connection.cursor() as cursor:
        cursor.execute(_SESSIONS, [person.pk, course.pk])
        cursor.execute(_REPORTS, [person.pk])
    WeeklyGoal.objects.put(person, 120)
    goal.keep_due(timezone.now())


def enroll(course: Any, first: int, last: int) -> None:
    """Learners number `first` to `last` of the course, each in another place of it."""
    lessons = list(course.live_lessons().select_related("video"))
    people = range(FIRST_ID + first, FIRST_ID + last)
    tail = f"\t{course.pk}"
    write("accounts_user", (f"{n}\t!\tl{n}@example.com\tL\ten\tUTC\tUSD\tt\tf\t{AT}\tf" for n in people))
    write("learners_enrollment", (f"{n}{tail}\tstaff\t\t{AT}\t\tt" for n in people))
    places = [
        f"{tail}\t{one.key}\t{one.video.asset}\t{AT}\t30\t{{[0,15)}}\t15\t15\t{AT}\t{AT}\t" for one in lessons
    ]  # fmt: skip
    touched = (
        f"{n}{places[(n * 7 + m) % len(places)]}{AT if m else chr(92) + 'N'}" for n in people for m in range(TOUCHED)
    )
    write("learners_lessonprogress", touched)


def write(table: str, lines: Any) -> None:
    from django.db import connection

    text = io.StringIO("\n".join(lines) + "\n")
    columns = COLUMNS[table].replace(" ", ", ")
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", text)


def cost(ask: Callable[[], Any], requests: int) -> tuple[float, int]:
    """Milliseconds a request, of the processor and of waiting for the database; statements of one."""
    from django.db import connection

    waited, count = 0.0, 0

    def timed(execute: Any, *rest: Any) -> Any:
        nonlocal waited, count
        began, used = time.perf_counter(), time.process_time()
        try:
            return execute(*rest)
        finally:
            waited += time.perf_counter() - began - (time.process_time() - used)
            count += 1

    ask()
    began = time.process_time()
    with connection.execute_wrapper(timed):
        for _ in range(requests):
            ask()
    return 1000 * (time.process_time() - began + waited) / requests, count // requests


def measure(client: Any, course: Any, requests: int) -> dict[str, tuple[float, float, int]]:
    """By page: milliseconds, those over the form's, statements."""

    def asking(address: str, as_whom: Any = client) -> Callable[[], None]:
        def ask() -> None:
            answer = as_whom.get(address, follow=True)
            if answer.status_code != 200:
                raise SystemExit(f"{address} answered {answer.status_code}")

        return ask

    form = asking("/accounts/login/", type(client)())
    pages = {"library": asking("/library/"), "course home": asking(f"/learn/{course.slug}/")}
    found = {}
    for name, ask in pages.items():
        taken = [(cost(form, requests)[0], *cost(ask, requests)) for _ in range(ROUNDS)]
        ms, times = statistics.median(ms for _, ms, _ in taken), statistics.median(ms / bare for bare, ms, _ in taken)
        found[name] = (ms, times, max(count for _, _, count in taken))
    return found


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--lessons", type=int, default=300)
    asked.add_argument("--requests", type=int, default=30)
    options = asked.parse_args()
    with own_servers():
        from django.conf import settings
        from django.db import connection
        from django.test import Client

        from tests import cast

        settings.ALLOWED_HOSTS.append("testserver")
        course, lin = long_course(options.lessons), cast.lin()
        shelf_of(lin, course)
        year_of_watching(lin, course)
        client = Client()
        client.force_login(lin)
        found, written = [], 0
        for size in SIZES:
            enroll(course, written, size)
            written = size
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
            found.append(measure(client, course, options.requests))
            for name, (ms, times, count) in found[-1].items():
                say(f"{size:7,} learners  {name:12} {ms:7.1f} ms  {times:5.2f} × the form  {count:3} statements")
        for name, (_, before, count) in found[0].items():
            _, after, then = found[-1][name]
            holds = after / before < GROWTH and count == then
            say(
                f"{name:12} {after / before:5.2f} × from {SIZES[0]:,} to {SIZES[-1]:,} learners, {count} and {then}"
                f" statements   goal < {GROWTH} ×, as many   {'met' if holds else 'MISSED'}"
            )


if __name__ == "__main__":
    main()
