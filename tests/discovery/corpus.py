"""The public test set of search, read from questions.toml, and how good a list of answers is."""

import math
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from courses.models import Course, Lesson, Section, Version
from discovery import index
from tests import cast

FIRST = 10
KINDS = ("two", "other", "odd")
Answers = Callable[[str], list[int]]


def load() -> dict[str, dict[str, set[int]]]:
    """Write and index the courses; by kind of question, each question with the ids of the courses that answer it."""
    told = tomllib.loads((Path(__file__).parent / "questions.toml").read_text(encoding="utf-8"))["course"]
    creator, now = cast.ada().creator, timezone.now()
    judged: dict[str, dict[str, set[int]]] = {kind: defaultdict(set) for kind in KINDS}
    with transaction.atomic(), connection.cursor() as cursor:
        # Triggers hold what people may do; these rows come from nobody.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for number, row in enumerate(told):
            language = "en" if row["title"].isascii() else "zh-hans"
            shown = {"title": row["title"], "subtitle": row["subtitle"], "language": language}
            course = Course(creator=creator, slug=f"corpus-{number}", learners_count=number % 7, **shown)
            Course.objects.bulk_create([course])
            version = Version(course=course, number=1, state="live", live_at=now, **shown)
            Version.objects.bulk_create([version])
            live = {"live_version": version, "published_at": now, "renewed_at": now, "price_minor": 0}
            Course.objects.filter(pk=course.pk).update(**live)
            section = Section(version=version, title="One", position=0)
            Section.objects.bulk_create([section])
            titles = enumerate(row["lessons"])
            Lesson.objects.bulk_create(
                Lesson(version=version, section=section, title=t, position=at) for at, t in titles
            )
            for kind in KINDS:
                for question in row.get(kind, []):
                    judged[kind][question].add(course.pk)
    index.refresh()
    return judged


def recall(found: list[int], right: set[int]) -> float:
    return len(right & set(found[:FIRST])) / min(len(right), FIRST)


def ndcg(found: list[int], right: set[int]) -> float:
    gained = sum(1 / math.log2(at + 2) for at, pk in enumerate(found[:FIRST]) if pk in right)
    return gained / sum(1 / math.log2(at + 2) for at in range(min(len(right), FIRST)))


def mean(numbers: Iterable[float]) -> float:
    known = list(numbers)
    return sum(known) / len(known)
