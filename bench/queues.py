"""What do the moderators' two queues cost when a hundred thousand cases wait?

    python bench/queues.py [--requests 10]

1,000, then 100,000 submissions and as many reported courses wait, written by COPY as copies of rows that the product
made itself; as many reviews lie decided behind them. Asked are the first page of each queue, a page from the middle on,
the last one, and each filter, by a moderator, in one process and warm. Told are the statements, how many of its blocks
PostgreSQL touched for them (EXPLAIN says; it does not depend on who else uses the machine) and in how many of its
milliseconds, and the time: processor time plus the time in which statements were answered, in units of a page that
knows nothing of queues (the form to log in), asked in turn with it. Goal: as many statements at any size, and < 1.5 ×
the blocks from 1,000 to 100,000 (trees of keys are a level deeper). The time is told beside it: its goal of < 1.2 ×
(the design's growth laws) needs a calm machine.
"""

import argparse
import io
import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.library import GROWTH, ROUNDS, cost
from bench.stage import own_servers, say

SIZES = (1_000, 100_000)
MOST_BLOCKS = 1.5
FIRST = 1_000_000
RULES = ("rights", "safe_content", "picture_quality", "grave_harm")
REVIEWS = ("", "kind=update", "language=zh-hans", "promise=late", "promise=kept", "age=old", "claim=free", "claim=mine",
           "kind=new&language=zh-hans&promise=late", "signs=twin", "signs=film", "signs=none", "rule=picture_quality",
           "severity=4", "signs=film&language=zh-hans&rule=picture_quality")  # fmt: skip
CASES = ("", "kind=lesson", "severity=4", "severity=1", "rule=picture_quality", "language=zh-hans", "promise=late",
         "age=old", "claim=free", "claim=mine", "kind=lesson&language=zh-hans&severity=2", "closed")  # fmt: skip


def text_of(model: Any, pk: int) -> dict[str, str | None]:
    """One row as PostgreSQL writes it, without what it reckons itself."""
    from django.db import connection

    columns = [field.column for field in model._meta.concrete_fields if not getattr(field, "generated", False)]
    with connection.cursor() as cursor:
        told = ", ".join(f"{name}::text" for name in columns)
        cursor.execute(f"SELECT {told} FROM {model._meta.db_table} WHERE id = %s", [pk])
        return dict(zip(columns, cursor.fetchone(), strict=True))


def write(model: Any, template: dict[str, str | None], rows: Iterator[dict[str, Any]]) -> None:
    """Copies of `template` with what each row changes, by COPY."""
    from django.db import connection

    lines = io.StringIO("".join("\t".join(map(_escaped, {**template, **row}.values())) + "\n" for row in rows))
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {model._meta.db_table} ({', '.join(template)}) FROM STDIN", lines)


@contextmanager
def curriculum_open() -> Iterator[None]:
    """The database lets no lesson into a version that was submitted; here they come table by table."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE courses_lesson DISABLE TRIGGER USER")
        yield
        cursor.execute("ALTER TABLE courses_lesson ENABLE TRIGGER USER")


def _escaped(value: Any) -> str:
    if value is None:
        return "\\N"
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


class Crowd:
    """Rows to copy: a submission that waits, one that was decided, and a reported course."""

    def __init__(self) -> None:
        from courses.models import Course, Decision, Finding, Lesson, Submission, Version
        from moderation.models import Case, Report
        from tests import cast
        from tests.courses.factories import RUBRIC, make_course
        from tests.moderation.decisions import report
        from tests.moderation.factories import make_submission

        self.sam = cast.sam()
        waits = make_submission("Kilns")
        decision = make_submission("Glazes").approve(by=self.sam, rubric_version=RUBRIC)
        self.films = _films(waits)
        finding = Finding.objects.create(decision=decision, rule_code="rights", text="Mend it")
        make_course(title="Clay")
        case = report("course", "clay", cast.lin(), text="Lesson 2 is mine.")
        rows = {
            Course: waits.version.course_id, Version: waits.version_id, Submission: waits.pk, Decision: decision.pk,
            Case: case.pk, Report: case.reports.get().pk, Finding: finding.pk,
            Lesson: waits.version.lessons.filter(video__isnull=False).first().pk,
        }  # fmt: skip
        self.rows = {model: text_of(model, pk) for model, pk in rows.items()}

    def grow(self, first: int, last: int) -> None:
        from courses.models import Course, Decision, Finding, Lesson, Submission, Version
        from moderation.models import Case, Report

        ids = range(FIRST + first, FIRST + last)
        beyond = 10 * FIRST  # numbers of what is decided
        write(Course, self.rows[Course], ({"id": n, "slug": f"kilns-{n}"} for n in ids))
        write(Version, self.rows[Version], ({"id": n, "course_id": n, "title": f"Kilns {n}"} for n in ids))
        write(Submission, self.rows[Submission], ({"id": n, "version_id": n, **_submission(n)} for n in ids))
        decided = ({"id": n + beyond, "version_id": n, **_submission(n)} for n in ids)
        write(Submission, self.rows[Submission], decided)
        write(Decision, self.rows[Decision], ({"id": n + beyond, "submission_id": n + beyond} for n in ids))
        lessons = ({"id": n, "version_id": n, "key": uuid4(), "position": n, "video_id": self.film(n)} for n in ids)
        with curriculum_open():
            write(Lesson, self.rows[Lesson], lessons)
        sent_back = ({"id": n, "decision_id": n + beyond, "rule_code": RULES[n // 3 % 4]} for n in ids if n % 3 == 0)
        write(Finding, self.rows[Finding], sent_back)
        write(Case, self.rows[Case], ({"id": n, "key": f"kilns-{n}", **_case(n)} for n in ids))
        closed = ({"id": n + beyond, "key": f"kilns-{n}", **_case(n), "closed_at": _ago(n % 9_000)} for n in ids)
        write(Case, self.rows[Case], closed)
        write(Report, self.rows[Report], ({"id": n, "case_id": n} for n in ids))

    def film(self, n: int) -> Any:
        """Of a tenth of the submissions one that runs beside another creator's, of a fifth one that is too soft."""
        twin, quiet, plain = self.films
        return twin if n % 10 == 0 else quiet if n % 5 == 1 else plain


def _films(waits: Any) -> tuple[Any, Any, Any]:
    """Films in which the machine found a twin, something else, and nothing."""
    from tests.courses.factories import make_video
    from videos.models import VideoFinding

    films = [make_video(waits.version.course.creator.user) for _film in range(3)]
    VideoFinding.objects.create(video=films[0], code="twin", start_ms=0, end_ms=9_000)
    VideoFinding.objects.create(video=films[1], code="quiet", value=-40)
    twin, quiet, plain = (film.pk for film in films)
    return twin, quiet, plain


NOW = datetime.now(UTC)


def _ago(minutes: int) -> str:
    return (NOW - timedelta(minutes=minutes)).isoformat()


def _submission(n: int) -> dict[str, Any]:
    language, is_update = ("en", "zh-hans")[n % 2], ("f", "t")[n // 2 % 2]
    return {"submitted_at": _ago(n * 7919 % 14_400), "language": language, "is_update": is_update}


def _case(n: int) -> dict[str, Any]:
    """Of every kind the same share, whatever the size; priorities that many share."""
    opened, severity = n * 7919 % 40_320, 1 + n % 4
    return {
        "kind": ("course", "lesson")[n // 4 % 2], "severity": severity, "rule_code": RULES[n % 4],
        "language": ("en", "zh-hans")[n // 8 % 2], "priority": 500 * (n * 31 % 40), "title": f"Kilns {n}",
        "opened_at": _ago(opened), "due_at": _ago(opened - 60 * 24 * (14, 7, 3, 1)[severity - 1]),
    }  # fmt: skip


def addresses() -> dict[str, str]:
    """By what is asked for; and of each queue a page from the middle on and the last one."""
    from django.urls import reverse

    from courses.models import Submission
    from courses.paging import PAGE_ROWS, mark
    from moderation.models import Case

    reviews, cases = reverse("moderation:queue"), reverse("moderation:cases")
    submissions, open_cases = Submission.objects.waiting(), Case.objects.open()
    number, of_cases = submissions.count(), open_cases.count()
    submission, case = submissions[number // 2], open_cases[of_cases // 2]
    # Where the last page begins.
    nearly, slight = submissions[number - PAGE_ROWS - 1], open_cases[of_cases - PAGE_ROWS - 1]
    return {
        **{f"reviews {query}": f"{reviews}?{query}" for query in REVIEWS},
        "reviews, deep": f"{reviews}?after={mark(submission.submitted_at, submission.pk)}",
        "reviews, last": f"{reviews}?after={mark(nearly.submitted_at, nearly.pk)}",
        **{f"cases {query}": f"{cases}?{query}" for query in CASES},
        "cases, deep": f"{cases}?after={mark(case.rank, case.pk)}",
        "cases, last": f"{cases}?after={mark(slight.rank, slight.pk)}",
    }


def measure(client: Any, requests: int) -> dict[str, tuple[float, int, float, int]]:
    """By page: milliseconds over those of the form, blocks, PostgreSQL's own milliseconds, statements."""

    def asking(address: str, whom: Any) -> Any:
        def ask() -> None:
            answer = whom.get(address)
            if answer.status_code != 200:
                raise SystemExit(f"{address} answered {answer.status_code}")

        return ask

    form = asking("/accounts/login/", type(client)())
    found = {}
    for name, address in addresses().items():
        taken = [(cost(form, requests)[0], *cost(asking(address, client), requests)) for _ in range(ROUNDS)]
        times = statistics.median(ms / bare for bare, ms, _ in taken)
        found[name] = (times, *touched(client, address), max(count for _, _, count in taken))
    return found


def touched(client: Any, address: str) -> tuple[int, float]:
    """Blocks that the database looked at for one page, and the milliseconds in which it did."""
    from django.db import connection

    blocks, spent = 0, 0.0

    def explained(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal blocks, spent
        if sql.startswith("SELECT") and not many:
            with context["connection"].connection.cursor() as bare:
                bare.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", params)
                told = bare.fetchone()[0][0]
            plan, spent = told["Plan"], spent + told["Planning Time"] + told["Execution Time"]
            blocks += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
        return execute(sql, params, many, context)

    client.get(address)
    with connection.execute_wrapper(explained):
        client.get(address)
    return blocks, spent


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--requests", type=int, default=10)
    options = asked.parse_args()
    with own_servers():
        from django.conf import settings
        from django.db import connection
        from django.test import Client

        settings.ALLOWED_HOSTS.append("testserver")
        crowd, client, found, written = Crowd(), Client(), [], 0
        client.force_login(crowd.sam)
        for size in SIZES:
            crowd.grow(written, size)
            written = size
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
            found.append(measure(client, options.requests))
        missed = 0
        for name, (before, few, _ms, count) in found[0].items():
            after, many, spent, then = found[-1][name]
            holds = many < MOST_BLOCKS * few and count == then
            missed += not holds
            say(
                f"{name:45} {count:3} and {then:3} statements {few:6} and {many:6} blocks {many / few:5.2f} ×"
                f"  {'met' if holds else 'MISSED'}   {spent:6.1f} ms of PostgreSQL   time {after / before:5.2f} ×"
            )
        say(f"from {SIZES[0]:,} to {SIZES[-1]:,} waiting: goal < {MOST_BLOCKS} × the blocks, as many statements;")
        say(f"missed by {missed}. Time: goal < {GROWTH} × on a calm machine")


if __name__ == "__main__":
    main()
