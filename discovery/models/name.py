"""Names of creators and institutions, found by their words; whether a name may be shown is asked of its owner."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models
from django.db.models.functions import Lower

_WRITE = """
INSERT INTO discovery_name (kind, subject_id, name, words)
SELECT r.kind, r.subject_id, r.name, to_tsvector('english', r.letters) || to_tsvector('simple', r.signs)
FROM unnest(%s::text[], %s::bigint[], %s::text[], %s::text[], %s::text[]) AS r (kind, subject_id, name, letters, signs)
ON CONFLICT (kind, subject_id) DO UPDATE SET name = excluded.name, words = excluded.words
"""


@dataclass(frozen=True)
class Written:
    """A name as it is written, and its words in letters and its signs, each a line."""

    kind: str
    subject_id: int
    name: str
    letters: str
    signs: str


class NameQuerySet(models.QuerySet["Name"]):
    def write(self, names: list[Written]) -> None:
        """New names, or instead of the old ones."""
        columns: list[Any] = [
            [name.kind for name in names],
            [name.subject_id for name in names],
            [name.name for name in names],
            [name.letters for name in names],
            [name.signs for name in names],
        ]
        if names:
            with connection.cursor() as cursor:
                cursor.execute(_WRITE, columns)


class Name(models.Model):
    """What a creator or an institution is called."""

    class Kind(models.TextChoices):
        CREATOR = "creator"
        INSTITUTION = "institution"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    subject_id = models.BigIntegerField()
    name = models.CharField(max_length=120)
    words = SearchVectorField()

    objects = NameQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "subject_id"], name="one_name_a_subject")]
        indexes = [GinIndex(fields=["words"], name="name_words"), models.Index(Lower("name"), name="name_exact")]

    def __str__(self) -> str:
        return self.name
