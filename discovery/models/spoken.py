"""The words that are spoken in one film of a live course, as a heap without order: nothing paid for is read here."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models

from courses.models import Course, Lesson
from videos.models import Caption

_WRITE = """
INSERT INTO discovery_spoken (lesson_id, course_id, caption_id, caption_revision, caption_changed_at, is_free, words)
SELECT lesson_id, course_id, caption_id, revision, changed_at, is_free,
    strip(to_tsvector('english', letters)) || strip(to_tsvector('simple', signs))
FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::int[], %s::timestamptz[], %s::boolean[], %s::text[],
    %s::text[]) AS row (lesson_id, course_id, caption_id, revision, changed_at, is_free, letters, signs)
ON CONFLICT (lesson_id, caption_id) DO UPDATE SET caption_revision = excluded.caption_revision,
    caption_changed_at = excluded.caption_changed_at, is_free = excluded.is_free, words = excluded.words
"""


class SpokenQuerySet(models.QuerySet["Spoken"]):
    def write(self, rows: list[tuple]) -> None:
        """Rows of (lesson, course, caption, revision, changed_at, is_free, letters, signs), new or for old ones."""
        if rows:
            with connection.cursor() as cursor:
                cursor.execute(_WRITE, [list(column) for column in zip(*rows, strict=True)])


class Spoken(models.Model):
    """One text of captions of one lesson. Positions are left out: its order cannot be asked out of the index."""

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="+")
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="+")
    # Captions that are removed, or whose film is, take their words with them.
    caption = models.ForeignKey(Caption, on_delete=models.CASCADE, related_name="+")
    caption_revision = models.PositiveIntegerField()
    caption_changed_at = models.DateTimeField()
    is_free = models.BooleanField()
    words = SearchVectorField()

    objects = SpokenQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "spoken"
        constraints = [models.UniqueConstraint(fields=["lesson", "caption"], name="one_spoken_a_lesson_and_caption")]
        indexes = [
            GinIndex(fields=["words"], name="spoken_words"),
            models.Index(fields=["caption_changed_at"], name="spoken_changed"),
        ]

    def __str__(self) -> str:
        return f"lesson {self.lesson_id}"
