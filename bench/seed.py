"""A catalogue of any size, in a Postgres of this program's own, as skewed as real ones are.

    python bench/seed.py [--courses 100000]

Half of the courses are in English, nearly half in Chinese; words, categories, creators and learners follow Zipf, prices
stand at the usual points. Most courses teach up to three skills of their category, one in twenty stands under a
verified institution's name. One course in ten has its lessons, one in fifty films with captions. Rows go in by COPY;
the index of words is one statement over a table of their texts; indexes are built when all rows are there. The filled
folder is kept in var/bench, and whoever asks for the same number of courses next (`seeded`) pays nothing.
"""

import argparse
import hashlib
import json
import random
import shutil
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.copying import Rows
from bench.stage import ROOT, own_servers, say
from bench.zipf import SEED, words_of

BATCH = 20_000
LESSONS, OF_TEN, OF_TWENTY, OF_FIFTY, CUES = 6, 10, 20, 50, 20
INSTITUTIONS, SKILLS = 40, (0, 1, 1, 2, 3)
NOW = datetime.now(UTC)
PRICES = [0, 0, 490, 990, 990, 1990, 1990, 2990, 4990, 9990, 19900]
LANGUAGES = ["en"] * 50 + ["zh-hans"] * 45 + ["ja", "ko", "es", "fr", "de"]
LEVELS = ("beginner", "beginner", "intermediate", "advanced", "all")
FILM: dict[str, Any] = {
    "size": 1, "state": "ready", "percent": 100, "duration_ms": 600_000, "width": 854, "height": 480, "has_audio": True,
    "has_video": True, "output": "seed/1", "uploaded_at": NOW, "ready_at": NOW, "finished_at": NOW,
}  # fmt: skip
_TEXTS = "course_id bigint, a text, a2 text, b text, b2 text, c3 text, c2 text, d text, d2 text, terms text"
_SAID = "lesson_id bigint, course_id bigint, caption_id bigint, is_free boolean, letters text, signs text"


def _tables() -> dict[str, Rows]:
    from accounts.models import User
    from courses.models import Course, Lesson, Listing, PriceChange, Section, TaughtSkill, Version
    from creators.models import Creator, Institution
    from videos.models import Caption, Video

    shown = "title subtitle level language category_id lessons_count duration_s"
    people = {"password": "!", "language": "en", "currency": "USD", "joined_at": NOW}
    texts, said = ([part.split()[0] for part in table.split(", ")] for table in (_TEXTS, _SAID))
    course = "id creator_id slug price_minor currency price_rank live_version_id started_at published_at renewed_at"
    return {
        "user": Rows.of(User, "id email name", **people),
        "creator": Rows.of(Creator, "id user_id slug name", since=NOW),
        "institution": Rows.of(
            Institution, "id slug name domain", kind="university", started_by_id=1, started_at=NOW, is_verified=True
        ),
        "course": Rows.of(Course, f"{course} learners_count institution_id captions skill_ids {shown}"),
        "version": Rows.of(
            Version, f"id course_id started_at edited_at live_at description outcomes {shown}", number=1, state="live"
        ),
        "taught": Rows.of(TaughtSkill, "version_id skill_id level position"),
        "listing": Rows.of(Listing, "course_id institution_id listed_by_id", listed_at=NOW),
        "price": Rows.of(PriceChange, "course_id price_minor currency changed_by_id changed_at id"),
        "section": Rows.of(Section, "id version_id title", position=0),
        "lesson": Rows.of(Lesson, "id version_id section_id key title position is_preview video_id duration_s"),
        "film": Rows.of(Video, "id asset name owner_id", **FILM),
        "caption": Rows.of(Caption, "id video_id language label webvtt", cues_count=CUES, changed_at=NOW),
        "text": Rows("seed_text", texts),
        "said": Rows("seed_said", said),
    }


def _skills_by_category() -> dict[int, list[int]]:
    from courses.models import Skill

    found: dict[int, list[int]] = defaultdict(list)
    for category, skill in Skill.objects.values_list("category_id", "pk"):
        found[category].append(skill)
    return found


class Catalogue:
    """Rows and texts, course by course."""

    def __init__(self, courses: int, categories: list[int]) -> None:
        self.dice = random.Random(SEED)
        self.courses, self.creators = courses, max(20, courses // 20)
        self.categories = [pk for rank, pk in enumerate(categories) for _ in range(24 // (rank + 1))]
        self.tables, self.skills = _tables(), _skills_by_category()
        self.terms: Counter[str] = Counter()

    def people(self) -> None:
        for pk in range(1, self.creators + 1):
            name = " ".join(word.title() for word in words_of("en").draw(2))
            self.tables["user"].add(pk, f"seed{pk}@example.com", name)
            self.tables["creator"].add(pk, pk, f"creator-{pk}", name)
        for pk in range(1, INSTITUTIONS + 1):
            name = " ".join(word.title() for word in words_of("en").draw(2))
            self.tables["institution"].add(pk, f"institution-{pk}", f"{name} University", f"school{pk}.example.edu")

    def course(self, pk: int) -> None:
        dice, tables = self.dice, self.tables
        language = dice.choice(LANGUAGES)
        words = words_of("zh" if language == "zh-hans" else "en")
        drawn = words.draw(35) + words.draw(12) + words.draw(18)
        title, subtitle, about = words.line(drawn[:3]), words.line(drawn[3:9]), words.line(drawn[9:35])
        outcomes = [words.line(drawn[at : at + 4]) for at in range(35, 47, 4)]
        lessons = [words.line(drawn[at : at + 3]) for at in range(47, 65, 3)]
        creator = min(self.creators, int(self.creators * dice.random() ** 2) + 1)
        published = NOW - timedelta(minutes=dice.randrange(1_500_000))
        renewed = published + (NOW - published) * dice.random()
        price, currency = dice.choice(PRICES), "CNY" if language == "zh-hans" else "USD"
        learners, length = min(2_000_000, int(dice.paretovariate(0.7)) - 1), int(dice.lognormvariate(8.5, 1.1))
        category = dice.choice(self.categories)
        shown = (title, subtitle, dice.choice(LEVELS), language, category, LESSONS, length)
        skills, school = self._taught(pk, category), self._listed(pk, creator)
        spoken = "zh" if words.is_signs else "en"
        tables["course"].add(
            pk, creator, f"course-{pk}", price, currency, price * 10, pk, published, published, renewed, learners,
            school, f"{{{spoken}}}" if pk % OF_FIFTY == 0 else "{}", skills, *shown,
        )  # fmt: skip
        told = json.dumps(outcomes, ensure_ascii=False)
        tables["version"].add(pk, pk, published, renewed, renewed, about, told, *shown)
        tables["price"].add(pk, price, currency, creator, published, pk)
        if pk % OF_TEN == 0:
            self._lessons(pk, creator, subtitle, lessons, length, spoken)
        lines = (title, subtitle, " ".join([*outcomes, *lessons]), about)
        weighted = [part for at, line in enumerate(lines) for part in _indexed(line, words.is_signs, at < 2)]
        known = set(drawn)
        tables["text"].add(pk, *weighted, " ".join(sorted(known)))
        self.terms.update(known)

    def _taught(self, pk: int, category: int) -> str:
        known = self.skills.get(category, [])
        skills = self.dice.sample(known, min(len(known), self.dice.choice(SKILLS)))
        for at, skill in enumerate(skills):
            self.tables["taught"].add(pk, skill, 1 + pk % 3, at)
        return f"{{{','.join(map(str, skills))}}}"

    def _listed(self, pk: int, creator: int) -> Any:
        if pk % OF_TWENTY:
            return "\\N"
        school = int(INSTITUTIONS * self.dice.random() ** 2) + 1
        self.tables["listing"].add(pk, school, creator)
        return school

    def _lessons(self, pk: int, creator: int, section: str, titles: list[str], length: int, spoken: str) -> None:
        self.tables["section"].add(pk, pk, section[:100])
        for at, title in enumerate(titles):
            lesson, key = pk * 10 + at, f"{pk * 10 + at:032x}"
            has_film = pk % OF_FIFTY == 0
            film = key if has_film else "\\N"
            self.tables["lesson"].add(lesson, pk, pk, key, title, at, at == 0, film, length // LESSONS)
            if has_film:
                self.tables["film"].add(film, film, title, creator)
                self._captions(lesson, pk, film, spoken, is_free=at == 0)

    def _captions(self, lesson: int, course: int, film: str, language: str, *, is_free: bool) -> None:
        from marketplace.lib import words as written

        words = words_of(language)
        lines = [words.line(words.draw(8)) for _ in range(CUES)]
        cues = "".join(f"\\n00:{at:02}:00.000 --> 00:{at:02}:50.000\\n{line}\\n" for at, line in enumerate(lines))
        self.tables["caption"].add(lesson, film, language, language, f"WEBVTT\\n{cues}")
        signs = " ".join({sign for line in lines for sign in written.indexed_signs(line)}) if words.is_signs else ""
        self.tables["said"].add(lesson, course, lesson, is_free, "" if words.is_signs else " ".join(lines), signs)


def _indexed(line: str, is_signs: bool, with_single: bool) -> tuple[str, str]:
    from marketplace.lib import words

    return ("", " ".join(words.indexed_signs(line, with_single=with_single))) if is_signs else (line, "")


def fill(courses: int) -> float:
    """Seconds that it took. The database is empty before."""
    from django.db import connection, transaction

    from courses.models import Category
    from discovery import names
    from discovery.models import Word

    began = time.perf_counter()
    made = Catalogue(courses, list(Category.objects.values_list("pk", flat=True)))
    with transaction.atomic(), connection.cursor() as cursor:
        # Triggers hold what people may do; these rows come from nobody.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute("SET LOCAL maintenance_work_mem = '1GB'")
        later = _without_indexes(cursor, [rows.table for rows in made.tables.values()])
        cursor.execute(f"CREATE UNLOGGED TABLE seed_text ({_TEXTS})")
        cursor.execute(f"CREATE UNLOGGED TABLE seed_said ({_SAID})")
        made.people()
        for pk in range(1, courses + 1):
            made.course(pk)
            if pk % BATCH == 0 or pk == courses:
                for rows in made.tables.values():
                    rows.copy(cursor)
        _index_words(cursor)
        Word.objects.tally(made.terms.items())
        names.refresh()
        for definition in later:
            cursor.execute(definition)
        _count_on(cursor, made.tables)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return time.perf_counter() - began


def _index_words(cursor: Any) -> None:
    """The rows of discovery's index, with the tier and quality that its own job would give them."""
    from discovery.models import entry

    cursor.execute(f"""INSERT INTO discovery_entry
        (course_id, version_id, creator_name, words, facts, quality, tier, terms, course_renewed_at, indexed_at)
        SELECT r.course_id, r.course_id, k.name, {entry.VECTOR.format(facts="p.facts")}, p.facts,
            p.quality, p.tier,
            string_to_array(r.terms, ' '), c.renewed_at, now()
        FROM seed_text r JOIN courses_course c ON c.id = r.course_id JOIN creators_creator k ON k.id = c.creator_id
            JOIN ({entry.PLACED}) p ON p.id = r.course_id""")
    cursor.execute("""INSERT INTO discovery_spoken
        (lesson_id, course_id, caption_id, caption_revision, caption_changed_at, is_free, words)
        SELECT lesson_id, course_id, caption_id, 1, now(), is_free,
            strip(to_tsvector('english', letters)) || strip(to_tsvector('simple', signs)) FROM seed_said""")
    cursor.execute("DROP TABLE seed_text, seed_said")


def _without_indexes(cursor: Any, tables: list[str]) -> list[str]:
    """Take down the indexes that hold no rule, and how to build them: many times faster when all rows are there."""
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index i"
        " JOIN pg_class c ON c.oid = i.indrelid WHERE NOT indisunique AND relname = ANY(%s)",
        [[*tables, "discovery_entry", "discovery_spoken", "discovery_word"]],
    )
    found = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(f"DROP INDEX {name}")
    return [definition for _name, definition in found]


def _count_on(cursor: Any, tables: dict[str, Rows]) -> None:
    """What is written later gets the ids after these."""
    names = [rows.table for rows in tables.values() if not rows.table.startswith("seed_")]
    cursor.execute(
        "SELECT relname, attname FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid"
        " WHERE attidentity <> '' AND relname = ANY(%s)", [names],
    )  # fmt: skip
    for table, column in cursor.fetchall():
        sequence = f"pg_get_serial_sequence('{table}', '{column}')"
        cursor.execute(f"SELECT setval({sequence}, (SELECT coalesce(max({column}), 1) FROM {table}))")


@contextmanager
def seeded(courses: int) -> Iterator[float]:
    """Servers with so many courses: the kept ones where there are some, else filled now. Seconds that it took."""
    folder = ROOT / "var" / "bench" / f"courses-{courses}"
    made_by = hashlib.sha256(b"".join((Path(__file__).parent / name).read_bytes() for name in ("seed.py", "zipf.py")))
    stamp = folder / "filled"
    is_filled = stamp.exists() and stamp.read_text() == made_by.hexdigest()
    if not is_filled:
        shutil.rmtree(folder, ignore_errors=True)
    with own_servers(folder):
        took = 0.0 if is_filled else fill(courses)
        stamp.write_text(made_by.hexdigest())
        yield took


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--courses", type=int, default=100_000)
    options = asked.parse_args()
    with seeded(options.courses) as took:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relname, n_live_tup, pg_size_pretty(pg_total_relation_size(relid)) FROM pg_stat_user_tables"
                " WHERE n_live_tup > 0 ORDER BY pg_total_relation_size(relid) DESC LIMIT 10"
            )
            for name, rows, size in cursor.fetchall():
                say(f"{name:24} {rows:9,} rows  {size}")
        each = f", {options.courses / took:,.0f} a second" if took else " (kept from before)"
        say(f"{options.courses:,} courses in {took:.1f} s{each}")


if __name__ == "__main__":
    main()
