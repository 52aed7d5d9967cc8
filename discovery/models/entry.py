"""The words of one course, in a table of their own: a sale that counts a learner does not write them anew."""

from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models, transaction
from django.db.models import Q, Value
from django.utils import timezone

from courses.models import Course
from courses.models.rated import LEAST_SHOWN
from discovery.narrowing import FACTS

# Courses stand in tiers by popularity, the first the most popular. A question takes its hits tier by tier and stops
# when it has enough: the hottest word costs no more than another. Each tier holds this share of all courses, and has
# an index of its own, so that lists of words that many courses have are never read beyond the tiers that are looked at.
# Their numbers are names: where a tier was cut in two its first part got a new one, and few entries had to move.
TIERS = {0: 0.001, 6: 0.002, 1: 0.007, 7: 0.012, 2: 0.028, 8: 0.05, 3: 0.1, 4: 0.3, 5: 0.5}
LAST_TIER = list(TIERS)[-1]
WEIGHTS = "ABCD"

# What stands beside the words: how many learn there (100,000 is as good as a million), what they surely think of it
# (the lower end of the rating's interval: three stars change nothing, nor does no number), and how fresh
# it is (two years halve it). Between 0.65 and 1.25, so that it orders what the words found, and no more than that. A
# course that is out of date, by the rule of courses.freshness, stands a fifth lower.
_QUALITY = f"""(CASE WHEN c.stale_at IS NULL THEN 1 ELSE 0.8 END) * (0.75
    + 0.25 * least(1, ln(1 + c.learners_count) / 11.5)
    + CASE WHEN c.rating_count < {LEAST_SHOWN} THEN 0
        ELSE 0.1 * least(1, greatest(-1, (c.rating_low - 3000) / 1500.0)) END
    + 0.15 * power(0.5, extract(epoch FROM now() - coalesce(c.renewed_at, c.started_at)) / 63072000))"""
# The vector of a row `r` of texts: for each weight its words in letters and its signs, and its facets.
VECTOR = """setweight(to_tsvector('english', r.a), 'A') || setweight(to_tsvector('simple', r.a2), 'A') ||
    setweight(to_tsvector('english', r.b), 'B') || setweight(to_tsvector('simple', r.b2), 'B') ||
    setweight(to_tsvector('english', r.c3), 'C') || setweight(to_tsvector('simple', r.c2), 'C') ||
    setweight(to_tsvector('english', r.d), 'D') || setweight(to_tsvector('simple', r.d2), 'D') ||
    array_to_tsvector({facts})"""
_WRITE = f"""
INSERT INTO discovery_entry
    (course_id, version_id, creator_name, words, facts, quality, tier, terms, is_counted, course_renewed_at, indexed_at)
SELECT r.course_id, r.version_id, r.creator_name,
    {VECTOR.format(facts=FACTS)}, {FACTS},
    {_QUALITY}, coalesce(e.tier, {LAST_TIER}), string_to_array(r.terms, ' '), r.is_counted, c.renewed_at, now()
FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
    %s::text[], %s::text[], %s::text[], %s::text[], %s::boolean[])
    AS r (course_id, version_id, creator_name, a, a2, b, b2, c3, c2, d, d2, terms, is_counted)
JOIN courses_course c ON c.id = r.course_id LEFT JOIN discovery_entry e ON e.course_id = r.course_id
ON CONFLICT (course_id) DO UPDATE SET version_id = excluded.version_id, creator_name = excluded.creator_name,
    words = excluded.words, facts = excluded.facts, quality = excluded.quality, terms = excluded.terms,
    is_counted = excluded.is_counted, course_renewed_at = excluded.course_renewed_at, indexed_at = excluded.indexed_at
"""
_LIMITS = " ".join(
    f"WHEN place <= {round(upto, 4)} THEN {tier}" for tier, upto in zip(TIERS, accumulate(TIERS.values()), strict=True)
)
# Quality, tier and facts of every course that is live.
PLACED = f"""SELECT id, quality, facts, CASE {_LIMITS} ELSE {LAST_TIER} END AS tier
    FROM (SELECT c.id, {_QUALITY} AS quality, {FACTS} AS facts,
        percent_rank() OVER (ORDER BY c.learners_count DESC, c.id DESC) AS place
        FROM courses_course c WHERE c.live_version_id IS NOT NULL) placed"""
_DIFFERS = "(e.tier <> r.tier OR abs(e.quality - r.quality) > 0.02 OR e.facts <> r.facts)"
_MISPLACED = f"""SELECT r.id, r.tier FROM discovery_entry e JOIN ({PLACED}) r ON r.id = e.course_id
    WHERE {_DIFFERS} AND r.id > %s ORDER BY r.id LIMIT %s"""
# Whoever writes an entry just now is not waited for: it is found again the next time.
_HOLD = """SELECT course_id FROM discovery_entry WHERE course_id = ANY(%s::bigint[]) ORDER BY course_id
    FOR UPDATE SKIP LOCKED"""
_PLACE = f"""
UPDATE discovery_entry e SET quality = r.quality, tier = r.tier, facts = r.facts,
    words = ts_delete(e.words, e.facts) || array_to_tsvector(r.facts)
FROM (SELECT c.id, {_QUALITY} AS quality, p.tier, {FACTS} AS facts
    FROM unnest(%s::bigint[], %s::smallint[]) AS p (id, tier) JOIN courses_course c ON c.id = p.id) r
WHERE e.course_id = r.id AND {_DIFFERS}
"""
# So many are written in one transaction, for which a course that is published anew may have to wait; and so many are
# looked for at once, since all have to be put in order for it.
BATCH, LOOKED_FOR = 500, 200_000
_FOLLOW = f"""
UPDATE discovery_entry e SET facts = r.facts, words = ts_delete(e.words, e.facts) || array_to_tsvector(r.facts)
FROM (SELECT c.id, {FACTS} AS facts FROM courses_course c WHERE c.id = ANY(%s::bigint[])) r
WHERE e.course_id = r.id AND e.facts <> r.facts
"""


@dataclass(frozen=True)
class Text:
    """What is written of one course. `weighted`: for each of A to D its words in letters and its signs, each a line.
    `terms` are None where the vocabulary is not to count them.
    """

    course_id: int
    version_id: int
    creator_name: str
    weighted: list[tuple[str, str]]
    terms: list[str] | None


class EntryQuerySet(models.QuerySet["Entry"]):
    def write(self, texts: list[Text]) -> None:
        """New entries, or instead of the old ones."""
        lines = [[text.weighted[at][which] for text in texts] for at in range(4) for which in (0, 1)]
        columns: list[Any] = [
            [text.course_id for text in texts],
            [text.version_id for text in texts],
            [text.creator_name for text in texts],
            *lines,
            [" ".join(text.terms or ()) for text in texts],
            [text.terms is not None for text in texts],
        ]
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, columns)

    def outdate(self) -> None:
        """Let the next refresh write all of them anew; until then they are found as before."""
        self.update(version_id=0)

    def follow(self, course_ids: list[int]) -> int:
        """The facets of these courses as they are now, in batches; how many had others."""
        return sum(self._follow(course_ids[at : at + BATCH]) for at in range(0, len(course_ids), BATCH))

    @transaction.atomic
    def _follow(self, course_ids: list[int]) -> int:
        with connection.cursor() as cursor:
            cursor.execute(_HOLD, [course_ids])
            cursor.execute(_FOLLOW, [[pk for (pk,) in cursor.fetchall()]])
            return cursor.rowcount

    def rank(self) -> int:
        """Quality, tier and facets of all anew; how many have changed enough to be written.

        Each batch stands as soon as it is written: a worker that dies loses one, and the next begins with the rest.
        """
        done, last = 0, 0
        while found := self._misplaced(last):
            for at in range(0, len(found), BATCH):
                done += self._place(found[at : at + BATCH])
            last = found[-1][0]
            if len(found) < LOOKED_FOR:
                break
        return done

    def _misplaced(self, after: int) -> list[tuple[int, int]]:
        """Courses whose entries are to be written, with their tiers; by id, those beyond `after`."""
        with connection.cursor() as cursor:
            cursor.execute(_MISPLACED, [after, LOOKED_FOR])
            return list(cursor.fetchall())

    @transaction.atomic
    def _place(self, found: list[tuple[int, int]]) -> int:
        tiers = dict(found)
        with connection.cursor() as cursor:
            cursor.execute(_HOLD, [list(tiers)])
            held = [pk for (pk,) in cursor.fetchall()]
            if not held:
                return 0
            # A statement of its own: it sees the entries and courses as they were when the entries were held.
            cursor.execute(_PLACE, [held, [tiers[pk] for pk in held]])
            return cursor.rowcount


class Entry(models.Model):
    """What words a live course is found by. `words` also holds its facets ("=pfree"), which nobody can ask for."""

    course = models.OneToOneField(Course, primary_key=True, on_delete=models.CASCADE, related_name="+")
    # The version whose words these are, and what else they were made of.
    version_id = models.BigIntegerField()
    creator_name = models.CharField(max_length=80)
    course_renewed_at = models.DateTimeField(null=True, blank=True)
    words = SearchVectorField()
    # Those of `words` that are facets, by narrowing.FACTS.
    facts = ArrayField(models.TextField(), default=list, db_default=Value([], ArrayField(models.TextField())))
    # Popularity, ratings and age as one factor about 1.
    quality = models.FloatField(default=1)
    tier = models.SmallIntegerField(default=LAST_TIER)
    # The words as they are written, which the vocabulary counts; of a course that stands in no list it counts none.
    terms = ArrayField(models.TextField(), default=list)
    is_counted = models.BooleanField(default=True, db_default=True)
    indexed_at = models.DateTimeField(default=timezone.now)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "entries"
        indexes = [
            # Written at once: what waits to be sorted in would be looked through by every search.
            *(
                GinIndex(fields=["words"], name=f"entry_words_{tier}", condition=Q(tier=tier), fastupdate=False)
                for tier in sorted(TIERS)
            ),
            models.Index(fields=["course_renewed_at"], name="entry_renewed"),
            models.Index(fields=["course"], name="entry_not_counted", condition=Q(is_counted=False)),
        ]

    def __str__(self) -> str:
        return f"course {self.course_id}"
