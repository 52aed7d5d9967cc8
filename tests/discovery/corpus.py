"""The public test set of search, read from questions.toml, a crowd of other courses around it, and how good a list of
answers is.
"""

import math
import random
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from courses.models import Course, Lesson, Section, Version
from creators.models import Creator
from discovery import asking, index
from discovery.asking import Wish
from tests import cast
from videos import cues
from videos.models import Caption, Video

FIRST = 10
KINDS = ("two", "other", "odd", "said")
Answers = Callable[[str], list[int]]
Judged = dict[str, dict[str, set[int]]]


def load() -> Judged:
    """Write and index the courses; by kind of question, each question with the ids of the courses that answer it."""
    judged: Judged = {kind: defaultdict(set) for kind in KINDS}
    rows = _told()
    for number, (row, course) in enumerate(zip(rows, _write("corpus", rows), strict=True)):
        Course.objects.filter(pk=course).update(learners_count=number % 7)
        for kind in KINDS:
            for question in row.get(kind, []):
                judged[kind][question].add(course)
    index.refresh()
    return judged


def crowd(count: int, line: Callable[[random.Random], str] = lambda dice: "") -> None:
    """As many courses that nearly have the words of two signs: the signs the other way round, or one of them beside
    another sign, four times each, before a `line` of something else. None of them has one of the words.
    """
    dice, told = random.Random(count), _told()
    asked = sorted({word for row in told for word in row.get("two", [])})
    signs = sorted(set("".join(asked)))

    def text() -> str:
        pieces: list[str] = []
        while len(pieces) < 4:
            first, second = dice.choice(asked)
            piece = dice.choice([second + first, first + dice.choice(signs), dice.choice(signs) + second])
            if not any(word in "".join([*pieces, piece]) for word in asked):
                pieces.append(piece)
        return "，".join(["".join(pieces), line(dice)])

    _write("crowd", [{"title": text()[:100], "subtitle": text()[:100], "lessons": [text()[:60]]} for _ in range(count)])
    index.refresh()


def answers(question: str) -> list[int]:
    """Ids of the courses that a page of results shows, in its order: first those found, then those in whose films it is
    said.
    """
    answer = asking.ask(question, Wish({}, ("-rank", "-id"), own=frozenset()))
    said = [row[0] for row in answer.films]
    by_slug = dict(Course.objects.filter(slug__in=said).values_list("slug", "pk"))
    return list(dict.fromkeys([*(hit.course_id for hit in answer.hits), *(by_slug[slug] for slug in said)]))[:FIRST]


def recall(found: list[int], right: set[int]) -> float:
    return len(right & set(found[:FIRST])) / min(len(right), FIRST)


def ndcg(found: list[int], right: set[int]) -> float:
    gained = sum(1 / math.log2(at + 2) for at, pk in enumerate(found[:FIRST]) if pk in right)
    return gained / sum(1 / math.log2(at + 2) for at in range(min(len(right), FIRST)))


def mean(numbers: Iterable[float]) -> float:
    known = list(numbers)
    return sum(known) / len(known)


def _told() -> list[dict[str, Any]]:
    return list(tomllib.loads((Path(__file__).parent / "questions.toml").read_text(encoding="utf-8"))["course"])


def _write(slug: str, rows: list[dict[str, Any]]) -> list[int]:
    """The courses of these rows, live, not yet indexed; their ids in order."""
    creator = cast.ada().creator
    with transaction.atomic(), connection.cursor() as cursor:
        # Triggers hold what people may do; these rows come from nobody.
        cursor.execute("SET LOCAL session_replication_role = replica")
        return [_course(creator, f"{slug}-{number}", row) for number, row in enumerate(rows)]


def _course(creator: Creator, slug: str, row: dict[str, Any]) -> int:
    now = timezone.now()
    language = "en" if row["title"].isascii() else "zh-hans"
    shown = {"title": row["title"], "subtitle": row["subtitle"], "language": language}
    course = Course(creator=creator, slug=slug, learners_count=len(row["title"]) % 7, **shown)
    Course.objects.bulk_create([course])
    version = Version(course=course, number=1, state="live", live_at=now, **shown)
    Version.objects.bulk_create([version])
    live = {"live_version": version, "published_at": now, "renewed_at": now, "price_minor": 0}
    Course.objects.filter(pk=course.pk).update(**live)
    section = Section(version=version, title="One", position=0)
    Section.objects.bulk_create([section])
    lessons = [Lesson(version=version, section=section, title=t, position=at) for at, t in enumerate(row["lessons"])]
    if said := row.get("captions"):
        lessons[0].video, lessons[0].is_preview = _film(creator, language, said), True
    Lesson.objects.bulk_create(lessons)
    return int(course.pk)


def _film(creator: Creator, language: str, lines: list[str]) -> Video:
    now = timezone.now()
    film = Video(
        owner=creator.user, name="film.mp4", size=1, state="ready", percent=100, duration_ms=60_000, output="corpus/1",
        uploaded_at=now, ready_at=now, finished_at=now,
    )  # fmt: skip
    Video.objects.bulk_create([film])
    said = cues.write([cues.Cue(4_000 * at, 4_000 * at + 3_000, line) for at, line in enumerate(lines)])
    Caption.objects.bulk_create(
        [Caption(video=film, language=language, label=language, webvtt=said, cues_count=len(lines))]
    )
    return film
