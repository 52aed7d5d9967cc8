"""What was written beside a lesson: at a second of the film that was shown then, or at none."""

from typing import Self, TypeVar

from django.db import models

from marketplace.lib.words import normal

# No film is longer than a day.
LAST_SECOND = 86_400
MOST_WORDS = 12

_Row = TypeVar("_Row", bound=models.Model, covariant=True)


class SearchedQuerySet(models.QuerySet[_Row]):
    """Rows whose column `plain` has their words in small letters and simplified signs."""

    def holding(self, words: str) -> Self:
        """Those that hold every one of `words`, in any case, traditional or simplified; parts of words count."""
        found = self
        for word in normal(words).split()[:MOST_WORDS]:
            found = found.filter(plain__contains=word)
        return found


class Placed(models.Model):
    """`at_s` is a second of the film `asset` and stays so. Where it stands in a film that took that one's place is
    reckoned when it is shown (`learners.notes.stand`).
    """

    lesson_key = models.UUIDField()
    at_s = models.PositiveIntegerField(null=True)
    asset = models.UUIDField(null=True, help_text="the film that was shown")

    # Where it stands in the film that is shown now; `is_old_film`: its own place is not there.
    moved_to_s: int | None = None
    is_old_film = False

    class Meta:
        abstract = True

    @property
    def place_s(self) -> int | None:
        return self.at_s if self.moved_to_s is None else self.moved_to_s

    def stand_at(self, second: int, *, fits: bool) -> None:
        """Shown at this second, since another film took the place of the one it was written at; the row stays."""
        self.moved_to_s, self.is_old_film = second, not fits
