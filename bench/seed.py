"""A catalogue of any size, in a Postgres of this program's own, as skewed as real ones are.

    python bench/seed.py [--courses 100000]

Half of the courses are in English, nearly half in Chinese; words, categories, creators and learners follow Zipf, prices
stand at the usual points. One course in ten has its lessons, one in fifty films with captions. Other programs of this
folder call `fill` and ask for words by their rank: `Words("en").ranked[0]` is the hottest.
"""

import argparse
import io
import json
import random
import sys
import time
import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.stage import own_servers, say

SEED = 20_261_128
BATCH = 5_000
LESSONS, OF_TEN, OF_FIFTY = 6, 10, 50
NOW = datetime.now(UTC)
SYLLABLES = [
    a + b for a in ("b", "br", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "st", "t", "v") for b in "aeiou"
]
PRICES = [0, 0, 490, 990, 990, 1990, 1990, 2990, 4990, 9990, 19900]
LANGUAGES = ["en"] * 50 + ["zh-hans"] * 45 + ["ja", "ko", "es", "fr", "de"]
# Built once after all rows are there, which is many times faster than row by row.
LATER = ("entry_words", "word_parts", "course_search", "course_search_text")
FILM: dict[str, Any] = {
    "size": 1, "state": "ready", "percent": 100, "duration_ms": 600_000, "width": 854, "height": 480, "has_audio": True,
    "has_video": True, "output": "seed/1", "uploaded_at": NOW, "ready_at": NOW, "finished_at": NOW,
}  # fmt: skip
COLUMNS = {
    "accounts_user": "id password email name language time_zone currency is_active is_staff joined_at is_superuser",
    "creators_creator": "id user_id slug name headline bio portrait country since",
    "courses_course": "id creator_id slug price_minor currency price_rank live_version_id started_at published_at"
    " renewed_at is_taken_down learners_count title subtitle level language category_id cover cover_small lessons_count"
    " duration_s captions search_text",
    "courses_version": "id course_id number state revision started_at edited_at live_at title subtitle description"
    " outcomes requirements audience level language category_id cover cover_small lessons_count duration_s",
    "courses_section": "id version_id title position",
    "courses_lesson": "id version_id section_id key title kind position video_id article is_preview duration_s"
    " revision",
}


class Words:
    """The words of one language by rank, drawn as Zipf and Mandelbrot have it."""

    def __init__(self, language: str) -> None:
        self.is_signs = language == "zh"
        dice = random.Random(f"{SEED} {language}")
        make = self._signs if self.is_signs else self._letters
        self.ranked = list(dict.fromkeys(make(dice) for _ in range(40_000)))[:30_000]
        weights = list(accumulate(1 / (rank + 2.7) ** 1.05 for rank in range(len(self.ranked))))
        self._pool = dice.choices(self.ranked, cum_weights=weights, k=1_000_000)
        self._at = 0

    @staticmethod
    def _letters(dice: random.Random) -> str:
        return "".join(dice.choices(SYLLABLES, k=dice.choice((2, 2, 3, 3, 4))))

    @staticmethod
    def _signs(dice: random.Random) -> str:
        return "".join(dice.choices(_common_signs(), k=2))

    def draw(self, count: int) -> list[str]:
        """The next words; after a million of them they come again."""
        if self._at + count > len(self._pool):
            self._at = 0
        self._at += count
        return self._pool[self._at - count : self._at]

    def line(self, words: list[str]) -> str:
        return "".join(words) if self.is_signs else " ".join(words)


@cache
def _common_signs() -> list[str]:
    """The commoner half of GB 2312, which is ordered by sound."""
    return [bytes([high, low]).decode("gb2312") for high in range(0xB0, 0xD7) for low in range(0xA1, 0xFA)]


@cache
def words_of(language: str) -> Words:
    return Words(language)


class Catalogue:
    """Rows for COPY and texts for the index, batch by batch."""

    def __init__(self, courses: int, categories: list[int]) -> None:
        self.dice = random.Random(SEED)
        self.courses, self.creators = courses, max(20, courses // 20)
        self.categories = [pk for rank, pk in enumerate(categories) for _ in range(24 // (rank + 1))]
        self.tables: dict[str, list[tuple]] = {name: [] for name in COLUMNS}
        self.texts: list[Any] = []
        self.terms: Counter[str] = Counter()

    def people(self) -> None:
        for pk in range(1, self.creators + 1):
            name = " ".join(word.title() for word in words_of("en").draw(2))
            user = (pk, "!", f"seed{pk}@example.com", name, "en", "UTC", "USD", True, False, NOW, False)
            self.tables["accounts_user"].append(user)
            self.tables["creators_creator"].append((pk, pk, f"creator-{pk}", name, "", "", "", "", NOW))

    def course(self, pk: int) -> None:
        from discovery.models.entry import Text

        dice = self.dice
        language = dice.choice(LANGUAGES)
        words = words_of("zh" if language == "zh-hans" else "en")
        drawn = words.draw(65)
        title, subtitle, about = words.line(drawn[:3]), words.line(drawn[3:9]), words.line(drawn[9:35])
        outcomes = [words.line(drawn[at : at + 4]) for at in range(35, 47, 4)]
        lessons = [words.line(drawn[at : at + 3]) for at in range(47, 65, 3)]
        creator = min(self.creators, int(self.creators * dice.random() ** 2) + 1)
        published = NOW - timedelta(minutes=dice.randrange(1_500_000))
        renewed = published + (NOW - published) * dice.random()
        price, currency = dice.choice(PRICES), "CNY" if language == "zh-hans" else "USD"
        level, category = (
            dice.choice(("beginner", "beginner", "intermediate", "advanced", "all")),
            dice.choice(self.categories),
        )
        learners, length = min(2_000_000, int(dice.paretovariate(0.7)) - 1), int(dice.lognormvariate(8.5, 1.1))
        shown = (LESSONS, length)
        self.tables["courses_course"].append(
            (pk, creator, f"course-{pk}", price, currency, price * 10, pk, published, published, renewed, False,
             learners, title, subtitle, level, language, category, "", "", *shown, "{}", "")
        )  # fmt: skip
        self.tables["courses_version"].append(
            (pk, pk, 1, "live", 0, published, renewed, renewed, title, subtitle, about, json.dumps(outcomes), "[]",
             "[]", level, language, category, "", "", *shown)
        )  # fmt: skip
        if pk % OF_TEN == 0:
            self.tables["courses_section"].append((pk, pk, subtitle[:100], 0))
            for at, lesson in enumerate(lessons):
                key = str(uuid.UUID(int=pk * 100 + at))
                row = (pk * 10 + at, pk, pk, key, lesson, "video", at, None, "", at == 0, length // LESSONS, 0)
                self.tables["courses_lesson"].append(row)
        lines = (title, subtitle, " ".join([*outcomes, *lessons]), about)
        self.texts.append(
            Text(
                pk,
                pk,
                "",
                [_indexed(line, words.is_signs, at < 2) for at, line in enumerate(lines)],
                sorted(set(drawn)),
            )
        )
        self.terms.update(set(drawn))


def _indexed(line: str, is_signs: bool, with_single: bool) -> tuple[str, str]:
    from marketplace.lib import words

    return ("", " ".join(words.indexed_signs(line, with_single=with_single))) if is_signs else (line, "")


def fill(courses: int) -> float:
    """Seconds that it took. The database is empty before."""
    from django.db import connection, transaction

    from courses.models import Category
    from discovery.models import Entry, Word

    began = time.perf_counter()
    made = Catalogue(courses, list(Category.objects.values_list("pk", flat=True)))
    with transaction.atomic(), connection.cursor() as cursor:
        # Triggers hold what people may do; these rows come from nobody.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL synchronous_commit = off")
        later = _without_indexes(cursor)
        made.people()
        for start in range(1, courses + 1, BATCH):
            for pk in range(start, min(start + BATCH, courses + 1)):
                made.course(pk)
            _copy(cursor, made.tables)
            Entry.objects.write(made.texts)
            made.texts.clear()
        Word.objects.tally(made.terms.items())
        for definition in later:
            cursor.execute(definition)
        for table in COLUMNS:
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT coalesce(max(id), 1) FROM {table}))"
            )
    _captions(courses)
    Entry.objects.rank()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return time.perf_counter() - began


def _without_indexes(cursor: Any) -> list[str]:
    """Take down what is built later, and how to build it."""
    cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE indexname = ANY(%s)", [list(LATER)])
    found = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(f"DROP INDEX {name}")
    return [definition for _name, definition in found]


def _copy(cursor: Any, tables: dict[str, list[tuple]]) -> None:
    for table, rows in tables.items():
        if rows:
            text = io.StringIO("".join("\t".join(map(_cell, row)) + "\n" for row in rows))
            cursor.copy_expert(f"COPY {table} ({', '.join(COLUMNS[table].split())}) FROM STDIN", text)
            rows.clear()


def _cell(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.replace("\\", "\\\\").replace("\t", " ").replace("\n", " ")
    return str(value)


def _captions(courses: int) -> None:
    """Films with captions for the lessons of one course in fifty, and their words."""
    from courses.models import Lesson
    from discovery import index
    from videos import cues
    from videos.models import Caption, Video

    told = list(range(OF_FIFTY, courses + 1, OF_FIFTY))
    for start in range(0, len(told), 500):
        lessons = list(Lesson.objects.filter(version__in=told[start : start + 500]).select_related("version__course"))
        films = [Video(owner_id=1, name=lesson.title, **FILM) for lesson in lessons]
        Video.objects.bulk_create(films)
        captions = []
        for lesson, film in zip(lessons, films, strict=True):
            lesson.video = film
            words = words_of("zh" if lesson.version.language == "zh-hans" else "en")
            lines = [cues.Cue(at * 5_000, at * 5_000 + 4_000, words.line(words.draw(8))) for at in range(60)]
            language = "zh-hans" if words.is_signs else "en"
            captions.append(
                Caption(video=film, language=language, label=language, webvtt=cues.write(lines), cues_count=60)
            )
        Caption.objects.bulk_create(captions)
        _attach(lessons)
        index.speak(told[start : start + 500])


def _attach(lessons: list[Any]) -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE courses_lesson l SET video_id = r.video FROM unnest(%s::bigint[], %s::uuid[]) AS r (lesson, video)"
            " WHERE l.id = r.lesson",
            [[lesson.pk for lesson in lessons], [str(lesson.video_id) for lesson in lessons]],
        )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--courses", type=int, default=100_000)
    options = asked.parse_args()
    with own_servers():
        from django.db import connection

        took = fill(options.courses)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relname, n_live_tup, pg_size_pretty(pg_total_relation_size(relid)) FROM pg_stat_user_tables"
                " WHERE n_live_tup > 0 ORDER BY pg_total_relation_size(relid) DESC LIMIT 10"
            )
            for name, rows, size in cursor.fetchall():
                say(f"{name:24} {rows:9,} rows  {size}")
        say(f"{options.courses:,} courses in {took:.1f} s, {options.courses / took:,.0f} a second")


if __name__ == "__main__":
    main()
