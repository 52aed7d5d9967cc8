"""Notes: what a learner writes at a second of a film or beside an article, for herself alone."""

import uuid
from collections.abc import Sequence
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from courses.models import Course
from marketplace.lib.errors import DomainError
from marketplace.lib.words import normal

from .placed import LAST_SECOND, Placed, SearchedQuerySet

LONGEST_TEXT = 4_000
MOST_IN_A_LESSON = 500


class TooManyNotes(DomainError):
    code = "too_many_notes"
    message = _("A lesson has room for 500 notes of yours. Delete one first.")


class NoteChangedElsewhere(DomainError):
    """`facts["revision"]`: the one that stands."""

    code = "note_changed_elsewhere"
    message = _("This note was changed in another window meanwhile. Reload to see it; copy what you wrote first.")


class NoteQuerySet(SearchedQuerySet["Note"]):
    def of(self, learner: Any) -> Self:
        return self.filter(learner_id=learner.pk) if learner.pk else self.none()

    def in_order(self) -> Self:
        """As the film runs; what stands at no second comes by when it was written."""
        return self.order_by(F("at_s").asc(nulls_first=True), "id")

    def add(
        self,
        *,
        learner: User,
        course: Course,
        lesson_key: uuid.UUID,
        text: str,
        at_s: int | None = None,
        asset: uuid.UUID | None = None,
    ) -> "Note":
        """A note, or without text a bookmark at `at_s`. Called by `notes.add`. Raises ValidationError, TooManyNotes."""
        text = cleaned_text(text)
        if at_s is not None and not 0 <= at_s <= LAST_SECOND:
            raise ValidationError({"at_s": _("No film has such a second.")})
        if at_s is None and not text:
            raise ValidationError({"text": _("Write something, or mark a second of the film.")})
        with transaction.atomic():
            # One learner's notes are added one after the other, or the limit would be none.
            User.objects.select_for_update(no_key=True).only("pk").get(pk=learner.pk)
            if self.of(learner).filter(lesson_key=lesson_key).count() >= MOST_IN_A_LESSON:
                raise TooManyNotes
            return self.create(
                learner=learner, course=course, lesson_key=lesson_key, text=text, plain=normal(text),
                at_s=at_s, asset=asset,
            )  # fmt: skip


class Note(Placed):
    """What one learner wrote in one lesson, whatever version of the course it stands in; no text: a bookmark."""

    learner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notes")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=LONGEST_TEXT, blank=True)
    # The same in small letters and simplified signs: what is searched.
    plain = models.TextField(blank=True, editable=False)
    # Counts edits, so that two windows cannot overwrite each other.
    revision = models.PositiveIntegerField(default=0)
    written_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(default=timezone.now)

    objects = NoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(at_s__isnull=False) | ~Q(text=""), name="a_note_says_or_marks_something"
            ),
            models.CheckConstraint(condition=Q(at_s=None) | Q(at_s__lte=LAST_SECOND), name="note_within_a_day"),
        ]
        indexes = [models.Index(fields=["learner", "course", "lesson_key"], name="note_of_learner")]

    def __str__(self) -> str:
        return f"{self.learner_id}, {self.lesson_key}: {self.at_s}"

    @property
    def is_bookmark(self) -> bool:
        return not self.text

    def edit(self, text: str, revision: int | None = None) -> None:
        """`revision` is the one that the writer saw; None writes over whatever is there.

        Raises ValidationError, NoteChangedElsewhere.
        """
        text = cleaned_text(text)
        if self.at_s is None and not text:
            raise ValidationError({"text": _("A note without words and without a second is none: delete it.")})
        standing = Note.objects.filter(pk=self.pk)
        if revision is not None:
            standing = standing.filter(revision=revision)
        now = timezone.now()
        if not standing.update(text=text, plain=normal(text), revision=F("revision") + 1, edited_at=now):
            self.refresh_from_db(fields=["revision"])
            raise NoteChangedElsewhere(revision=self.revision)
        self.refresh_from_db()

    def remove(self) -> None:
        self.delete()


def cleaned_text(text: str) -> str:
    """Without signs that PostgreSQL keeps no text with. Raises ValidationError for one that is too long."""
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(text) > LONGEST_TEXT:
        raise ValidationError({"text": _("A note may have up to 4,000 characters.")})
    return text


def written(rows: Sequence[Note]) -> dict[uuid.UUID, list[Note]]:
    """By lesson."""
    found: dict[uuid.UUID, list[Note]] = {}
    for note in rows:
        found.setdefault(note.lesson_key, []).append(note)
    return found
