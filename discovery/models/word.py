"""The vocabulary: every word that stands in courses in lists, in how many of them, and how it sounds."""

from collections import Counter
from collections.abc import Iterable

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import connection, models

from discovery import sounds

_COUNT = """
INSERT INTO discovery_word AS w (text, courses, pinyin, initials)
SELECT text, more, pinyin, initials FROM unnest(%s::text[], %s::int[], %s::text[], %s::text[])
    AS row (text, more, pinyin, initials)
ON CONFLICT (text) DO UPDATE SET courses = greatest(0, w.courses + excluded.courses)
"""


class WordQuerySet(models.QuerySet["Word"]):
    def tally(self, changes: Iterable[tuple[str, int]]) -> None:
        """Words that came into courses (+1) or left them (-1)."""
        sums: Counter[str] = Counter()
        for text, more in changes:
            sums[text] += more
        rows = [(text, more, *sounds.pinyin(text)) for text, more in sorted(sums.items()) if more]
        if rows:
            with connection.cursor() as cursor:
                cursor.execute(_COUNT, [list(column) for column in zip(*rows, strict=True)])

    def in_use(self) -> "WordQuerySet":
        return self.filter(courses__gt=0)


class Word(models.Model):
    """One word as it is written. `pinyin` and `initials` of words of signs, else empty."""

    text = models.CharField(max_length=64, primary_key=True)
    courses = models.IntegerField(default=0)
    pinyin = models.CharField(max_length=80, blank=True)
    initials = models.CharField(max_length=16, blank=True)

    objects = WordQuerySet.as_manager()

    class Meta:
        indexes = [
            GinIndex(OpClass("text", "gin_trgm_ops"), name="word_parts"),
            models.Index(OpClass("text", "text_pattern_ops"), name="word_beginning"),
            models.Index(OpClass("pinyin", "text_pattern_ops"), name="word_pinyin", condition=~models.Q(pinyin="")),
            models.Index(fields=["initials"], name="word_initials", condition=~models.Q(initials="")),
        ]

    def __str__(self) -> str:
        return self.text


class Sign(models.Model):
    """How one sign alone sounds. Written by a migration: signs that stand in no course are heard as well."""

    text = models.CharField(max_length=1, primary_key=True)
    pinyin = models.CharField(max_length=8)

    def __str__(self) -> str:
        return self.text
